"""The verbs of a plan that calls again by the calendar, and the call of one period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from bihuan.drives.calling import Call, draft, in_order, refuse_bad_basis, refuse_bad_scope, send_out
from bihuan.drives.models import BasisKind, Drive, DrivePlan, Every, PlannedUnit
from bihuan.drives.policy import may_call, may_keep_plan
from bihuan.drives.recurrence import last_period, looked_back_to, next_period
from bihuan.drives.rules import PLAN
from bihuan.drives.terms import days_under, policy_at, reminders_under
from bihuan.drives.verbs import Verb
from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Batch, Sector, Source
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.taxonomy import offered
from bihuan.organizations.models import Unit
from bihuan.policies.queries import quote

A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What a plan says: a call without days, and when it is made. Numbers left open are those of the office's policy."""

    title: str
    code: str
    units: Sequence[Unit]
    sectors: Sequence[str]
    requirement: str
    every: str
    starts_on: date
    days_to_answer: int | None = None
    sources: Sequence[str] = ()
    basis_kind: str = BasisKind.OTHER.value
    basis: str = ""
    basis_no: str = ""
    remind_before: int | None = None
    remind_every: int | None = None


@action(Verb.PREPARE_PLAN, may=may_call)
def prepare_plan(*, jurisdiction: Unit, schedule: Schedule, actor: Actor) -> DrivePlan:
    """Make a plan; it calls nobody until a second person puts it in force."""
    if actor.person is None:
        raise Refused(_("自查要由人来拟定。"))
    _refuse_bad_schedule(schedule)
    body = quote(policy_at(jurisdiction, current().today)).body
    days_to_answer = days_under(body, schedule.days_to_answer)
    before, every = reminders_under(body, schedule.remind_before, schedule.remind_every)
    refuse_bad_scope(jurisdiction, schedule.units, schedule.sectors, schedule.sources)
    refuse_bad_basis(schedule.basis_kind, schedule.basis)
    refuse_marks_above(f"{schedule.title}\n{schedule.requirement}\n{schedule.basis}\n{schedule.basis_no}")
    plan: DrivePlan = DrivePlan.objects.create(
        jurisdiction=jurisdiction,
        office=actor.unit_name,
        title=refuse_empty(schedule.title, _("名称")),
        code=refuse_empty(schedule.code, _("代码")),
        requirement=refuse_empty(schedule.requirement, _("自查要求")),
        sectors=in_order(schedule.sectors),
        sources=sorted(set(schedule.sources)),
        basis_kind=schedule.basis_kind,
        basis=schedule.basis.strip(),
        basis_no=schedule.basis_no.strip(),
        remind_before=before,
        remind_every=every,
        every=schedule.every,
        starts_on=schedule.starts_on,
        days_to_answer=days_to_answer,
        prepared_by=actor.person,
    )
    PlannedUnit.objects.bulk_create([PlannedUnit(plan=plan, unit=unit) for unit in set(schedule.units)])
    return plan


def _refuse_bad_schedule(schedule: Schedule) -> None:
    if schedule.every not in Every.values:
        raise Refused(_("没有“%(code)s”这种周期。") % {"code": schedule.every}, field="every")
    if schedule.starts_on < current().today:
        raise Refused(_("首次发出日期已经过去。"), accepted=_("请填今天或以后的日期。"), field="starts_on")
    if DrivePlan.objects.filter(code=schedule.code.strip()).exists():
        raise Refused(_("这个代码已经有了。"), accepted=_("请换一个代码。"), field="code")


@action(Verb.START_PLAN, may=may_keep_plan)
def start_plan(plan: DrivePlan, *, actor: Actor) -> None:
    """Put it in force: from now on it calls by itself, in the names of the two who made it."""
    if actor.person is None or plan.prepared_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("拟定的人不能自己启用。"), accepted=_("请由整改办另一位同志启用。"))
    _advance(plan, Verb.START_PLAN)
    plan.started_by = actor.person
    _run(plan)


@action(Verb.SUSPEND_PLAN, may=may_keep_plan)
def suspend_plan(plan: DrivePlan, *, reason: str, actor: Actor) -> None:
    """Stop calling for a while; what was called goes on."""
    _stop(plan, Verb.SUSPEND_PLAN, reason)


@action(Verb.RESUME_PLAN, may=may_keep_plan)
def resume_plan(plan: DrivePlan, *, actor: Actor) -> None:
    """Call again, from the next period on: what was missed meanwhile is not made up for."""
    _advance(plan, Verb.RESUME_PLAN)
    plan.reason = ""
    _run(plan)


@action(Verb.END_PLAN, may=may_keep_plan)
def end_plan(plan: DrivePlan, *, reason: str, actor: Actor) -> None:
    """Never call again."""
    _stop(plan, Verb.END_PLAN, reason)


@action(Verb.CALL_PERIOD, may=system_only)
def call_period(plan: DrivePlan, *, period: date, actor: Actor) -> Drive | None:
    """Make the call of one period and send it out; a plan that has nobody or nothing left to ask is suspended."""
    runs = plan.state == DrivePlan.State.RUNNING and plan.next_on is not None and plan.next_on <= period
    if not runs or plan.started_by is None or period != _period_today(plan):
        raise Refused(_("这个周期不用发出自查。"))
    call = _call_of(plan, period)
    if call is None:
        with for_the_record():
            plan.reason = _("没有还可以自查的单位或领域，程序已暂停。")
        plan.state, plan.next_on = DrivePlan.State.SUSPENDED, None
        plan.save()
        return None
    drive = draft(call, jurisdiction=plan.jurisdiction, office=plan.office, prepared_by=plan.prepared_by)
    drive.plan, drive.period_on = plan, period
    send_out(drive, issued_by=plan.started_by)
    plan.last_on = period
    plan.next_on = next_period(plan.starts_on, plan.every, period)
    plan.save()
    return drive


def call_due(day: date) -> int:
    """Make every call that is due, each exactly once whoever asks how often; returns how many were made."""
    made = 0
    for plan in DrivePlan.objects.filter(next_on__lte=day).order_by("next_on", "id"):
        period = last_period(plan.starts_on, plan.every, day)
        if period is None:
            continue
        once = call_period.call(key=f"drives.plan:{plan.pk}:{period.isoformat()}")
        made += once(plan, period=period, actor=Actor.the_system("drives.call")) is not None
    return made


def _period_today(plan: DrivePlan) -> date | None:
    return last_period(plan.starts_on, plan.every, current().today)


def _call_of(plan: DrivePlan, period: date) -> Call | None:
    """The call as it can be made today: units that were closed and sectors no longer in use are left out."""
    today = current().today
    units = Unit.objects.filter(
        planned_drives__plan=plan, closed_on=None, path__under=plan.jurisdiction.path
    ).order_by("path")
    sectors = offered(Sector.objects.filter(code__in=plan.sectors)).values_list("code", flat=True)
    if not units or not sectors:
        return None
    sources = offered(Source.objects.filter(code__in=plan.sources)).values_list("code", flat=True)
    with for_the_record():
        title = f"{plan.title}（{period_words(plan.every, period)}）"
    return Call(
        title=title,
        code=_free_code(f"{plan.code}-{period:%Y%m%d}"),
        units=list(units),
        sectors=list(sectors),
        sources=list(sources),
        requirement=plan.requirement,
        since=looked_back_to(plan.starts_on, plan.every, period),
        due_on=today + timedelta(days=plan.days_to_answer),
        basis_kind=plan.basis_kind,
        basis=plan.basis,
        basis_no=plan.basis_no,
        remind_before=plan.remind_before,
        remind_every=plan.remind_every,
    )


def _free_code(code: str) -> str:
    """The code, or the first of its kind nobody has given a batch by hand."""
    taken = set(Batch.objects.filter(code__startswith=code).values_list("code", flat=True))
    free, number = code, 2
    while free in taken:
        free, number = f"{code}-{number}", number + 1
    return free


def period_words(every: str, day: date) -> str:
    """2026年11月, 2026年第4季度, 2026年下半年, 2026年."""
    given = {"year": day.year, "month": day.month, "quarter": (day.month + 2) // 3}
    if every == Every.MONTH:
        return _("%(year)s年%(month)s月") % given
    if every == Every.QUARTER:
        return _("%(year)s年第%(quarter)s季度") % given
    if every == Every.YEAR:
        return _("%(year)s年") % given
    return (_("%(year)s年上半年") if given["quarter"] <= 2 else _("%(year)s年下半年")) % given  # noqa: PLR2004


def _run(plan: DrivePlan) -> None:
    """From the first period that has not begun before today, and never one that was called."""
    after = current().today - A_DAY
    if plan.last_on is not None:
        after = max(after, plan.last_on)
    plan.next_on = next_period(plan.starts_on, plan.every, after)
    plan.save()


def _stop(plan: DrivePlan, verb: Verb, reason: str) -> None:
    _advance(plan, verb)
    refuse_marks_above(reason)
    plan.reason = refuse_empty(reason, _("理由"))
    plan.next_on = None
    plan.save()


def _advance(plan: DrivePlan, verb: Verb) -> None:
    to = PLAN.get((plan.state, verb))
    if to is None:
        raise Refused(_("定期自查“%(state)s”，不能这样办。") % {"state": plan.get_state_display()})
    plan.state = to
