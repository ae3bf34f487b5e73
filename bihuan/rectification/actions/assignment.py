"""Receiving what was assigned: acknowledged as ours, or declined with a reason and the unit it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.ledger.steps import end_involvement, involve, refuse_empty
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.circumstances import circumstances_of, take
from bihuan.rectification.models import Decline
from bihuan.rectification.policy import may
from bihuan.rectification.verbs import Verb


@action(Verb.ACKNOWLEDGE, may=may(Verb.ACKNOWLEDGE))
def acknowledge(
    problems: Sequence[Problem],
    *,
    section: str = "",
    handler: Post | None = None,
    deputy_in_charge: Post | None = None,
    actor: Actor,
) -> None:
    """Take all of a unit's items as ours in one act, and say who in the unit does it."""
    if not problems:
        raise Refused(_("没有选择要签收的问题。"), accepted=_("请至少选择一件已交办的问题。"))
    # A unit may have two thousand items waiting: what they have in common is asked once, their rows written together.
    current().ask_rules_once()
    prefetch_related_objects(problems, "source", "sector", "jurisdiction", "lead_unit")
    known, parties = circumstances_of(problems), Parties(problems)
    for problem in problems:
        take(problem, Verb.ACKNOWLEDGE, known[problem.pk])
        problem.section = section.strip() or problem.section
        _name(problem, "handler", InvolvementRole.HANDLER, handler, parties)
        _name(problem, "deputy_in_charge", InvolvementRole.DEPUTY, deputy_in_charge, parties)
    parties.write()
    Problem.objects.save_all(problems)


def _name(problem: Problem, field: str, role: InvolvementRole, post: Post | None, parties: Parties) -> None:
    """A post of the unit answers for its part; whoever had it before has it no more."""
    if post is None:
        return
    if problem.lead_unit is None or not is_under(post.unit.path, problem.lead_unit.path):
        raise Refused(
            _("“%(post)s”不是牵头单位的岗位。") % {"post": post.name},
            accepted=_("请选择本单位的岗位。"),
            field=field,
        )
    parties.end(problem, role)
    parties.involve(problem, role, post=post)
    setattr(problem, field, post)


@action(Verb.DECLINE, may=may(Verb.DECLINE))
def decline(problem: Problem, *, reason: str, proposed_unit: Unit, actor: Actor) -> None:
    """Not ours, and here is whose. The office triages again; the second time the leading group decides."""
    reason = refuse_empty(reason, _("理由"))
    if proposed_unit.closed_on is not None:
        raise Refused(
            _("%(unit)s已经撤销。") % {"unit": proposed_unit.name},
            accepted=_("请提出现有单位。"),
            field="proposed_unit",
        )
    if proposed_unit.pk == problem.lead_unit_id:
        raise Refused(
            _("建议的承办单位就是现在的牵头单位。"),
            accepted=_("请写明应由哪个单位承办。"),
            field="proposed_unit",
        )
    take(problem, Verb.DECLINE)
    act = current()
    act.because(reason)
    problem.declines += 1
    problem.save()
    Decline.objects.create(
        problem=problem,
        unit=problem.lead_unit,
        proposed_unit=proposed_unit,
        reason=reason,
        declined_by=actor.person,
        declined_on=act.today,
    )
    end_involvement(problem, InvolvementRole.LEAD)
    if problem.lead_unit is not None:
        # Whoever declined keeps sight of what became of it.
        involve(problem, InvolvementRole.FORMER, unit=problem.lead_unit)
