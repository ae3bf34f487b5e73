"""The focus list: a problem is put on it and taken off it, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bihuan.journal.action import BLOCK, Actor, Refused, action, current
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.parties import Parties
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Post
from bihuan.rectification.focus import may_put_on, may_take_it_off, rank_of
from bihuan.rectification.models import FocusEntry
from bihuan.rectification.policy import person_of
from bihuan.rectification.verbs import Verb


@action(Verb.PUT_ON_FOCUS, may=may_put_on)
def put_on_focus(
    problems: Sequence[Problem], *, sponsor: Post | None = None, reason: str, actor: Actor
) -> None:
    """Put problems on the focus list of their place. Each has a sponsor: its own, or the one named here."""
    if len(problems) > BLOCK:
        raise Refused(_("一次列入的太多。"), accepted=_("一次最多 %(n)d 件。") % {"n": BLOCK})
    reason = refuse_empty(reason, _("列入理由"))
    current().because(reason)
    standing = set(
        FocusEntry.objects.filter(problem__in=problems, until=None).values_list("problem_id", flat=True)
    )
    parties = Parties(problems)
    for problem in problems:
        if problem.pk in standing:
            raise Refused(_("%(no)s 已在重点问题清单上。") % {"no": problem.problem_no})
        _refuse_ended(problem)
        _name_sponsor(problem, sponsor, parties)
        rank = rank_of(actor, problem)
        FocusEntry.objects.create(
            problem=problem,
            sponsor_id=problem.sponsor_id,
            reason=reason,
            since=current().today,
            put_by=person_of(actor),
            put_by_name=actor.person_name,
            put_by_post=actor.post,
            rank=rank or FocusEntry.Rank.PREPARER,
        )
    Problem.objects.save_all(problems)
    parties.write()


def _refuse_ended(problem: Problem) -> None:
    if State(problem.state) not in OPEN:
        raise Refused(_("%(no)s 已经办结。") % {"no": problem.problem_no}, accepted=_("在办的问题可以列入。"))


def _name_sponsor(problem: Problem, sponsor: Post | None, parties: Parties) -> None:
    named = sponsor or problem.sponsor
    if named is None:
        raise Refused(
            _("%(no)s 还没有包抓领导。") % {"no": problem.problem_no},
            accepted=_("重点问题要有包抓领导，请写明是谁。"),
            field="sponsor",
        )
    if named.closed_on is not None:
        raise Refused(
            _("“%(post)s”这个岗位已经撤销。") % {"post": named.name},
            accepted=_("请选择现有的领导岗位。"),
            field="sponsor",
        )
    if problem.sponsor_id != named.pk:
        parties.end(problem, InvolvementRole.SPONSOR)
        problem.sponsor = named
    parties.involve(problem, InvolvementRole.SPONSOR, post=named)


@action(Verb.TAKE_OFF_FOCUS, may=may_take_it_off)
def take_off_focus(problems: Sequence[Problem], *, reason: str, actor: Actor) -> None:
    """Take problems off the focus list; the entry stays to be read, with who took it off and why."""
    reason = refuse_empty(reason, _("移出理由"))
    current().because(reason)
    entries = {
        entry.problem_id: entry for entry in FocusEntry.objects.filter(problem__in=problems, until=None)
    }
    for problem in problems:
        if problem.pk not in entries:
            raise Refused(_("%(no)s 不在重点问题清单上。") % {"no": problem.problem_no})
        entry = entries[problem.pk]
        entry.until = current().today
        entry.taken_by, entry.taken_by_name = person_of(actor), actor.person_name
        entry.taken_off_because = reason
    FocusEntry.objects.save_all(entries.values())
