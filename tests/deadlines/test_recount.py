"""Days counted before the holidays of a year were known."""

from __future__ import annotations

import datetime as dt

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.calendars.actions import announce_year, seed_year, set_day
from bihuan.deadlines.actions import recount_all
from bihuan.journal.verify.whole import verify_journal
from tests.deadlines.reading import events, running


@pytest.fixture
def unannounced(story):
    """No calendar of 2026 at all: every day counted in it is provisional."""
    return story


def acknowledge(story):
    (problem,) = story.assigned()
    return problem, running(problem)["acknowledge"]


def test_a_day_counted_without_announced_holidays_is_marked(unannounced):
    _, clock = acknowledge(unannounced)
    assert clock.explanation["basis"]["provisional"]


def test_it_moves_on_when_a_holiday_becomes_known(unannounced):
    story = unannounced
    problem, clock = acknowledge(story)
    year = seed_year(year=2026, actor=story.cast.system)
    set_day(year, day=clock.due, is_working=False, name="抗旱放假", actor=story.cast.system)
    assert recount_all(2026) == 1
    moved = running(problem)["acknowledge"]
    assert moved.due == clock.due + dt.timedelta(days=1)
    assert moved.first_due == moved.due
    assert "provisional" not in moved.explanation["basis"]


def test_counting_again_twice_changes_nothing_twice(unannounced):
    story = unannounced
    problem, _ = acknowledge(story)
    seed_year(year=2026, actor=story.cast.system)
    recount_all(2026)
    assert recount_all(2026) == 0
    assert len(events(problem, "deadlines.recount")) == 1


def test_no_unit_loses_a_day_it_was_told_it_had(unannounced):
    story = unannounced
    story.clock.go_on(4)  # a Friday: the weekend stands in between
    problem, clock = acknowledge(story)
    year = seed_year(year=2026, actor=story.cast.system)
    set_day(year, day=story.clock.today + dt.timedelta(days=1), is_working=True, actor=story.cast.system)
    recount_all(2026)
    assert running(problem)["acknowledge"].due == clock.due


def test_a_date_promised_outside_is_never_counted_again(unannounced):
    problem, _ = acknowledge(unannounced)
    due = running(problem)["rectification"].due
    year = seed_year(year=2026, actor=unannounced.cast.system)
    set_day(year, day=due, is_working=False, actor=unannounced.cast.system)
    recount_all(2026)
    assert running(problem)["rectification"].due == due


def test_editing_a_calendar_plans_the_recount(unannounced):
    story = unannounced
    year = seed_year(year=2028, actor=story.cast.system)
    announce_year(year, basis="国办发明电〔2027〕9号", actor=story.cast.system)
    job = ProcrastinateJob.objects.get(task_name="deadlines.recount")
    assert job.args == {"year": 2028}


def test_the_journal_still_tells_every_row(unannounced):
    acknowledge(unannounced)
    seed_year(year=2026, actor=unannounced.cast.system)
    recount_all(2026)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []
