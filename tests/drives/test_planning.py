"""Plans: put in force by two, calling once a period, suspended, resumed, ended; and their pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from bihuan.drives import jobs, planning
from bihuan.drives.models import Drive, DrivePlan
from bihuan.drives.planning import Schedule, call_due
from bihuan.journal import timesource
from bihuan.journal.action import Actor, NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Source
from bihuan.messages.models import Message
from bihuan.organizations.actions import close_unit, create_unit
from tests.organizations.cast import THE_SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lists", "uncollected_static")]
FIRST = dt.date(2027, 1, 31)
JOB = Actor.the_system("drives.call")


def on(day: dt.date):
    return timesource.at(dt.datetime.combine(day, dt.time(1), tzinfo=dt.UTC))


def plan_of(cast, **other: Any) -> DrivePlan:
    given = {
        "title": "安全生产常态自查",
        "code": "CT-AQ",
        "units": [cast.water, cast.ecology],
        "sectors": ["risk.safety"],
        "requirement": "对照清单逐项自查。",
        "every": "month",
        "starts_on": FIRST,
        "days_to_answer": 20,
        "basis_kind": "central_instruction",
        "basis": "关于安全生产的重要指示精神",
    }
    schedule = Schedule(**{**given, **other})
    return planning.prepare_plan(jurisdiction=cast.city, schedule=schedule, actor=cast.coordinator.actor)


@pytest.fixture
def running(cast) -> DrivePlan:
    plan = plan_of(cast)
    planning.start_plan(plan, actor=cast.reviewer.actor)
    return plan


def now(plan: DrivePlan) -> DrivePlan:
    return DrivePlan.objects.get(pk=plan.pk)


def test_who_prepared_a_plan_does_not_start_it(cast):
    plan = plan_of(cast)
    assert now(plan).next_on is None
    with pytest.raises(Refused, match="拟定的人"):
        planning.start_plan(plan, actor=cast.coordinator.actor)
    with pytest.raises(NotVisible):
        planning.start_plan(plan, actor=cast.handler.actor)
    planning.start_plan(plan, actor=cast.reviewer.actor)
    assert (now(plan).state, now(plan).next_on) == ("running", FIRST)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "week"},
        {"days_to_answer": 0},
        {"days_to_answer": 181},
        {"starts_on": dt.date(2020, 1, 1)},
        {"sectors": []},
        {"basis_kind": "rumour"},
        {"code": " "},
    ],
)
def test_a_plan_that_cannot_stand_is_refused(cast, wrong):
    with pytest.raises(Refused):
        plan_of(cast, **wrong)
    assert not DrivePlan.objects.exists()


def test_a_code_is_given_once_and_a_plan_is_the_offices(cast, running):
    with pytest.raises(Refused, match="代码"):
        plan_of(cast)
    schedule = Schedule(
        title="别的", code="X", units=[cast.water], sectors=["risk.safety"], requirement="查", every="year",
        starts_on=FIRST, days_to_answer=5,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        planning.prepare_plan(jurisdiction=cast.city, schedule=schedule, actor=cast.handler.actor)


def test_each_period_is_called_once_however_often_the_job_runs(cast, running):
    with on(FIRST - dt.timedelta(days=1)):
        assert call_due(timesource.today()) == 0
    with on(FIRST):
        assert [jobs.call(), jobs.call()] == [1, 0]
        drive = Drive.objects.get()
    assert (drive.state, drive.since, drive.due_on) == ("issued", dt.date(2026, 12, 31), dt.date(2027, 2, 20))
    assert (drive.batch.title, drive.batch.code) == ("安全生产常态自查（2027年1月）", "CT-AQ-20270131")
    assert drive.prepared_by == cast.coordinator.person.pk
    assert drive.issued_by == cast.reviewer.person.pk
    assert drive.basis_kind == "central_instruction"
    assert set(drive.lines.values_list("unit__code", flat=True)) == {"WATER", "ECOLOGY"}
    assert Message.objects.filter(to_person=cast.liaison.person.pk, kind="drives.called").count() == 1
    assert now(running).next_on == dt.date(2027, 2, 28)
    # After a stop of months the period that runs is called, those missed are not.
    with on(dt.date(2027, 6, 3)):
        assert call_due(timesource.today()) == 1
    assert sorted(Drive.objects.values_list("period_on", flat=True)) == [FIRST, dt.date(2027, 5, 31)]
    assert now(running).next_on == dt.date(2027, 6, 30)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_retried_call_of_the_same_period_gives_the_same_drive(running):
    with on(FIRST):
        once = planning.call_period.call(key="k")
        drive = once(running, period=FIRST, actor=JOB)
        assert once(now(running), period=FIRST, actor=JOB) == drive
        with pytest.raises(Refused, match="不用发出"):
            planning.call_period(now(running), period=FIRST, actor=JOB)
    assert Drive.objects.count() == 1


def test_only_the_program_calls(cast, running):
    with on(FIRST), pytest.raises(NotAllowed):
        planning.call_period(running, period=FIRST, actor=cast.reviewer.actor)


def test_a_suspended_plan_calls_nobody_and_goes_on_with_the_next_period(cast, running):
    planning.suspend_plan(running, reason="机构改革", actor=cast.coordinator.actor)
    with on(dt.date(2027, 3, 2)):
        assert call_due(timesource.today()) == 0
        planning.resume_plan(now(running), actor=cast.coordinator.actor)
        assert call_due(timesource.today()) == 0
    assert (now(running).next_on, now(running).reason) == (dt.date(2027, 3, 31), "")
    with on(dt.date(2027, 3, 31)):
        assert call_due(timesource.today()) == 1
        # Suspended and resumed on the very day of a call, it does not call again.
        planning.suspend_plan(now(running), reason="误发", actor=cast.coordinator.actor)
        planning.resume_plan(now(running), actor=cast.coordinator.actor)
        assert call_due(timesource.today()) == 0
    planning.end_plan(now(running), reason="任务完成", actor=cast.reviewer.actor)
    assert now(running).next_on is None
    with pytest.raises(Refused, match="已终止"):
        planning.resume_plan(now(running), actor=cast.coordinator.actor)


def test_a_unit_that_was_closed_is_called_no_more_and_the_last_one_stops_the_plan(cast):
    one, two = (
        create_unit(name=name, code=name, kind="institution", level=3, parent=cast.water, actor=THE_SYSTEM)
        for name in ("第一水厂", "第二水厂")
    )
    plan = plan_of(cast, units=[one, two])
    planning.start_plan(plan, actor=cast.reviewer.actor)
    with on(FIRST):
        close_unit(two, reason="并入", actor=THE_SYSTEM)
        assert call_due(FIRST) == 1
    assert [line.unit for line in Drive.objects.get().lines.all()] == [one]
    with on(dt.date(2027, 2, 28)):
        close_unit(one, reason="并入", actor=THE_SYSTEM)
        assert call_due(timesource.today()) == 0
    assert (now(plan).state, now(plan).next_on) == ("suspended", None)
    assert "没有还可以自查的单位" in now(plan).reason


def test_a_code_somebody_has_taken_does_not_stop_the_call(cast, running):
    create_batch(
        jurisdiction=cast.city,
        code="CT-AQ-20270131",
        title="手工建的",
        source=Source.objects.get(code="audit"),
        source_authority="市审计局",
        received_on=timesource.today(),
        actor=cast.coordinator.actor,
    )
    with on(FIRST):
        assert call_due(FIRST) == 1
    assert Drive.objects.get().batch.code == "CT-AQ-20270131-2"


def at(name: str, plan: DrivePlan) -> str:
    return reverse(f"drives:{name}", args=[plan.pk])


def test_the_pages_of_plans_are_the_offices(cast, client_as, running):
    names = ("plan", "plan_start", "plan_suspend", "plan_resume", "plan_end")
    for player in (cast.handler, cast.outsider, cast.system_administrator):
        client = client_as(player)
        assert client.get(reverse("drives:plans")).status_code == 404
        assert client.get(reverse("drives:plan_new")).status_code == 404
        for name in names:
            assert client.get(at(name, running)).status_code == 404
    client = client_as(cast.reviewer)
    assert "安全生产常态自查" in client.get(reverse("drives:plans")).content.decode()
    for name in names[1:]:
        assert client.delete(at(name, running)).status_code == 405
    assert client.post(at("plan_start", running)).status_code == 422
    assert client.post(at("plan_resume", running)).status_code == 422


def test_the_office_sets_a_plan_up_and_follows_it(cast, client_as):
    client = client_as(cast.coordinator)
    sent = {
        "title": "燃气常态自查", "code": "CT-RQ", "every": "quarter", "starts_on": "2027-01-05", "days_to_answer": "15",
        "sectors": ["risk.safety"], "units": [str(cast.water.pk)], "requirement": "逐户排查。",
        "basis_kind": "major_decision", "basis": "全市部署", "basis_no": "云安委〔2026〕3号", "remind_before": "3", "remind_every": "5",
    }  # fmt: skip
    assert client.get(reverse("drives:plan_new")).status_code == 200
    assert client.post(reverse("drives:plan_new"), {**sent, "days_to_answer": "0"}).status_code == 422
    assert client.post(reverse("drives:plan_new"), sent).status_code == 302
    plan = DrivePlan.objects.get()
    assert "请另一位同志启用" in client.get(at("plan", plan)).content.decode()
    assert client_as(cast.reviewer).post(at("plan_start", plan)).status_code == 302
    with on(dt.date(2027, 1, 5)):
        assert call_due(timesource.today()) == 1
    page = client.get(at("plan", plan)).content.decode()
    assert "燃气常态自查（2027年第1季度）" in page
    assert "0 / 1 个单位已报告" in page
    assert (
        at("plan", plan)
        in client.get(reverse("drives:drive", args=[Drive.objects.get().pk])).content.decode()
    )
    assert client.post(at("plan_suspend", plan), {"reason": ""}).status_code == 422
    assert client.post(at("plan_suspend", plan), {"reason": "机构改革"}).status_code == 302
    assert client.post(at("plan_resume", plan)).status_code == 302
    assert client.post(at("plan_end", plan), {"reason": "任务完成"}).status_code == 302
    assert "任务完成" in client.get(at("plan", plan)).content.decode()
