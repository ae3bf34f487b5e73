"""A stop of the clock is limited in number and in all its days, and ends on its day whether anybody remembers it or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from procrastinate.contrib.django import app

from bihuan.deadlines.models import Clock
from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.messages.models import Message
from bihuan.policies import actions as policies
from bihuan.rectification import actions as do
from bihuan.rectification import jobs
from bihuan.rectification.actions.suspensions import end_due_suspensions
from bihuan.rectification.rules import SuspensionFacts, SuspensionFault, fault_of_suspension
from tests.rectification.conftest import fresh

DAY = dt.date(2026, 5, 4)
ASKED = SuspensionFacts(
    today=DAY,
    deadline=DAY,
    resume_by=DAY + dt.timedelta(days=10),
    granted_before=1,
    stood_still=20,
    most=2,
    longest=30,
    one_is_pending=False,
)


def test_the_last_one_for_the_last_day_is_right():
    assert fault_of_suspension(ASKED) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"one_is_pending": True}, SuspensionFault.ALREADY_ASKED),
        ({"deadline": DAY - dt.timedelta(days=1)}, SuspensionFault.EXPIRED),
        ({"granted_before": 2}, SuspensionFault.TOO_OFTEN),
        ({"resume_by": DAY}, SuspensionFault.NOT_LATER),
        ({"resume_by": DAY + dt.timedelta(days=11)}, SuspensionFault.TOO_LONG),
        ({"stood_still": 21}, SuspensionFault.TOO_LONG),
    ],
)
def test_what_is_refused(change, fault):
    assert fault_of_suspension(replace(ASKED, **change)) is fault


def stop(story, problem, days):
    """Asked for and granted; the problem as it then stands."""
    (problem,) = fresh([problem])
    asked = do.ask_suspension(
        problem,
        reason="涉诉。",
        resume_by=story.clock.today + dt.timedelta(days=days),
        actor=story.cast.handler.actor,
    )
    story.decide(asked.approval)
    return fresh([problem])[0]


def at_the_limit(story, **body):
    policies.enact(
        code="suspension", jurisdiction=story.cast.city, body=body, actor=story.cast.reviewer.actor
    )
    return story.rectifying()


@pytest.mark.django_db
def test_stops_add_up(story):
    problem = at_the_limit(story, most=5, longest_days=40)
    stop(story, problem, 30)
    story.clock.go_on(30)
    assert end_due_suspensions(story.clock.today) == 1
    with pytest.raises(Refused, match="累计中止的时间太长") as refused:
        stop(story, problem, 11)
    assert (story.clock.today + dt.timedelta(days=10)).isoformat() in str(refused.value.accepted)
    assert stop(story, problem, 10).state == "suspended"


@pytest.mark.django_db
def test_stops_are_counted(story):
    problem = at_the_limit(story, most=1, longest_days=180)
    stop(story, problem, 3)
    story.clock.go_on(3)
    end_due_suspensions(story.clock.today)
    with pytest.raises(Refused, match="中止次数已到规定上限"):
        stop(story, problem, 3)


@pytest.mark.django_db
def test_a_stop_ends_on_its_day_by_itself(story):
    problem = story.rectifying()
    due = problem.external_deadline
    stop(story, problem, 30)
    story.clock.go_on(29)
    assert jobs.end_suspensions() == 0
    story.clock.go_on(1)
    assert jobs.end_suspensions() == 1
    assert jobs.end_suspensions() == 0
    heard = Message.objects.filter(kind="rectification.suspension_over")
    assert {story.cast.liaison.person.pk, story.cast.principal.person.pk} <= set(
        heard.values_list("to_person", flat=True)
    )
    assert story.cast.county_handler.person.pk not in set(heard.values_list("to_person", flat=True))
    (problem,) = fresh([problem])
    assert (problem.state, problem.external_deadline) == ("rectifying", due + dt.timedelta(days=30))
    clock = Clock.objects.get(problem=problem, kind="rectification")
    assert (clock.state, clock.due, clock.suspended_days) == ("running", problem.external_deadline, 30)
    told = JournalEvent.objects.filter(stream=problem.pk, verb="rectification.resume").get()
    assert told.body["who"]["system"]
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).found == []


@pytest.mark.django_db
def test_only_the_program_ends_them_all(story):
    with pytest.raises(NotAllowed):
        do.end_suspensions([story.rectifying()], actor=story.cast.coordinator.actor)


def test_the_job_runs_every_hour():
    assert "rectification.end_suspensions" in app.tasks


@pytest.mark.django_db
def test_days_a_clock_stood_still_are_no_extension(story):
    policies.enact(
        code="extension",
        jurisdiction=story.cast.city,
        body={"most": 2, "longest_days": 20, "ask_before_working_days": 5},
        actor=story.cast.reviewer.actor,
    )
    problem = story.rectifying()
    stop(story, problem, 15)
    story.clock.go_on(15)
    end_due_suspensions(story.clock.today)
    (problem,) = fresh([problem])
    longest = problem.external_deadline + dt.timedelta(days=20)
    facts = {"reason": "雨季。", "new_plan": "顺延。", "actor": story.cast.handler.actor}
    with pytest.raises(Refused, match="累计延期的时间太长"):
        do.ask_extension(problem, new_deadline=longest + dt.timedelta(days=1), **facts)
    assert do.ask_extension(fresh([problem])[0], new_deadline=longest, **facts).new_deadline == longest
