"""A stop of the clock: asked for before it is too late, granted by approval, and over on the day that was approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, NotAllowed, Refused, action, current, run_in_blocks, system_only
from bihuan.journal.identity import new_id
from bihuan.journal.timesource import today
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.seats import receivers_of
from bihuan.rectification.asking import Route, ask
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.measures import measures_of, plan_in_force
from bihuan.rectification.models import Measure, Suspension
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.rules import SuspensionFacts, SuspensionFault, fault_of_suspension
from bihuan.rectification.terms import NEVER, days_stood_still, suspension_terms
from bihuan.rectification.verbs import Verb

SUSPENSION_WORDS: Final = {
    SuspensionFault.ALREADY_ASKED: (
        gettext_lazy("已有一份中止申请在审批中。"),
        gettext_lazy("请等待审批结果，或先撤回。"),
    ),
    SuspensionFault.EXPIRED: (
        gettext_lazy("整改期限已过，不能再申请中止。"),
        gettext_lazy("中止要在到期前申请。"),
    ),
    SuspensionFault.TOO_OFTEN: (
        gettext_lazy("中止次数已到规定上限。"),
        gettext_lazy("请继续整改，或申请延期、提请协调。"),
    ),
    SuspensionFault.NOT_LATER: (gettext_lazy("恢复日期不对。"), gettext_lazy("应晚于今天。")),
    SuspensionFault.TOO_LONG: (
        gettext_lazy("累计中止的时间太长。"),
        gettext_lazy("恢复日期不晚于 %(latest)s。"),
    ),
}
BLOCK: Final = 200
OVER: Final = "rectification.suspension_over"

register_kind(OVER, gettext_lazy("有 %(count)s 件问题的中止到期，整改时限恢复计时。"))


@action(Verb.ASK_SUSPENSION, may=may(Verb.ASK_SUSPENSION))
def ask_suspension(
    problem: Problem, *, reason: str, resume_by: date, route: Route = (), actor: Actor
) -> Suspension:
    """Ask to stop the clock for a reason outside the unit's power, with the day on which work goes on."""
    refuse_unless_open(problem, Verb.SUSPEND)
    refuse_suspension(problem, resume_by)
    suspension = Suspension(
        problem=problem,
        round=problem.round,
        reason=refuse_empty(reason, _("理由")),
        asked_by=person_of(actor),
        asked_principal=actor.on_behalf_of,
        asked_on=current().today,
        resume_by=resume_by,
    )
    with for_the_record():
        title = _("中止至 %(day)s") % {"day": resume_by.isoformat()}
    suspension.approval = ask(Verb.ASK_SUSPENSION, problem, suspension, title=title, route=route)
    suspension.save()
    current().fact(problem, suspension=str(suspension.pk))
    return suspension


def refuse_suspension(problem: Problem, resume_by: date) -> None:
    """Raise the first reason against stopping the clock until this day."""
    terms, stood = suspension_terms(problem), days_stood_still(problem)
    asked = problem.suspensions_asked.filter(round=problem.round)
    facts = SuspensionFacts(
        today=today(),
        deadline=problem.external_deadline,
        resume_by=resume_by,
        granted_before=asked.filter(state=Suspension.State.GRANTED).count(),
        stood_still=stood,
        most=terms.most,
        longest=terms.longest_days,
        one_is_pending=asked.filter(state=Suspension.State.ASKED).exists(),
    )
    fault = fault_of_suspension(facts)
    if fault is not None:
        wrong, right = SUSPENSION_WORDS[fault]
        latest = facts.today + timedelta(days=max(0, terms.longest_days - stood))
        raise Refused(
            wrong,
            accepted=str(right) % {"latest": latest.isoformat()},
            field="resume_by",
            fault=fault.value,
            most=terms.most,
            longest_days=terms.longest_days,
        )


def suspend(suspension: Suspension) -> None:
    """Inside a reaction: the clock stops."""
    problem = suspension.problem
    take(problem, Verb.SUSPEND)
    current().fact(problem, suspension=str(suspension.pk), resume_by=suspension.resume_by.isoformat())
    problem.save()


@action(Verb.RESUME, may=may(Verb.RESUME))
def resume(problem: Problem, *, reason: str, actor: Actor) -> None:
    """The obstacle is gone: dates move by the days the clock stood still."""
    reason = refuse_empty(reason, _("理由"))
    suspension = _standing(problem)
    if suspension is not None and actor.person in {suspension.asked_by, suspension.asked_principal}:
        raise NotAllowed(_("申请中止的人不能决定恢复。"), accepted=_("请另一位有权的人决定。"))
    current().because(reason)
    _run_again(problem, suspension)


@action(Verb.END_SUSPENSIONS, may=system_only)
def end_suspensions(problems: Sequence[Problem], *, actor: Actor) -> None:
    """The approved day has come, and nobody has to remember it: the clock runs again. Doing it twice changes nothing."""
    act = current()
    with for_the_record():
        act.because(_("核准的中止期满。"))
    over = []
    for problem in problems:
        suspension = _standing(problem)
        if problem.state == State.SUSPENDED and suspension and suspension.resume_by <= act.today:
            with act.telling(Verb.RESUME.value):
                _run_again(problem, suspension)
            over.append(problem)
    _tell(over)


def _tell(problems: Sequence[Problem]) -> None:
    """Nobody asked for it, so each lead unit hears that its time runs again."""
    leads = {one.pk: one.lead_unit_id for one in problems if one.lead_unit_id}
    people = receivers_of(leads.values(), heads=True)
    for problem, unit in leads.items():
        for person in sorted(people[unit]):
            queue_message(to_person=person, kind=OVER, link=reverse("desk:problem", args=[problem]))


def end_due_suspensions(on: date) -> int:
    """Let every clock run again whose stop was approved until this day or an earlier one; how many."""
    over = Suspension.objects.filter(
        state=Suspension.State.GRANTED, resumed_on=None, resume_by__lte=on, problem__state=State.SUSPENDED
    )
    problems = Problem.objects.filter(pk__in=over.values("problem"))
    actor = Actor.the_system(Verb.END_SUSPENSIONS.value)
    blocks = run_in_blocks(end_suspensions, problems, batch=new_id(), size=BLOCK, actor=actor)
    return sum(block.count for block in blocks if block.refusal is None)


def _standing(problem: Problem) -> Suspension | None:
    """The approved stop that has not ended."""
    granted = problem.suspensions_asked.filter(state=Suspension.State.GRANTED, resumed_on=None)
    found: Suspension | None = granted.order_by("-id").first()
    return found


def _run_again(problem: Problem, suspension: Suspension | None) -> None:
    act = current()
    take(problem, Verb.RESUME)
    if suspension is not None and suspension.decided_on is not None:
        suspension.resumed_on = act.today
        suspension.save()
        stood_still = act.today - suspension.decided_on
        if problem.external_deadline != NEVER:
            problem.external_deadline += stood_still
        if problem.internal_deadline is not None:
            problem.internal_deadline += stood_still
        _move_measures(problem, stood_still)
        act.fact(problem, suspended_days=stood_still.days)
    problem.save()


def _move_measures(problem: Problem, stood_still: timedelta) -> None:
    """What is still to be done moves with the whole: no task runs out because the clock was stopped by approval."""
    moved = [one for one in measures_of(plan_in_force(problem)) if one.state == Measure.State.OPEN]
    for one in moved:
        one.deadline += stood_still
        one.begun_on = one.begun_on + stood_still if one.begun_on else None
        one.milestones = [
            [(date.fromisoformat(day) + stood_still).isoformat(), percent] for day, percent in one.milestones
        ]
    Measure.objects.save_all(moved)
