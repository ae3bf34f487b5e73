"""What may be done to a clock, and what it makes of its light."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.deadlines.changing import (
    NotHigher,
    NotLater,
    NotRunning,
    ended,
    extended,
    raised,
    resumed,
    suspended,
)
from bihuan.deadlines.rules import Clock, Light, Thresholds, light_of
from tests.deadlines.made_clocks import DAY, DEFAULT, DUE, START, a_clock, clocks_on_a_day, policies


@given(clocks_on_a_day(), policies(), st.integers(0, 50))
def test_suspended_clock_shows_no_light_and_never_changes(
    case: tuple[Clock, date], policy: Thresholds, days: int
) -> None:
    clock, today = case
    reading = light_of(suspended(clock, today), today + timedelta(days=days), policy)
    assert (reading.light, reading.next_change) == (Light.OFF, None)


@given(clocks_on_a_day(), policies(), st.integers(0, 50))
def test_ended_clock_shows_no_light_and_never_changes(
    case: tuple[Clock, date], policy: Thresholds, days: int
) -> None:
    clock, today = case
    reading = light_of(ended(clock, today), today + timedelta(days=days), policy)
    assert (reading.light, reading.next_change) == (Light.OFF, None)


@given(clocks_on_a_day(), policies(), st.integers(0, 60))
def test_pause_moves_everything_by_its_days(case: tuple[Clock, date], policy: Thresholds, days: int) -> None:
    clock, today = case
    assume(today >= clock.start)
    pause = timedelta(days=days)
    again = resumed(suspended(clock, today), today + pause)
    before, after = light_of(clock, today, policy), light_of(again, today + pause, policy)
    assert after.light is before.light
    assert after.next_change == (before.next_change and before.next_change + pause)


@given(clocks_on_a_day(), st.integers(1, 90))
def test_extension_keeps_the_first_deadline(case: tuple[Clock, date], days: int) -> None:
    clock, _ = case
    assert extended(clock, clock.due + timedelta(days=days)).first_due == clock.first_due


@given(clocks_on_a_day(), st.integers(1, 400))
def test_green_is_not_to_be_had_by_moving_the_deadline(case: tuple[Clock, date], days: int) -> None:
    clock, today = case
    later = extended(clock, clock.due + timedelta(days=days))
    assert light_of(later, today, DEFAULT).light is not Light.GREEN


@pytest.mark.parametrize("days", [0, -1])
def test_extension_to_no_later_date_is_refused(days: int) -> None:
    with pytest.raises(NotLater, match="leads to a date after 2026-06-10"):
        extended(a_clock(), DUE + timedelta(days=days))


def test_raise_by_hand_outlasts_an_extension() -> None:
    clock = extended(raised(a_clock(), Light.ORANGE, START, DEFAULT), DUE + timedelta(days=30))
    assert light_of(clock, START, DEFAULT).light is Light.ORANGE


@given(clocks_on_a_day(), policies(), st.sampled_from(Light))
def test_hand_can_only_make_the_light_worse(case: tuple[Clock, date], policy: Thresholds, to: Light) -> None:
    clock, today = case
    present = light_of(clock, today, policy).light
    if to.severity > present.severity:
        assert light_of(raised(clock, to, today, policy), today, policy).light is to
    else:
        with pytest.raises(NotHigher, match="can only become worse"):
            raised(clock, to, today, policy)


@pytest.mark.parametrize(
    "stopped", [suspended(a_clock(), START), ended(a_clock(), START)], ids=["suspended", "ended"]
)
def test_stopped_clock_is_not_extended(stopped: Clock) -> None:
    with pytest.raises(NotRunning):
        extended(stopped, DUE + DAY)


def test_stopped_clock_is_not_raised() -> None:
    with pytest.raises(NotRunning, match="is suspended"):
        raised(suspended(a_clock(), START), Light.RED, START, DEFAULT)


def test_running_clock_is_not_resumed() -> None:
    with pytest.raises(NotRunning, match="only a suspended clock"):
        resumed(a_clock(), START)


def test_clock_is_not_resumed_before_it_was_stopped() -> None:
    with pytest.raises(NotRunning, match="cannot run again from 2026-03-01"):
        resumed(suspended(a_clock(), START), START - DAY)


def test_suspended_clock_can_be_ended() -> None:
    assert ended(suspended(a_clock(), START), START + DAY).ended_on == START + DAY


def test_clock_ends_once() -> None:
    with pytest.raises(NotRunning, match="ended already"):
        ended(ended(a_clock(), START), START)
