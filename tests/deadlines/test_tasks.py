"""The lights of a tree of tasks: what lies below colours what lies above, and says which."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.deadlines.rules import Clock, Light, Thresholds, light_of, scheduled_on
from bihuan.deadlines.tasks import coloured

DAY = dt.date(2026, 6, 1)
LIGHTS = st.sampled_from([Light.OFF, Light.GREEN, Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED])


@st.composite
def trees(draw):
    size = draw(st.integers(1, 12))
    parents = {0: None} | {one: draw(st.none() | st.integers(0, one - 1)) for one in range(1, size)}
    return parents, {one: draw(LIGHTS) for one in parents}


def branch_of(parents, task):
    below = [one for one, parent in parents.items() if parent == task]
    return [task, *(found for one in below for found in branch_of(parents, one))]


@given(trees())
def test_a_task_shows_the_worst_of_its_branch_and_names_where_it_is(tree):
    parents, own = tree
    for task, branch in coloured(parents, own).items():
        severities = [own[one].severity for one in branch_of(parents, task)]
        assert branch.light.severity == max(severities)
        assert branch.source in branch_of(parents, task)
        assert own[branch.source] is branch.light


@given(trees(), st.data())
def test_a_light_that_gets_worse_makes_nothing_above_better(tree, data):
    parents, own = tree
    task = data.draw(st.sampled_from(sorted(own)))
    worse = own | {task: Light.RED}
    before, after = coloured(parents, own), coloured(parents, worse)
    assert all(after[one].light.severity >= before[one].light.severity for one in own)
    at = task
    while at is not None:
        assert after[at].light is Light.RED
        at = parents[at]


@given(trees())
def test_what_lies_beside_colours_nothing(tree):
    parents, own = tree
    for task, branch in coloured(parents, own).items():
        inside = set(branch_of(parents, task))
        repainted = {one: own[one] if one in inside else Light.RED for one in own}
        assert coloured(parents, repainted)[task] == branch


MARKED = Clock(
    start=DAY,
    due=DAY + dt.timedelta(100),
    first_due=DAY + dt.timedelta(100),
    progress=0,
    milestones=((DAY + dt.timedelta(60), 30), (DAY + dt.timedelta(80), 90)),
)


@pytest.mark.parametrize(("days", "percent"), [(0, 0), (60, 0), (61, 30), (80, 30), (81, 90), (100, 100)])
def test_a_milestone_is_due_by_the_end_of_its_day(days, percent):
    assert scheduled_on(MARKED, DAY + dt.timedelta(days)) == percent


@given(st.integers(0, 120), st.integers(0, 100))
def test_the_next_change_by_milestones_is_found_by_walking(days, progress):
    clock, today, policy = replace(MARKED, progress=progress), DAY + dt.timedelta(days), Thresholds()
    reading = light_of(clock, today, policy)
    later = (today + dt.timedelta(step) for step in range(1, 150))
    walked = next((day for day in later if light_of(clock, day, policy).light is not reading.light), None)
    assert reading.next_change == walked
