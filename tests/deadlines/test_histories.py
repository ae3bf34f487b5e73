"""Clocks along random histories: lights as the rule says, no day lost, each rung once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bihuan.deadlines import actions, rules
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.models import Clock
from bihuan.deadlines.readings import facts_of, thresholds_of
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from tests.deadlines.climbing import steps
from tests.deadlines.histories import STEPS, Days, take
from tests.deadlines.reading import running
from tests.deadlines.test_reactions import extended
from tests.rectification.conftest import fresh

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from tests.rectification.conftest import Story

pytestmark = pytest.mark.django_db
STOPPED_AND_ON = [("wait", 4), ("suspend", 25), ("raise", 1), ("resume", 3), ("extend", 9), ("suspend", 7), ("resume", 2)]  # fmt: skip


def check_ladder(story: Story, problem: Problem) -> None:
    """Each rung once, in order; nothing due is left over."""
    rungs = [Rung(step.rung) for step in steps(problem) if step.rung != Rung.REMINDER]
    assert rungs == sorted(set(rungs), key=lambda rung: rung.height)
    assert not Clock.objects.filter(
        problem=problem, state="running", next_rung__lte=story.clock.today
    ).exists()


def check_lights(story: Story, problem: Problem) -> None:
    """What is stored is what the rule says today."""
    for row in Clock.objects.filter(problem=problem).select_related("problem", "lights_policy"):
        said = rules.light_of(facts_of(row), story.clock.today, thresholds_of(row))
        assert (row.light, row.next_change) == (said.light.value, said.next_change)


def check_raise(before: Clock, after: Clock) -> None:
    """What was raised by hand is on until the clock ends, whatever else happens to it."""
    if before.raised_to:
        assert rules.Light(after.raised_to).severity >= rules.Light(before.raised_to).severity
        lit = after.state == "running"
        assert not lit or rules.Light(after.light).severity >= rules.Light(before.raised_to).severity


@settings(
    max_examples=8,
    deadline=None,
    # A history is seconds of real actions: shrinking one would take longer than reading it.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(history=STOPPED_AND_ON, again=False)
@example(history=STOPPED_AND_ON, again=True)
@given(history=STEPS, again=st.booleans())
def test_stored_lights_are_what_the_rule_says_each_day_and_no_day_is_lost(story, history, again):
    problem = back_again(story) if again else story.rectifying()
    before = running(problem)["rectification"]
    for step, number in history:
        days, today = Days.of(story, problem), story.clock.today
        take(story, fresh([problem])[0], step, number)
        settled = Days.of(story, problem)
        settled.check_after(days, step, number, today)
        for _ in range(3):
            story.clock.go_on(number)
            actions.sweep_all()
            climb_all()
            check_ladder(story, problem)
            check_lights(story, problem)
            # Days that go by move no day.
            Days.of(story, problem).check_after(settled, "wait", number, story.clock.today)
            after = running(problem)["rectification"]
            check_raise(before, after)
            before = after


def back_again(story: Story) -> Problem:
    """A case that came back: it owes a plan while the work goes on, so a clock nobody else moves stops with it."""
    problem = story.under_review()
    story.close(problem)
    (planned,) = Lookback.objects.filter(problem=problem, state="scheduled")
    lookback.assign_lookback([planned], unit=story.cast.audit, actor=story.cast.coordinator.actor)
    planned.refresh_from_db()
    lookback.rebound(planned, opinion="又漏了。", on=story.clock.today, actor=story.cast.inspector.actor)
    assert running(problem).keys() == {"plan", "rectification"}
    return fresh([problem])[0]


def test_a_clock_begun_again_in_the_same_round_keeps_the_first_date(story):
    """The closure is withdrawn: what was put off before does not count as the first date now."""
    problem = extended(story, story.rectifying(), 20)
    for measure in story.measures(problem):
        story.report(problem, measure=measure)
    story.prove(problem)
    story.apply(problem)
    story.accept(problem)
    story.clock.go_on(20)
    do.end_notice(problem, actor=story.cast.coordinator.actor)
    story.close(problem)
    do.refuse_filing(
        fresh([problem])[0],
        authority="省整改办",
        document_no="江东整改〔2026〕9号",
        refused_on=story.clock.today,
        gates={"similar_cases": "failed"},
        what_is_missing="同类点位没有排查。",
        actor=story.cast.coordinator.actor,
    )
    again = running(problem)["rectification"]
    assert again.due == problem.external_deadline
    assert again.first_due == problem.external_deadline - dt.timedelta(days=20)
