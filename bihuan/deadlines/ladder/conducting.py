"""Determining conduct: opened with facts and basis, answered by the unit within its term, decided by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, ApprovalState
from bihuan.approvals.opening import open_approval
from bihuan.calendars.rules import add_working_days
from bihuan.deadlines.ladder.climbing import look_again_at
from bihuan.deadlines.ladder.policy import may_propose, may_reply, person_of
from bihuan.deadlines.ladder.telling import CONDUCT, tell_units_of
from bihuan.deadlines.models import Conduct
from bihuan.deadlines.terms import LADDER, Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record, listed
from bihuan.ledger.deciding import posts_of_route
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty

if TYPE_CHECKING:
    from bihuan.policies.models import Policy

NONE: Final = "none"
LONGEST: Final = 4000


@action(Verb.OPEN_CONDUCT, may=may_propose)
def open_conduct(problem: Problem, *, kind: str, facts: str, basis: str, actor: Actor) -> Conduct:
    """Say what the unit did or left undone, with facts and the rule it breaks; the unit may reply within its term."""
    act = current()
    if kind not in Conduct.Kind.values:
        raise Refused(
            _("没有这种整改行为。"),
            accepted=listed(str(one.label) for one in Conduct.Kind),
            field="kind",
        )
    if problem.state not in OPEN or problem.lead_unit is None:
        raise Refused(
            _("%(no)s 没有在办的牵头单位，不能认定整改行为。") % {"no": problem.problem_no},
            accepted=_("已交办、尚未办结的问题可以提出。"),
        )
    if Conduct.objects.filter(problem=problem, state__in=["opened", "asked"]).exists():
        raise Refused(_("这个问题已有一件整改行为认定在办。"), accepted=_("请先办完那一件。"))
    terms = Terms(act.today)
    policy = terms.policy(problem, LADDER)
    until = add_working_days(act.today, policy.body["conduct_reply_days"], terms.calendar(problem))
    row: Conduct = Conduct.objects.create(
        problem=problem,
        round=problem.round,
        unit=problem.lead_unit,
        kind=kind,
        facts=_text(facts, _("事实"), "facts"),
        basis=_text(basis, _("依据"), "basis"),
        opened_by=person_of(actor),
        opened_on=act.today,
        reply_until=until,
    )
    tell_units_of([problem], CONDUCT, reverse("deadlines:conduct", args=[row.pk]))
    return row


def _text(words: str, what: str, field: str) -> str:
    words = refuse_empty(words, what)
    if len(words) > LONGEST:
        raise Refused(
            _("“%(what)s”太长。") % {"what": what},
            accepted=_("不超过 %(most)s 字。") % {"most": LONGEST},
            field=field,
        )
    return words


@action(Verb.REPLY_TO_CONDUCT, may=may_reply)
def reply_to_conduct(conduct: Conduct, *, reply: str, actor: Actor) -> None:
    """The unit's own words, once, within its term; whoever decides reads them beside the facts."""
    act = current()
    if conduct.state != Conduct.State.OPENED or conduct.replied_on is not None:
        raise Refused(_("已经申辩过，或已提请认定。"), accepted=_("申辩只提一次，请写全。"))
    if act.today > conduct.reply_until:
        raise Refused(
            _("申辩期限 %(day)s 已过。") % {"day": conduct.reply_until.isoformat()},
            accepted=_("逾期不再受理；可向审批人书面说明。"),
        )
    conduct.reply = _text(reply, _("申辩"), "reply")
    conduct.replied_by, conduct.replied_on = person_of(actor), act.today
    conduct.save()


@action(Verb.DETERMINE_CONDUCT, may=may_propose)
def determine_conduct(conduct: Conduct, *, finding: str, opinion: str, actor: Actor) -> Conduct:
    """Ask another person to decide: what it was (or that it was none), and why the reply does or does not change that."""
    act = current()
    if conduct.state != Conduct.State.OPENED:
        raise Refused(_("这件认定已经提请或办结。"), accepted=_("待申辩的才能提请。"))
    if conduct.replied_on is None and act.today <= conduct.reply_until:
        raise Refused(
            _("申辩期限未到：%(unit)s可以申辩到 %(day)s。")
            % {"unit": conduct.unit.name, "day": conduct.reply_until.isoformat()},
            accepted=_("收到申辩或期满后再提请。"),
        )
    if finding not in {*Conduct.Kind.values, NONE}:
        raise Refused(
            _("没有这种整改行为。"),
            accepted=listed([*(str(one.label) for one in Conduct.Kind), _("不予认定")]),
            field="finding",
        )
    conduct.proposed, conduct.opinion = finding, _text(opinion, _("意见"), "opinion")
    policy = Terms(act.today).policy(conduct.problem, LADDER)
    with for_the_record():
        conduct.approval = _asked(conduct, policy)
    conduct.state = Conduct.State.ASKED
    conduct.save()
    return conduct


def _asked(conduct: Conduct, policy: Policy) -> Approval:
    """Who opened it and who replied decide nothing of it."""
    problem = conduct.problem
    return open_approval(
        matter=Verb.DETERMINE_CONDUCT,
        subject_kind=Conduct.Stream.kind,
        subject=conduct.pk,
        title=f"{problem.problem_no} {conduct.unit.name}：{conduct.get_proposed_display()}",
        route=posts_of_route(
            [(one["name"], one["decider"]) for one in policy.body["conduct_route"]], problem, conduct.unit
        ),
        excluded=[one for one in (conduct.opened_by, conduct.replied_by) if one is not None],
    )


def settle_conduct(approval: Approval) -> None:
    """Inside a reaction: decided, or sent back to whoever asked."""
    act = current()
    row = Conduct.objects.select_related("problem").get(approval=approval)
    act.lock([row, row.problem])
    if approval.state == ApprovalState.APPROVED:
        row.state = Conduct.State.CLEARED if row.proposed == NONE else Conduct.State.DETERMINED
        row.determined_on = act.today
    else:
        row.state = Conduct.State.OPENED
    row.save()
    act.fact(row.problem, conduct=str(row.pk), outcome=row.state, kind=row.proposed)
    look_again_at([row.problem_id], Terms(act.today))
