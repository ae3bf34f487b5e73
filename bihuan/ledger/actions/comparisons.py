"""Deciding a pair of problems that may be the same: kept apart, or linked as recurrence. Merging is an ending.

Both problems are subjects: their office decides, sees both, and both say in their own stream what was decided.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.comparing import decide_pair, refuse_no_recurrence, refuse_unfit
from bihuan.ledger.models import Comparison, Ending, Problem
from bihuan.ledger.policy import may_compare, may_prepare
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.verbs import LedgerVerb


@action(LedgerVerb.KEEP_APART, may=may_prepare)
def keep_apart(problems: Sequence[Problem], *, reason: str = "", actor: Actor) -> Comparison:
    """Two problems are not the same; the pair is not shown again."""
    one, other = _two(problems)
    _refuse_merging(one, other)
    return _decided(one, other, Comparison.Outcome.APART, reason, actor)


@action(LedgerVerb.LINK_RECURRENCE, may=may_prepare)
def link_recurrence(problems: Sequence[Problem], *, reason: str = "", actor: Actor) -> Comparison:
    """The same matter is back where it was ended before: the later problem runs, the earlier keeps its ending."""
    earlier, later = sorted(_two(problems), key=lambda problem: (problem.registered_on, problem.pk))
    _refuse_merging(earlier, later)
    refuse_no_recurrence(later, earlier)
    return _decided(later, earlier, Comparison.Outcome.RECURRENCE, reason, actor)


@action(LedgerVerb.TAKE_BACK_COMPARISON, may=may_compare)
def take_back_comparison(comparison: Comparison, *, actor: Actor) -> None:
    """Nothing is decided any more; the pair may be shown again."""
    if comparison.outcome == Comparison.Outcome.TAKEN_BACK:
        raise Refused(_("这项比对认定已经撤回。"), accepted=_("需要时请重新认定。"))
    current().lock([comparison.one, comparison.other])
    decide_pair(comparison.one, comparison.other, Comparison.Outcome.TAKEN_BACK, reason="", actor=actor)


def _two(problems: Sequence[Problem]) -> tuple[Problem, Problem]:
    if len(problems) != 2:  # noqa: PLR2004  (a pair)
        raise Refused(_("要比对的是两个不同的问题。"), accepted=_("请选择另一个问题。"))
    one, other = problems
    refuse_unfit(one, other)
    return one, other


def _refuse_merging(one: Problem, other: Problem) -> None:
    """A pair that is one problem already, or is asked to become one, is no question any more."""
    if {(one.merged_into_id, one.pk), (other.merged_into_id, other.pk)} & {
        (other.pk, one.pk),
        (one.pk, other.pk),
    }:
        raise Refused(_("这两个问题已经并案。"), accepted=_("并案不当的，由回头看重新打开。"))
    asked = Ending.objects.filter(state=Ending.State.ASKED)
    if asked.filter(problem=one, into=other).exists() or asked.filter(problem=other, into=one).exists():
        raise Refused(_("这两个问题的并案正在审批。"), accepted=_("请等审批结果，或先撤回申请。"))


def _decided(
    one: Problem, other: Problem, outcome: Comparison.Outcome, reason: str, actor: Actor
) -> Comparison:
    if actor.person is None:
        raise Refused(_("是不是同一问题，要由人来认定。"))
    refuse_marks_above(reason)
    return decide_pair(one, other, outcome, reason=reason.strip(), actor=actor)


__all__ = ["keep_apart", "link_recurrence", "take_back_comparison"]
