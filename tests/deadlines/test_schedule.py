"""How far the work should be: as the approved plan says, evenly where there is none; and what the light says of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.deadlines.explaining import sentence
from bihuan.deadlines.readings import written
from bihuan.deadlines.rules import Light, Rule, Thresholds, light_of, scheduled_on
from bihuan.deadlines.schedule import by_parts, first_day_at, last_point, scheduled_progress
from bihuan.ledger.schedules import PlannedPart
from tests.deadlines.made_clocks import DAY, DUE, START, a_clock, clocks, parts


def on(days):
    return START + dt.timedelta(days)


LATE_BLOOM = PlannedPart("1", START, DUE, ((on(60), 10), (on(80), 80)))
"""A plan that says 10 % by the sixtieth day and 80 % by the eightieth of a hundred."""


def progress_cause(clock, day):
    return next(
        cause for cause in light_of(clock, day, Thresholds()).causes if cause.rule is Rule.PROGRESS_GAP
    )


@pytest.mark.parametrize(("days", "percent"), [(0, 0), (50, 0), (61, 10), (80, 10), (81, 80), (100, 100)])
def test_the_plan_is_the_schedule(days, percent):
    assert scheduled_on(a_clock(parts=(LATE_BLOOM,)), on(days)) == percent


def test_a_case_that_keeps_to_its_plan_is_not_judged_by_the_straight_line():
    clock = a_clock(progress=5)
    assert progress_cause(clock, on(50)).light is Light.ORANGE
    kept = replace(clock, parts=(LATE_BLOOM,))
    assert progress_cause(kept, on(50)).light is Light.GREEN
    behind = progress_cause(replace(kept, progress=40), on(81))
    assert (behind.light, behind.data["gap"]) == (Light.ORANGE, 40)
    assert (behind.data["measure"], behind.data["by"], behind.data["percent"]) == (
        "1",
        on(80).isoformat(),
        80,
    )


def test_measures_weigh_the_same_and_one_without_milestones_is_expected_evenly():
    even = PlannedPart("2", START, on(50))
    clock = a_clock(parts=(LATE_BLOOM, even))
    assert scheduled_on(clock, on(25)) == 25, "half of the second, nothing of the first"
    assert scheduled_on(clock, on(61)) == 55
    assert last_point(clock.parts, on(55)).number == "2"
    assert last_point(clock.parts, on(50)) is None


def spans():
    return st.tuples(st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1)), st.integers(0, 200)).map(
        lambda span: (span[0], span[0] + dt.timedelta(span[1]))
    )


@st.composite
def plans(draw):
    start, due = draw(spans())
    return draw(parts(start, due).filter(bool)), start, due


@given(plans(), st.integers(-30, 250))
def test_what_should_be_done_never_becomes_less_and_is_the_whole_when_due(plan, days):
    made, start, due = plan
    day = start + dt.timedelta(days)
    assert 0 <= by_parts(made, due, day) <= by_parts(made, due, day + DAY) <= 100
    assert by_parts(made, due, due) == 100


@given(plans(), st.integers(0, 100))
def test_the_first_day_is_found_as_by_walking(plan, percent):
    made, start, due = plan
    day = start
    while by_parts(made, due, day) < percent:
        day += DAY
    assert first_day_at(made, percent, start, due) == day


@given(plans())
def test_a_single_part_without_milestones_over_all_days_is_the_straight_line(plan):
    _made, start, due = plan
    one = (PlannedPart("1", start, due),)
    for step in range((due - start).days + 2):
        day = start + dt.timedelta(step)
        assert by_parts(one, due, day) == scheduled_progress(start, due, day)


@given(clocks(), st.integers(0, 250))
def test_without_a_plan_nothing_changes_and_with_one_the_named_milestone_has_passed(clock, days):
    day = clock.start + dt.timedelta(days)
    if not clock.parts:
        assert scheduled_on(clock, day) == scheduled_progress(
            clock.start, clock.due, day, clock.suspended_days
        )
        return
    point = last_point(clock.parts, day)
    if point is not None:
        assert point.by < day
        assert not any(point.by < part.due < day for part in clock.parts)


def test_the_light_says_which_milestone():
    cause = progress_cause(a_clock(parts=(LATE_BLOOM,), progress=40), on(81))
    said = sentence(
        {
            "causes": [{"rule": cause.rule.value, "light": cause.light.value, "data": cause.data}],
            "lights": {"code": "lights", "version": 1},
        }
    )
    assert "按方案进度应为 80%，实际 40%，落后 40 个百分点" in said
    assert f"（措施 1 到 {on(80).isoformat()} 应完成 80%）" in said


def test_a_row_keeps_it_as_plain_values():
    assert written((LATE_BLOOM,)) == [
        ["1", START.isoformat(), DUE.isoformat(), [[on(60).isoformat(), 10], [on(80).isoformat(), 80]]]
    ]
