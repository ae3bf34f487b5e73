"""The pure decisions of a review: which cells were touched, what is overtaken, and when the next call goes out."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bihuan.calendars.rules import WorkingCalendar
from bihuan.reviews.periods import next_call
from bihuan.reviews.rules import (
    REQUEST,
    Cell,
    Fault,
    Limits,
    faults,
    merged,
    normalised,
    overtaken,
    state_of_sheet,
    touched,
)
from bihuan.reviews.verbs import Verb

LIMITS = Limits(longest=2000, words=frozenset({"on_time", "at_risk", "not_on_time"}))
TEXT = st.text(alphabet="一二 ab\n", max_size=4)
VALUES = st.fixed_dictionaries(
    {
        Cell.PERCENT: st.integers(0, 100).map(str),
        Cell.FACTS: TEXT,
        Cell.NEXT_STEP: TEXT,
        Cell.OBSTACLE: TEXT,
        Cell.WORD: st.sampled_from(["", "on_time", "at_risk"]),
    }
)


@given(was=VALUES, now=VALUES)
def test_what_comes_back_as_it_went_out_changes_nothing(was, now):
    assert touched(was, was) == frozenset()
    assert faults(was, was, now, open_cells=frozenset(), limits=LIMITS) == ()
    assert merged(was, now, was) == normalised(now)


@given(was=VALUES, now=VALUES, given_back=VALUES)
def test_nothing_newer_is_ever_written_over(was, now, given_back):
    if not overtaken(was, now, given_back):
        after = merged(was, now, given_back)
        for cell in Cell:
            newer = normalised(now)[cell] != normalised(was)[cell]
            if newer:
                assert after[cell] == normalised(now)[cell]


@given(was=VALUES, now=VALUES, given_back=VALUES)
def test_a_line_that_is_taken_says_what_was_written_and_else_what_the_ledger_says(was, now, given_back):
    after = merged(was, now, given_back)
    for cell in Cell:
        source = given_back if cell in touched(was, given_back) else now
        assert after[cell] == normalised(source)[cell]


@given(was=VALUES, given_back=VALUES)
def test_a_locked_cell_is_never_taken(was, given_back):
    wrong = faults(was, given_back, was, open_cells=frozenset(), limits=LIMITS)
    assert (Fault.LOCKED in wrong) == bool(touched(was, given_back))


def test_a_number_is_the_same_number_however_it_is_written():
    was = dict.fromkeys(Cell, "") | {Cell.PERCENT: "45"}
    for text in ("45", " 45 ", "45%", "45.0", "４５", "45％"):
        assert touched(was, was | {Cell.PERCENT: text}) == frozenset()
    assert touched(was, was | {Cell.PERCENT: "0.45"}) == {Cell.PERCENT}


def test_a_request_ends_only_through_an_answer_its_asker_has_seen():
    ends = [edge for edge, to in REQUEST.items() if to == "settled"]
    assert ends == [("answered", Verb.SETTLE_REQUEST), ("refused", Verb.SETTLE_REQUEST)]
    assert {to for (start, _verb), to in REQUEST.items() if start == "settled"} == set()


@given(
    last=st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)),
    every=st.integers(1, 12),
    day=st.integers(1, 28),
    least=st.integers(15, 31),
)
def test_calls_go_out_on_working_days_and_never_like_check_ins(last, every, day, least):
    days = WorkingCalendar({})
    coming = next_call(last, every_months=every, day_of_month=day, least_days=least, days=days)
    assert coming.weekday() < 5
    assert (coming - last).days >= least


def test_a_sheet_is_answered_when_no_row_is_open():
    assert state_of_sheet(["changed", "unchanged", "left"]) == "answered"
    assert state_of_sheet(["changed", "open"]) == "part"
    assert state_of_sheet(["open", "left"]) == "asked"
    assert state_of_sheet([]) == "answered"
