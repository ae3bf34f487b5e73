"""Quiet hours and days off: nothing leaves in them, everything leaves after them, and no later than it must."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.outlets.timing import Hours, back_off

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = dt.datetime.fromisoformat("2026-01-01"), dt.datetime.fromisoformat("2026-12-31")
MOMENTS = st.datetimes(*YEAR, timezones=st.just(ZONE))
CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))
MINUTE = dt.timedelta(minutes=1)


def weekdays(day):
    return day.weekday() < 5


def hours_of(start="20:00", end="08:00", *, working=False, gather=0, works=weekdays):
    body = {"quiet_from": start, "quiet_until": end, "working_days_only": working, "gather_minutes": gather}
    return Hours.of(body, works)


HOURS = st.builds(
    Hours,
    quiet_from=CLOCKS,
    quiet_until=CLOCKS,
    working_days_only=st.booleans(),
    gather=st.integers(0, 600).map(lambda minutes: minutes * MINUTE),
    works=st.sampled_from([weekdays, lambda day: day.day % 9 == 0, lambda day: True]),
)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@given(hours=HOURS, moment=MOMENTS)
def test_nothing_that_is_not_urgent_leaves_in_quiet(hours, moment):
    due = hours.due(moment, urgent=False)
    assert not hours.is_quiet(due)
    assert due >= moment + hours.gather


@given(hours=HOURS, moment=MOMENTS)
def test_nothing_waits_longer_than_quiet_lasts(hours, moment):
    """Every minute between the moment and its end is quiet (looked at every seventh, for the sake of time)."""
    opened = hours.next_open(moment)
    step = moment
    while step < opened:
        assert hours.is_quiet(step)
        step += 7 * MINUTE
    if opened > moment:
        assert hours.is_quiet(opened - dt.timedelta(microseconds=1))


@given(hours=HOURS, moment=MOMENTS)
def test_the_urgent_leaves_at_once(hours, moment):
    assert hours.due(moment, urgent=True) == moment


@given(hours=HOURS, one=MOMENTS, other=MOMENTS)
def test_what_comes_first_is_due_first(hours, one, other):
    first, second = sorted([one, other])
    assert hours.due(first, urgent=False) <= hours.due(second, urgent=False)


@pytest.mark.parametrize(
    ("start", "end", "working", "moment", "opened"),
    [
        ("20:00", "08:00", False, "2026-11-26T21:00", "2026-11-27T08:00"),
        ("20:00", "08:00", False, "2026-11-27T07:59", "2026-11-27T08:00"),
        ("20:00", "08:00", False, "2026-11-27T08:00", "2026-11-27T08:00"),
        ("20:00", "08:00", False, "2026-11-27T20:00", "2026-11-28T08:00"),
        ("12:00", "14:00", False, "2026-11-26T13:00", "2026-11-26T14:00"),
        ("08:00", "08:00", False, "2026-11-26T08:00", "2026-11-26T08:00"),
        # Friday evening waits for Monday morning, and so does Saturday noon.
        ("20:00", "08:00", True, "2026-11-27T21:00", "2026-11-30T08:00"),
        ("20:00", "08:00", True, "2026-11-28T12:00", "2026-11-30T08:00"),
        ("00:00", "00:00", True, "2026-11-28T12:00", "2026-11-30T00:00"),
    ],
)
def test_when_it_opens(start, end, working, moment, opened):
    assert hours_of(start, end, working=working).next_open(at(moment)) == at(opened)


def test_a_calendar_in_which_nobody_works_holds_nothing_for_ever():
    held = hours_of(working=True, works=lambda day: False).next_open(at("2026-11-26T12:00"))
    assert held - at("2026-11-26T12:00") < dt.timedelta(days=63)


def test_waiting_grows_and_has_an_end():
    waits = [back_off(attempts).seconds // 60 for attempts in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
