"""Looking back: somebody is sent, the effect held, or the problem rebounded and is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from bihuan.deadlines.terms import NEVER, counted_deadline
from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.rigour import rigour_of
from bihuan.ledger.steps import end_involvement, involve, refuse_empty, step
from bihuan.ledger.supervision import raised
from bihuan.lookback.independence import accepted_of, refuse_unfit_person, refuse_unfit_unit
from bihuan.lookback.models import Lookback
from bihuan.lookback.policy import may_inspect, may_plan
from bihuan.lookback.reactions import LOOKED_BACK_AT
from bihuan.lookback.scheduling import schedule_next
from bihuan.lookback.verbs import Verb
from bihuan.organizations.authority import unit_of
from bihuan.organizations.models import Role, RoleGrant, Unit
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of
from bihuan.rectification.terms import internal_deadline_for


@action(Verb.OPEN, may=may_plan)
def open_lookback(problems: Sequence[Problem], *, due_on: date, reason: str, actor: Actor) -> list[Lookback]:
    """Look once more beyond what policy plans; also the way to look at a standing duty."""
    act = current()
    act.because(refuse_empty(reason, _("理由")))
    _refuse_past(due_on)
    for problem in problems:
        if problem.state not in LOOKED_BACK_AT:
            raise Refused(
                _("%(no)s 还没有办结，不能回头看。") % {"no": problem.problem_no},
                accepted=_("已销号、转常态、并案、移送、不属实和终止办理的问题才回头看。"),
            )
        if Lookback.objects.filter(problem=problem, state=Lookback.State.SCHEDULED).exists():
            raise Refused(
                _("%(no)s 已安排了回头看。") % {"no": problem.problem_no},
                accepted=_("要提前或推后的，请在派出时改日期。"),
            )
    created: list[Lookback] = Lookback.objects.bulk_create(
        [Lookback(problem=problem, round=problem.round, due_on=due_on) for problem in problems]
    )
    return created


def _refuse_past(due_on: date) -> None:
    if due_on < current().today:
        raise Refused(_("日期已经过去。"), accepted=_("应是今天或以后。"), field="due_on")


@action(Verb.ASSIGN, may=may_plan)
def assign_lookback(
    lookbacks: Sequence[Lookback], *, unit: Unit, due_on: date | None = None, actor: Actor
) -> None:
    """Send a unit that neither did the work nor accepted it; from now on it sees the problems."""
    if not lookbacks:
        raise Refused(_("没有选择回头看事项。"), accepted=_("请至少选择一件。"))
    if due_on is not None:
        _refuse_past(due_on)
    _refuse_without_inspector(unit)
    current().lock([lookback.problem for lookback in lookbacks])
    for lookback in lookbacks:
        _refuse_done(lookback)
        problem = lookback.problem
        refuse_unfit_unit(problem, unit)
        if lookback.inspector_unit is not None and lookback.inspector_unit_id != unit.pk:
            end_involvement(problem, InvolvementRole.LOOKBACK, unit=lookback.inspector_unit)
        lookback.inspector_unit = unit
        lookback.due_on = due_on or lookback.due_on
        involve(problem, InvolvementRole.LOOKBACK, unit=unit)
    Lookback.objects.save_all(lookbacks)


def _refuse_without_inspector(unit: Unit) -> None:
    day = current().today
    grants = RoleGrant.objects.filter(
        in_force(day), role=Role.INSPECTOR, post__closed_on=None, post__unit__path__under=home_of(unit).path
    )
    if unit.closed_on is not None or not grants.exists():
        raise Refused(
            _("%(unit)s没有回头看岗位。") % {"unit": unit.name},
            accepted=_("请选择设有“回头看核查”角色岗位的单位。"),
            field="unit",
        )


@action(Verb.HOLD, may=may_inspect)
def hold(
    lookback: Lookback,
    *,
    opinion: str,
    on: date,
    covert: bool = False,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> None:
    """The effect was found kept; the next look, if policy wants one, is planned."""
    problem = _locked(lookback)
    _judge(lookback, problem, actor, opinion=opinion, on=on, covert=covert, file=file)
    lookback.state = Lookback.State.HELD
    lookback.save()
    if problem.state != State.STANDING_DUTY:
        # A standing duty is never done with; there the check is a fact, not a step.
        step(problem, Verb.HOLD)
    current().fact(problem, lookback=str(lookback.pk), outcome=lookback.state)
    schedule_next([problem])


@action(Verb.REBOUND, may=may_inspect)
def rebound(
    lookback: Lookback,
    *,
    opinion: str,
    on: date,
    covert: bool = False,
    deadline: date | None = None,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> None:
    """The problem is back: it opens as the next round, with a deadline of its own; the papers of this one stay."""
    problem = _locked(lookback)
    _judge(lookback, problem, actor, opinion=opinion, on=on, covert=covert, file=file)
    lookback.state = Lookback.State.REBOUNDED
    lookback.save()
    current().fact(problem, lookback=str(lookback.pk), outcome=lookback.state)
    edge = step(problem, Verb.REBOUND)
    _reopen(problem)
    if edge.to is State.RECTIFYING:
        _set_deadline(problem, deadline)
        problem.plan_owed = not rigour_of(problem).short_path
    elif problem.external_deadline <= current().today:
        # Triage sets a new one; the old one is past and promises nothing any more.
        problem.external_deadline, problem.internal_deadline, problem.first_deadline = NEVER, None, None
    problem.save()


def _locked(lookback: Lookback) -> Problem:
    problem = lookback.problem
    current().lock([problem])
    return problem


def _judge(
    lookback: Lookback,
    problem: Problem,
    actor: Actor,
    *,
    opinion: str,
    on: date,
    covert: bool,
    file: Upload | Incoming | None,
) -> None:
    """Who looked, when, and what they saw; refused for whoever had a part in what they look at."""
    _refuse_done(lookback)
    if lookback.round != problem.round:
        raise Refused(_("这个问题已进入新的一轮。"), accepted=_("请核查本轮的回头看。"))
    own = unit_of(actor)
    if own is None:
        raise Refused(_("回头看要由单位的核查岗位作出。"))
    refuse_unfit_person(problem, actor, own)
    ended_on = problem.closed_on or problem.registered_on
    if not ended_on <= on <= current().today:
        raise Refused(
            _("核查日期不对。"),
            accepted=_("应在办结之日 %(first)s 和今天之间。") % {"first": ended_on.isoformat()},
            field="on",
        )
    last = list(accepted_of(problem))[-1:]
    for acceptance in last:
        lookback.accepted_by, lookback.accepted_unit = acceptance.acceptor, acceptance.acceptor_unit
    lookback.inspector, lookback.inspector_principal = actor.person, actor.on_behalf_of
    lookback.opinion = refuse_empty(opinion, _("核查情况"))
    lookback.on, lookback.covert = on, covert
    if file is not None:
        lookback.file = take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk)


def _refuse_done(lookback: Lookback) -> None:
    if lookback.state != Lookback.State.SCHEDULED:
        raise Refused(
            _("这次回头看“%(state)s”，不能再办。") % {"state": lookback.get_state_display()},
            accepted=_("请选择待核查的回头看。"),
        )


def _reopen(problem: Problem) -> None:
    """What belonged to the ending is no longer so; what was promised and done in the old round stays on its papers."""
    problem.closed_on = problem.filed_on = problem.merged_into = None
    problem.filing_no = problem.referred_to = problem.ended_document = ""
    problem.progress = 0
    problem.plan_waiting = problem.plan_owed = False
    problem.fixed_on_entry = False
    problem.supervision_level = raised(problem.supervision_level)


def _set_deadline(problem: Problem, given: date | None) -> None:
    """The new round has a date of its own: the one given, else counted by policy from today."""
    today = current().today
    deadline = given or counted_deadline(problem)
    if deadline <= today:
        raise Refused(
            _("整改期限 %(day)s 已经过去。") % {"day": deadline.isoformat()},
            accepted=_("请写明晚于今天的期限。"),
            field="deadline",
        )
    problem.assigned_on = today
    problem.external_deadline = problem.first_deadline = deadline
    problem.internal_deadline = internal_deadline_for(problem, deadline)
    problem.extensions = 0
