from __future__ import annotations

import datetime as dt
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.learning.rules import (
    Compared,
    Reason,
    Terms,
    chance_of,
    compared,
    is_due,
    is_held_back,
    verdict,
)

IDS = st.uuids()
PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60)
TERMS = st.builds(Terms, st.integers(1, 40), st.integers(0, 20), st.integers(1, 50))


@given(IDS, st.integers(0, 100), st.integers(0, 100))
def test_a_higher_share_holds_back_all_that_a_lower_one_does(problem, one, other):
    low, high = sorted((one, other))
    assert is_held_back(problem, high) or not is_held_back(problem, low)


@given(IDS)
def test_nothing_and_everything(problem):
    assert not is_held_back(problem, 0)
    assert is_held_back(problem, 100)


def test_about_the_asked_share_is_held_back():
    held = sum(is_held_back(UUID(int=number), 20) for number in range(5000))
    assert 900 < held < 1100


@given(PAIRS)
def test_what_is_compared_adds_up(pairs):
    found = compared(pairs)
    assert found.new_right - found.old_right == found.gained - found.lost
    assert max(found.old_right, found.new_right, found.gained + found.lost) <= found.rows == len(pairs)


@given(PAIRS, TERMS)
def test_nothing_is_taken_into_use_that_is_not_better(pairs, terms):
    found = compared(pairs)
    if verdict(found, terms) is Reason.BETTER:
        assert found.new_right > found.old_right
        assert found.rows >= terms.least_rows
        assert chance_of(found.gained, found.lost) <= terms.most_chance / 100
        assert found.new_right - found.old_right >= Fraction(terms.least_gain * found.rows, 100)


@given(PAIRS, TERMS)
def test_of_two_models_at_most_one_replaces_the_other(pairs, terms):
    there = verdict(compared(pairs), terms)
    back = verdict(compared([(new, old) for old, new in pairs]), terms)
    assert not there == back == Reason.BETTER


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Compared(rows=29, old_right=0, new_right=29, gained=29, lost=0), Reason.TOO_FEW),
        (Compared(rows=100, old_right=80, new_right=80, gained=5, lost=5), Reason.NO_GAIN),
        (Compared(rows=100, old_right=80, new_right=79, gained=5, lost=6), Reason.NO_GAIN),
        (Compared(rows=400, old_right=300, new_right=306, gained=6, lost=0), Reason.SMALL_GAIN),
        (Compared(rows=100, old_right=80, new_right=83, gained=10, lost=7), Reason.CHANCE),
        (Compared(rows=100, old_right=80, new_right=88, gained=10, lost=2), Reason.BETTER),
    ],
)
def test_each_reason_has_its_case(found, reason):
    assert verdict(found, Terms(least_rows=30, least_gain=2, most_chance=5)) is reason


@pytest.mark.parametrize(
    ("gained", "lost", "chance"), [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (1, 1, 0.75), (2, 1, 0.5)]
)
def test_the_chance_is_that_of_throwing_a_coin(gained, lost, chance):
    assert chance_of(gained, lost) == pytest.approx(chance)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_chance_is_a_chance(gained, lost):
    assert 0 < chance_of(gained, lost) <= 1
    assert chance_of(gained + 1, lost) <= chance_of(gained, lost)


TODAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("last", "every", "fresh", "due"),
    [
        (None, 30, 1, True),
        (None, 30, 0, False),
        (None, 0, 5, False),
        (dt.date(2026, 5, 2), 30, 1, True),
        (dt.date(2026, 5, 3), 30, 1, False),
        (dt.date(2026, 1, 1), 30, 0, False),
    ],
)
def test_a_training_is_due_when_its_days_are_over_and_something_is_new(last, every, fresh, due):
    assert is_due(last, TODAY, every, fresh=fresh) is due
