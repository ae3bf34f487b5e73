"""A version run on the cases of a period: the day it says is the day the clock would have had, and nothing is written."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.deadlines.models import Clock
from bihuan.deadlines.what_if import what_if
from bihuan.journal.models import JournalEvent
from bihuan.policies import actions as policies
from bihuan.policies.catalogue import KINDS
from bihuan.rectification import actions as do
from tests.deadlines.reading import running
from tests.static_files import plain_static

pytestmark = pytest.mark.django_db
__all__ = ["plain_static"]


def enact(story, code="deadline.acknowledge", **changes):
    scope = {name: changes.pop(name) for name in ("grade", "valid_from") if name in changes}
    body = {**KINDS[code].starts[0].body, **changes}
    return policies.enact(
        code=code, jurisdiction=story.cast.city, body=body, **scope, actor=story.cast.reviewer.actor
    )


def ask(story, policy, days=30):
    today = story.clock.today
    return what_if(policy, story.cast.coordinator.actor, today - dt.timedelta(days=days), today)


def test_a_case_that_was_late_would_not_have_been(story):
    (problem,) = story.assigned()
    story.clock.go_on(3)
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    events = JournalEvent.objects.count()
    answer = ask(story, enact(story, count=9))
    (one,) = answer.outcomes
    assert (one.late, one.differs) == ((True, False), True)
    assert (answer.late(0), answer.late(1), answer.fixed, answer.more) == (1, 0, 0, False)
    assert Clock.objects.get(pk=one.clock.pk).due == one.due[0]
    # Only the new version itself was written.
    assert JournalEvent.objects.count() == events + 1


def test_a_stricter_one_would_have_made_it_late(story):
    (problem,) = story.assigned()
    story.clock.go_on(2)
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    (one,) = ask(story, enact(story, count=1)).outcomes
    assert one.late == (False, True)


def test_what_still_runs_is_judged_by_today(story):
    story.assigned()
    story.clock.go_on(5)
    (one,) = ask(story, enact(story, count=9)).outcomes
    assert (one.clock.stopped_on, one.late) == (None, (True, False))


def test_the_day_it_says_is_the_day_a_new_clock_gets(story):
    (problem,) = story.assigned()
    coming = enact(story, count=7)
    (one,) = ask(story, coming).outcomes
    (after,) = story.assigned(findings=())
    clock = running(after)["acknowledge"]
    assert (clock.policy, clock.due) == (coming, one.due[1])
    assert running(problem)["acknowledge"].due == one.due[0]


def test_a_version_still_to_come_can_be_tried(story):
    story.assigned()
    later = enact(story, count=9, valid_from=story.clock.today + dt.timedelta(days=60))
    assert len(ask(story, later).outcomes) == 1


def test_a_promised_date_is_not_counted_again(story):
    story.rectifying()
    body = KINDS["deadline.rectification"].starts[0].body
    answer = ask(story, enact(story, "deadline.rectification", **body))
    assert (answer.outcomes, answer.fixed) == ([], 1)


def test_a_scope_that_does_not_fit_decides_nothing(story):
    story.assigned()
    assert ask(story, enact(story, count=9, grade="minor")).outcomes == []


def test_other_days_other_cases(story):
    story.assigned()
    story.clock.go_on(100)
    assert ask(story, enact(story, count=9)).outcomes == []
    assert len(ask(story, enact(story, count=9), days=120).outcomes) == 1


def test_the_page_is_the_offices_and_bears_any_days(story, client_as):
    (problem,) = story.assigned()
    address = reverse("deadlines:what_if", args=[enact(story, count=9).pk])
    office = client_as(story.cast.coordinator)
    shown = office.get(address)
    assert shown.status_code == 200
    assert problem.problem_no in shown.content.decode()
    for days in ("?since=2026-13-99&until=x", "?since=2027-01-01&until=2020-01-01", "?since=0001-01-01"):
        assert office.get(address + days).status_code == 200
    assert client_as(story.cast.handler).get(address).status_code == 403
    assert office.post(address).status_code == 405
    lights = policies.enact(
        code="lights",
        jurisdiction=story.cast.city,
        body=KINDS["lights"].starts[0].body,
        actor=story.cast.reviewer.actor,
    )
    assert office.get(reverse("deadlines:what_if", args=[lights.pk])).status_code == 404
