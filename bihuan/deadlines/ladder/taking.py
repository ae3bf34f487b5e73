"""Taking up what the program proposed: a named person asks, another decides; and the way down again, asked likewise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bihuan.approvals.models import Approval, ApprovalState
from bihuan.approvals.opening import open_approval
from bihuan.deadlines.ladder.climbing import look_again_at
from bihuan.deadlines.ladder.policy import may_propose, person_of
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.ladder.telling import SUPERVISED, tell_units_of
from bihuan.deadlines.models import ClockState, Conduct, Delisting, LadderRequest, LadderStep
from bihuan.deadlines.models.ladder import Asked, RungName
from bihuan.deadlines.terms import LADDER, Terms
from bihuan.deadlines.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record, listed
from bihuan.ledger.deciding import posts_of_route
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.supervision import at_least, levels_below
from bihuan.ledger.taxonomy import term_choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bihuan.organizations.models import Post

MOST: Final = 200
RELATED: Final = ("problem__lead_unit", "problem__jurisdiction", "clock", "policy")


@action(Verb.TAKE_UP_RUNG, may=may_propose)
def take_up_rung(steps: Sequence[LadderStep], *, reason: str, actor: Actor) -> LadderRequest:
    """Ask for the rung that was proposed: one decision for one case or for many of the same rung and route."""
    act = current()
    prefetch_related_objects(steps, *RELATED)
    first = _refuse_unfit(steps)
    why = refuse_empty(reason, _("理由"))
    act.because(why)
    with for_the_record():
        row = LadderRequest(
            rung=first.rung,
            jurisdiction=first.problem.jurisdiction,
            reason=why,
            asked_by=person_of(actor),
            asked_on=act.today,
        )
        row.approval = open_approval(
            matter=Verb.TAKE_UP_RUNG,
            subject_kind=LadderRequest.Stream.kind,
            subject=row.pk,
            title=_title(first, len(steps)),
            route=_route_of(steps),
        )
    row.save()
    for step in steps:
        step.state, step.request = LadderStep.State.ASKED, row
    LadderStep.objects.save_all(steps)
    return row


def _title(first: LadderStep, count: int) -> str:
    rung = RungName(first.rung).label
    if count == 1:
        return f"{first.problem.problem_no} {rung}"
    return _("%(rung)s：%(count)d 件") % {"rung": rung, "count": count}


def _refuse_unfit(steps: Sequence[LadderStep]) -> LadderStep:
    if not 0 < len(steps) <= MOST:
        raise Refused(
            _("没有选定督办事项。") if not steps else _("一次选的事项太多。"),
            accepted=_("请逐件选定，每次不超过 %(most)d 件。") % {"most": MOST},
        )
    first = steps[0]
    if len({(step.rung, step.problem.jurisdiction_id) for step in steps}) > 1:
        raise Refused(
            _("选定的事项不是同一级督办。"), accepted=_("同一地方、同一级的可以一并提请，其余分开提请。")
        )
    for step in steps:
        _refuse_settled(step)
        if step.clock.state != ClockState.RUNNING:
            raise Refused(
                _("%(no)s 的时限已经停表，现在不能督办。") % {"no": step.problem.problem_no},
                accepted=_("恢复计时以后再提请，或不予督办。"),
            )
    _refuse_without_conduct(steps)
    return first


def _refuse_settled(step: LadderStep) -> None:
    if step.state != LadderStep.State.PROPOSED:
        raise Refused(
            _("%(no)s 的这一级督办已经办过：%(state)s。")
            % {"no": step.problem.problem_no, "state": step.get_state_display()},
            accepted=_("只有待提请的可以办理。"),
        )


def _refuse_without_conduct(steps: Sequence[LadderStep]) -> None:
    needing = [step for step in steps if step.policy.body[step.rung]["needs_conduct"]]
    found = Conduct.objects.filter(
        problem__in=[step.problem_id for step in needing], state=Conduct.State.DETERMINED
    )
    determined = set(found.values_list("problem", "round"))
    for step in needing:
        if (step.problem_id, step.clock.round) not in determined:
            raise Refused(
                _("%(no)s 本轮还没有认定整改行为。") % {"no": step.problem.problem_no},
                accepted=_("请先提出整改行为认定，经申辩和审批后再提请。"),
            )


def _route_of(steps: Iterable[LadderStep]) -> list[tuple[str, Post]]:
    """One decision has one route: who would have to be asked separately is not gathered with the rest."""
    routes: dict[tuple[object, ...], list[tuple[str, Post]]] = {}
    for step in steps:
        problem = step.problem
        alike = (step.policy_id, problem.lead_unit_id, problem.sector_authority_id, problem.sponsor_id)
        if alike not in routes:
            wanted = [(one["name"], one["decider"]) for one in step.policy.body[step.rung]["route"]]
            routes[alike] = posts_of_route(wanted, problem, problem.lead_unit)
    first, *others = routes.values()
    if any([post.pk for _name, post in one] != [post.pk for _name, post in first] for one in others):
        raise Refused(
            _("选定的事项要由不同的人审批。"), accepted=_("审批人相同的可以一并提请，其余分开提请。")
        )
    return first


@action(Verb.DISMISS_RUNG, may=may_propose)
def dismiss_rung(steps: Sequence[LadderStep], *, reason: str, actor: Actor) -> None:
    """Leave a proposal without effect, for a reason. It counts as had: the next rung may follow when its time comes."""
    act = current()
    why = refuse_empty(reason, _("理由"))
    if not 0 < len(steps) <= MOST:
        raise Refused(
            _("没有选定督办事项。") if not steps else _("一次选的事项太多。"),
            accepted=_("请逐件选定，每次不超过 %(most)d 件。") % {"most": MOST},
        )
    act.because(why)
    prefetch_related_objects(steps, *RELATED)
    act.lock([step.problem for step in steps])
    for step in steps:
        _refuse_settled(step)
        step.state, step.settled_on, step.why = LadderStep.State.DISMISSED, act.today, why
    LadderStep.objects.save_all(steps)
    look_again_at({step.problem_id for step in steps}, Terms(act.today))


def settle_rungs(approval: Approval) -> None:
    """Inside a reaction: a request was granted, returned or taken back."""
    act = current()
    row = LadderRequest.objects.get(approval=approval)
    steps = list(row.steps.filter(state=LadderStep.State.ASKED).order_by("id"))
    problems = list(Problem.objects.filter(pk__in={step.problem_id for step in steps}))
    act.lock([row, *steps, *problems])
    prefetch_related_objects(steps, *RELATED)
    row.state = OUTCOMES[ApprovalState(approval.state)]
    granted = row.state == Asked.GRANTED
    for step in steps:
        _settle(step, granted=granted)
    row.save()
    LadderStep.objects.save_all(steps)
    taken = [step for step in steps if step.state == LadderStep.State.TAKEN]
    for step in taken:
        level = at_least(step.problem.supervision_level, step.policy.body[step.rung]["level"])
        step.problem.supervision_level = level
        act.fact(step.problem, rung=step.rung, ladder_step=str(step.pk), ladder_request=str(row.pk))
    Problem.objects.save_all([step.problem for step in taken])
    look_again_at({step.problem_id for step in steps}, Terms(act.today))
    if row.rung != Rung.ACCOUNTABILITY:
        # What is proposed against persons is for those who decide on it, not for the unit.
        tell_units_of([step.problem for step in taken], SUPERVISED, "/")


OUTCOMES: Final[Mapping[ApprovalState, Asked]] = {
    ApprovalState.APPROVED: Asked.GRANTED,
    ApprovalState.RETURNED: Asked.RETURNED,
    ApprovalState.WITHDRAWN: Asked.WITHDRAWN,
}


def _settle(step: LadderStep, *, granted: bool) -> None:
    """What was not granted waits again for whoever takes it up better; what has ended meanwhile is pressed no more."""
    if step.clock.state == ClockState.STOPPED:
        step.state, step.settled_on = LadderStep.State.LAPSED, current().today
    elif granted:
        step.state, step.settled_on = LadderStep.State.TAKEN, current().today
    else:
        step.state = LadderStep.State.PROPOSED


@action(Verb.ASK_DELISTING, may=may_propose)
def ask_delisting(problem: Problem, *, to: str, reason: str, actor: Actor) -> Delisting:
    """Ask that a problem be taken off the public list, or be supervised less: it falls only by the approval."""
    act = current()
    why = refuse_empty(reason, _("理由"))
    lower = levels_below(problem.supervision_level)
    if to not in lower:
        raise Refused(
            _("督办级别只能申请降低。"),
            accepted=listed(level_words(one) for one in lower) or _("现在已是最低一级。"),
            field="to",
        )
    if Delisting.objects.filter(problem=problem, state=Asked.ASKED).exists():
        raise Refused(_("这个问题的摘牌申请正在审批。"), accepted=_("请等待结果，或先撤回。"))
    policy = Terms(act.today).policy(problem, LADDER)
    act.because(why)
    row = Delisting(
        problem=problem,
        level_before=problem.supervision_level,
        level_after=to,
        reason=why,
        asked_by=person_of(actor),
        asked_on=act.today,
    )
    with for_the_record():
        row.approval = open_approval(
            matter=Verb.ASK_DELISTING,
            subject_kind=Delisting.Stream.kind,
            subject=row.pk,
            title=_("%(no)s 督办级别由%(before)s降为%(after)s")
            % {
                "no": problem.problem_no,
                "before": level_words(row.level_before),
                "after": level_words(to),
            },
            route=posts_of_route(
                [(one["name"], one["decider"]) for one in policy.body["delisting_route"]],
                problem,
                problem.lead_unit,
            ),
        )
    row.save()
    return row


def level_words(code: str) -> str:
    """The label of a supervision level as the office calls it."""
    return dict(term_choices("supervision_level", kept=code)).get(code, code)


def settle_delisting(approval: Approval) -> None:
    """Inside a reaction: the level falls if that was granted and nothing has raised it meanwhile."""
    row = Delisting.objects.select_related("problem").get(approval=approval)
    current().lock([row, row.problem])
    row.state = OUTCOMES[ApprovalState(approval.state)]
    if row.state == Asked.GRANTED:
        if row.problem.supervision_level == row.level_before:
            row.problem.supervision_level = row.level_after
            row.problem.save()
        else:
            row.state = Asked.LAPSED
    row.save()
