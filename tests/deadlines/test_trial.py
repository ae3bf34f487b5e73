"""A version tried on what has been: the one in force makes of it what the sweeps recorded, another one something else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder.rules import Ladder, Rung
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.models import Clock
from bihuan.deadlines.rules import Light, Thresholds
from bihuan.deadlines.terms import Terms
from bihuan.deadlines.trial.histories import pasts_of, rungs_recorded
from bihuan.deadlines.trial.replaying import lights_shown, lights_under, rungs_under
from bihuan.journal import timesource
from bihuan.journal.models import JournalEvent
from tests.deadlines.test_sweep import STEPS, take
from tests.rectification.conftest import fresh

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from tests.rectification.conftest import Story

pytestmark = pytest.mark.django_db
NIGHT = dt.time(16, 10, tzinfo=dt.UTC)


def sweep() -> None:
    sweep_all()
    climb_all()


def live_on(story: Story, days: int) -> None:
    """The night's sweep (ten past midnight here) in each of so many days."""
    for _day in range(days):
        with timesource.at(dt.datetime.combine(story.clock.today, NIGHT)):
            sweep()
        story.clock.go_on(1)


def pasts(problem: Problem):
    return dict(pasts_of([problem.pk]))[problem.pk]


def tried(problem: Problem, ladder: Ladder, until: dt.date):
    return rungs_under(pasts(problem), ladder, Terms(until).calendar(problem), until)


def ladder_of(problem: Problem) -> Ladder:
    return Ladder.from_record(clock_of(problem).ladder_policy.body)


def clock_of(problem: Problem) -> Clock:
    rows = Clock.objects.filter(problem=problem, kind="rectification")
    return rows.select_related("lights_policy", "ladder_policy").get()


def same(ladder: Ladder, **changes) -> Ladder:
    return Ladder(**{name: getattr(ladder, name) for name in Ladder.__slots__} | changes)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=STEPS)
def test_the_version_in_force_makes_of_the_past_what_the_sweeps_made_of_it(story, history):
    problem = story.rectifying()
    for step, number in history:
        take(story, fresh([problem])[0], step, number)
        sweep()
        live_on(story, 3 * number)
    problem, today = fresh([problem])[0], story.clock.today - dt.timedelta(days=1)
    thresholds = Thresholds.from_record(clock_of(problem).lights_policy.body)
    for past in pasts(problem):
        assert lights_under(past, thresholds, today) == lights_shown(past, today)
    recorded = rungs_recorded([problem.pk], today)[problem.pk]
    found = tried(problem, ladder_of(problem), today)
    assert sorted(found, key=str) == sorted(recorded, key=str)
