"""Who below is asked and by when, over random trees and calendars: everybody once, nobody in a circle, nobody later than above."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bihuan.calendars.rules import WorkingCalendar, add_working_days, working_days_between
from bihuan.reviews.periods import due_days, is_tight
from bihuan.reviews.rules import state_of_sheet
from bihuan.reviews.standing import Task, places_below

LEAD = 0
ISSUED = dt.date(2026, 9, 28)


@st.composite
def trees(draw):
    """Measures in the order of a plan, each under an earlier one or under none, carried by few units again and again."""
    found = []
    for key in range(draw(st.integers(0, 9))):
        parent = draw(st.none() | st.integers(0, key - 1)) if key else None
        found.append(Task(key, parent, draw(st.integers(0, 5)), draw(st.booleans())))
    return found


def owed_leaves(tasks):
    divided = {task.parent for task in tasks}
    return [task for task in tasks if task.key not in divided and task.is_owed]


@given(tasks=trees())
def test_every_carrier_of_a_leaf_that_is_owed_is_asked_exactly_once(tasks):
    places = places_below(LEAD, tasks)
    assert len({place.unit for place in places}) == len(places)
    carriers = {task.unit for task in owed_leaves(tasks)} - {LEAD}
    assert {place.unit for place in places if place.carries} == carriers


@given(tasks=trees())
def test_nobody_waits_for_itself_and_the_lead_stands_above_all(tasks):
    places = {place.unit: place for place in places_below(LEAD, tasks)}
    assert LEAD not in places
    for place in places.values():
        assert place.unit not in place.under
        assert place.under[-1] == LEAD
        for upper in place.under[:-1]:
            assert places[upper].depth < place.depth
            assert set(places[upper].under) < set(place.under)


@given(tasks=trees())
def test_whoever_handed_a_leaf_on_stands_above_who_carries_it(tasks):
    """Unless the two hand to each other: then one of them stands above, never both."""
    by_key = {task.key: task for task in tasks}
    under = {place.unit: set(place.under) for place in places_below(LEAD, tasks)}
    for leaf in owed_leaves(tasks):
        one = leaf
        while one.parent is not None and one.unit != LEAD:
            one = by_key[one.parent]
            if one.unit not in (LEAD, leaf.unit) and leaf.unit != LEAD:
                assert one.unit in under[leaf.unit] or leaf.unit in under[one.unit]


def test_a_unit_reached_on_two_ways_stands_under_both_as_deep_as_the_longer():
    tasks = [Task(1, None, 1), Task(2, 1, 3), Task(3, None, 2), Task(4, 3, 1), Task(5, 4, 3)]
    found = {place.unit: (place.under, place.depth, place.carries) for place in places_below(LEAD, tasks)}
    assert found == {2: ((0,), 1, False), 1: ((2, 0), 2, False), 3: ((1, 2, 0), 3, True)}


def test_what_is_done_is_not_asked_about():
    assert places_below(LEAD, [Task(1, None, 1, is_owed=False)]) == []


@st.composite
def calendars(draw):
    off = draw(st.sets(st.integers(0, 50), max_size=25))
    on = draw(st.sets(st.integers(0, 50), max_size=10))
    days = {ISSUED + dt.timedelta(days=n): True for n in on}
    return WorkingCalendar(days | {ISSUED + dt.timedelta(days=n): False for n in off})


@given(days=calendars(), ahead=st.integers(0, 40), depth=st.integers(1, 6), before=st.integers(1, 10))
def test_who_stands_below_is_never_due_later_nor_on_a_day_of_rest_of_its_own(days, ahead, depth, before):
    due_on = ISSUED + dt.timedelta(days=ahead)
    found = due_days(due_on, ISSUED, depth=depth, days_before=before, days=days)
    first = add_working_days(ISSUED, 1, days)
    assert len(found) == depth + 1
    for above, below in pairwise(found):
        assert below <= above
        assert below == above or (days.is_working(below) and below >= first)


@given(days=calendars(), ahead=st.integers(0, 40), before=st.integers(1, 10))
def test_where_there_is_room_the_level_below_has_its_days(days, ahead, before):
    due_on = ISSUED + dt.timedelta(days=ahead)
    [_own, below] = due_days(due_on, ISSUED, depth=1, days_before=before, days=days)
    if not is_tight(due_on, ISSUED, days_before=before, days=days):
        assert working_days_between(below, due_on, days) == before


def test_without_room_the_last_day_before_and_at_last_the_same():
    days = WorkingCalendar({})
    monday = dt.date(2026, 3, 2)
    found = due_days(dt.date(2026, 3, 9), monday, depth=4, days_before=2, days=days)
    assert found[1:] == [dt.date(2026, 3, 5), *([dt.date(2026, 3, 3)] * 3)]
    assert due_days(dt.date(2026, 3, 5), monday, depth=1, days_before=5, days=days)[1] == dt.date(2026, 3, 4)


def test_a_sheet_on_which_nothing_was_asked_is_not_called_answered():
    assert state_of_sheet(["through"]) == "through"
    assert state_of_sheet(["through", "left"]) == "through"
    assert state_of_sheet(["left"]) == "left"
    assert state_of_sheet(["through", "open"]) == "asked"
    assert state_of_sheet(["through", "changed"]) == "answered"
