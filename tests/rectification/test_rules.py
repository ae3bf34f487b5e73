from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.rectification.rules import (
    ExtensionFacts,
    ExtensionFault,
    HandDown,
    HandDownFault,
    PlanFault,
    PlannedMeasure,
    fault_of_extension,
    fault_of_hand_down,
    faults_of_plan,
    put_off,
    rolled_up,
)

DAY = dt.date(2026, 5, 6)
IDS = [uuid.UUID(int=number) for number in range(1, 30)]


@st.composite
def trees(draw):
    """Measures each of which stands under an earlier one or at the top, and what each reports."""
    size = draw(st.integers(1, 20))
    parents = {}
    for place in range(size):
        parent = draw(st.none() | st.sampled_from(IDS[:place])) if place else None
        parents[IDS[place]] = parent
    reported = {one: draw(st.integers(0, 100)) for one in parents}
    return parents, reported


def leaves_of(parents):
    return [one for one in parents if one not in parents.values()]


@given(trees())
def test_the_whole_lies_between_the_worst_and_the_best_leaf(tree):
    parents, reported = tree
    leaves = [reported[one] for one in leaves_of(parents)]
    # Rounding down may cost up to one point on each level.
    assert min(leaves) - len(parents) <= rolled_up(parents, reported)[None] <= max(leaves)


@given(trees())
def test_nothing_is_whole_before_all_of_it_is(tree):
    parents, reported = tree
    found = rolled_up(parents, reported)
    assert (found[None] == 100) == all(reported[one] == 100 for one in leaves_of(parents))


@given(trees(), st.data())
def test_more_work_never_means_less_progress(tree, data):
    parents, reported = tree
    one = data.draw(st.sampled_from(leaves_of(parents)))
    more = reported | {one: data.draw(st.integers(reported[one], 100))}
    assert rolled_up(parents, more)[None] >= rolled_up(parents, reported)[None]


@given(trees())
def test_what_a_measure_with_parts_says_itself_does_not_count(tree):
    parents, reported = tree
    leaves = set(leaves_of(parents))
    silent = {one: percent if one in leaves else 0 for one, percent in reported.items()}
    assert rolled_up(parents, silent) == rolled_up(parents, reported)


def test_no_measures_are_no_progress():
    assert rolled_up({}, {}) == {None: 0}


HANDED = HandDown(
    unit=IDS[5],
    chain=(IDS[0], IDS[1]),
    is_subordinate=True,
    is_open=True,
    deadline=DAY,
    parent_deadline=DAY,
    parent_done=False,
)


def test_handing_down_on_the_parents_last_day_is_right():
    assert fault_of_hand_down(HANDED, DAY) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"parent_done": True}, HandDownFault.DONE),
        ({"is_open": False}, HandDownFault.CLOSED_UNIT),
        ({"unit": IDS[1]}, HandDownFault.CIRCULAR),
        ({"is_subordinate": False}, HandDownFault.NOT_SUBORDINATE),
        ({"deadline": DAY + dt.timedelta(1)}, HandDownFault.LATER_THAN_PARENT),
        ({"deadline": DAY - dt.timedelta(1)}, HandDownFault.BEFORE_TODAY),
        ({"chain": tuple(IDS[:5] + IDS[6:8])}, HandDownFault.TOO_DEEP),
    ],
)
def test_handing_down_is_refused_with_its_reason(change, fault):
    assert fault_of_hand_down(replace(HANDED, **change), DAY) is fault


@given(st.integers(-400, 400), st.integers(0, 6))
def test_a_measure_is_never_handed_down_beyond_its_own_deadline(days, depth):
    facts = replace(HANDED, deadline=DAY + dt.timedelta(days), chain=tuple(IDS[6 : 6 + depth]))
    if fault_of_hand_down(facts, DAY) is None:
        assert facts.deadline <= facts.parent_deadline


ASKED = ExtensionFacts(
    today=DAY,
    first_deadline=DAY + dt.timedelta(20),
    deadline=DAY + dt.timedelta(20),
    last_day_to_ask=DAY,
    new_deadline=DAY + dt.timedelta(50),
    granted_before=0,
    most=1,
    longest=30,
    one_is_pending=False,
)


def test_asking_on_the_last_day_for_the_longest_time_is_right():
    assert fault_of_extension(ASKED) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"one_is_pending": True}, ExtensionFault.ALREADY_ASKED),
        ({"today": DAY + dt.timedelta(21)}, ExtensionFault.EXPIRED),
        ({"today": DAY + dt.timedelta(1)}, ExtensionFault.TOO_LATE_TO_ASK),
        ({"granted_before": 1}, ExtensionFault.TOO_OFTEN),
        ({"new_deadline": DAY + dt.timedelta(20)}, ExtensionFault.NOT_LATER),
        ({"new_deadline": DAY + dt.timedelta(51)}, ExtensionFault.TOO_LONG),
        ({"first_deadline": DAY}, ExtensionFault.TOO_LONG),
    ],
)
def test_an_extension_is_refused_with_its_reason(change, fault):
    assert fault_of_extension(replace(ASKED, **change)) is fault


@given(st.dates(), st.integers(1, 300), st.integers(0, 300))
def test_an_inner_date_keeps_its_distance(old, later, before):
    old = max(old, dt.date(2, 1, 1))
    old = min(old, dt.date(9000, 1, 1))
    new = old + dt.timedelta(later)
    inner = old - dt.timedelta(before)
    assert new - put_off(inner, old=old, new=new) == old - inner


ROW = PlannedMeasure(
    number="1",
    has_text=True,
    has_deliverable=True,
    deadline=DAY,
    latest=DAY,
    depth=1,
    unit_takes_part=True,
    unit_is_open=True,
)


def faults(*rows, goal="到位", missing=()):
    return [
        fault.kind
        for fault in faults_of_plan(goal=goal, measures=rows, missing_assurances=missing, today=DAY)
    ]


def test_a_whole_plan_has_no_fault():
    assert faults(ROW) == []


def test_a_plan_without_goal_and_measures_has_both_faults_at_once():
    assert faults(goal=" ", missing=("funds",)) == [
        PlanFault.NO_GOAL,
        PlanFault.NO_MEASURE,
        PlanFault.ASSURANCE_MISSING,
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"has_text": False}, PlanFault.NO_TEXT),
        ({"has_deliverable": False}, PlanFault.NO_DELIVERABLE),
        ({"deadline": DAY + dt.timedelta(1)}, PlanFault.AFTER_PROBLEM),
        ({"deadline": DAY + dt.timedelta(1), "depth": 2}, PlanFault.AFTER_PARENT),
        ({"deadline": DAY - dt.timedelta(1)}, PlanFault.BEFORE_TODAY),
        ({"depth": 7}, PlanFault.TOO_DEEP),
        ({"unit_takes_part": False}, PlanFault.STRANGER),
        ({"unit_is_open": False}, PlanFault.CLOSED_UNIT),
    ],
)
def test_a_row_is_refused_with_its_reason(change, fault):
    assert faults(replace(ROW, **change)) == [fault]
