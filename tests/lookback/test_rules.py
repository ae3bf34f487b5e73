"""When an ended problem is looked at again, and who may do it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger.supervision import raised
from bihuan.lookback.rules import Bar, Before, Looker, Terms, bars_to, next_due

ENDED = date(2026, 3, 1)
TERMS = Terms(first_after_days=90, again_after_days=365)
DATES = st.dates(date(2025, 1, 1), date(2030, 1, 1))
ANY_TERMS = st.builds(
    Terms,
    first_after_days=st.integers(1, 400),
    again_after_days=st.none() | st.integers(1, 400),
    dates=st.lists(DATES, max_size=4).map(lambda days: tuple(sorted(days))),
)


def test_the_first_look_is_counted_from_the_ending():
    assert next_due(ENDED, [], TERMS) == date(2026, 5, 30)


def test_the_second_is_counted_from_the_first():
    assert next_due(ENDED, [date(2026, 6, 3)], TERMS) == date(2027, 6, 3)


def test_after_two_it_was_looked_at_enough():
    assert next_due(ENDED, [date(2026, 6, 3), date(2027, 6, 3)], TERMS) is None


def test_without_a_second_term_there_is_no_second_look():
    assert next_due(ENDED, [date(2026, 6, 3)], Terms(first_after_days=90)) is None


@pytest.mark.parametrize("looks", range(1, 6))
def test_a_standing_duty_is_never_looked_at_enough(looks):
    held = [date(2026 + turn, 6, 3) for turn in range(looks)]
    assert next_due(ENDED, held, TERMS, standing=True) == held[-1] + timedelta(days=365)
    assert next_due(ENDED, held, Terms(first_after_days=90), standing=True) == held[-1] + timedelta(days=90)


def test_a_concentrated_look_comes_first_where_it_is_earlier():
    terms = Terms(first_after_days=90, dates=(date(2026, 2, 1), date(2026, 4, 20)))
    assert next_due(ENDED, [], terms) == date(2026, 4, 20)


def test_the_body_of_a_policy_is_read():
    body = {"first_after_days": 30, "again_after_days": None, "dates": ["2026-12-01", "2026-06-01"]}
    assert Terms.from_record(body) == Terms(first_after_days=30, dates=(date(2026, 6, 1), date(2026, 12, 1)))


@given(ENDED_ON=DATES, held=st.lists(DATES, max_size=3).map(sorted), terms=ANY_TERMS)
def test_the_next_look_is_always_later_than_the_last(ENDED_ON, held, terms):  # noqa: N803
    held = [day for day in held if day >= ENDED_ON]
    due = next_due(ENDED_ON, held, terms)
    assert due is None or due > (held[-1] if held else ENDED_ON)


@given(DATES, ANY_TERMS)
def test_every_ending_is_looked_at_within_its_first_term(ended_on, terms):
    due = next_due(ended_on, [], terms)
    assert due is not None
    assert due <= ended_on + timedelta(days=terms.first_after_days)


PERSONS = [uuid.UUID(int=number) for number in range(1, 6)]
UNITS = [uuid.UUID(int=number) for number in range(11, 14)]
STRANGER = Looker(persons=frozenset({PERSONS[0]}), unit=UNITS[0], path="city.audit")


def test_nothing_stands_against_a_stranger():
    before = Before(
        accepted_by=frozenset({PERSONS[1]}), accepted_units=frozenset({UNITS[1]}), doing_paths=("city.water",)
    )
    assert bars_to(STRANGER, before) == []


@pytest.mark.parametrize(
    ("before", "bar"),
    [
        (Before(accepted_by=frozenset({PERSONS[0]})), Bar.ACCEPTED),
        (Before(accepted_units=frozenset({UNITS[0]})), Bar.ACCEPTING_UNIT),
        (Before(took_part=frozenset({PERSONS[0]})), Bar.TOOK_PART),
        (Before(ended_it=frozenset({PERSONS[0]})), Bar.ENDED_IT),
        (Before(doing_paths=("city",)), Bar.DOING_UNIT),
        (Before(doing_paths=("city.audit",)), Bar.DOING_UNIT),
    ],
)
def test_each_part_bars(before, bar):
    assert bars_to(STRANGER, before) == [bar]


def test_a_unit_whose_name_begins_alike_is_not_under_it():
    assert bars_to(STRANGER, Before(doing_paths=("city.aud",))) == []


@given(st.frozensets(st.sampled_from(PERSONS)), st.frozensets(st.sampled_from(PERSONS), min_size=1))
def test_whoever_accepted_never_looks_back_not_even_for_another(accepted, looking):
    looker = Looker(persons=looking, unit=UNITS[0], path="city.audit")
    assert (Bar.ACCEPTED in bars_to(looker, Before(accepted_by=accepted))) == bool(accepted & looking)


def test_supervision_rises_by_a_step_and_is_never_published_by_the_program():
    steps = ["regular", "priority", "raised", "raised"]
    assert [raised(level) for level in steps[:3]] == steps[1:]
    assert raised("listed") == "listed"
