"""The light of a clock, its reasons, and the exact day on which it next changes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.deadlines.rules import (
    Clock,
    LaterThanOuter,
    Light,
    NotHigher,
    NotLater,
    NotRunning,
    Rule,
    Thresholds,
    check_inner_deadline,
    ended,
    extended,
    light_of,
    raised,
    resumed,
    scheduled_progress,
    suspended,
    was_late,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)
START = date(2026, 3, 2)
DUE = date(2026, 6, 10)  # a hundred days later, so that a day is a per cent
DEFAULT = Thresholds()


def a_clock(**changes: object) -> Clock:
    return replace(Clock(start=START, due=DUE, first_due=DUE), **changes)  # type: ignore[arg-type]


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    start = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    length = draw(st.integers(0, 200))
    paused = draw(st.integers(0, 20))
    put_off = draw(st.sampled_from([0, 0, 5, 40]))
    due = start + timedelta(days=length + paused + put_off)
    in_hours = draw(st.booleans())
    return Clock(
        start=start,
        due=due,
        first_due=start + timedelta(days=length),
        due_at=datetime(due.year, due.month, due.day, draw(st.integers(0, 23)), 30, tzinfo=CHINA)
        if in_hours
        else None,
        progress=draw(st.none() | st.integers(0, 100)),
        suspended_days=paused,
        raised_to=draw(st.sampled_from([None, None, Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED])),
    )


@st.composite
def policies(draw: st.DrawFn) -> Thresholds:
    blue, yellow, orange = sorted(draw(st.lists(st.integers(0, 30), min_size=3, max_size=3)), reverse=True)
    gaps = sorted(draw(st.lists(st.integers(0, 60), min_size=2, max_size=2)))
    values = {
        "blue_days": blue,
        "yellow_days": yellow,
        "orange_days": orange,
        "gap_yellow": gaps[0],
        "gap_orange": gaps[1],
    }
    for switched_off in draw(st.sets(st.sampled_from(sorted(values)), max_size=2)):
        values[switched_off] = None
    mildest = draw(st.sampled_from([Light.GREEN, Light.BLUE, Light.YELLOW]))
    return Thresholds(**values, extended_at_least=mildest)


@st.composite
def clocks_on_a_day(draw: st.DrawFn) -> tuple[Clock, date]:
    clock = draw(clocks())
    return clock, clock.start + timedelta(days=draw(st.integers(-40, 300)))


def moments_after(today: date, clock: Clock) -> Iterator[tuple[date, datetime | None]]:
    """Every midnight and the due instant, in order, until well past everything that can happen."""
    day = today
    last = max(clock.due, today) + timedelta(days=40)
    while day <= last:
        if day > today:
            yield day, None
        if clock.due_at is not None and day == clock.due:
            yield day, clock.due_at
        day += DAY


@given(clocks_on_a_day(), policies())
def test_next_change_is_the_first_moment_found_by_walking_day_by_day(
    case: tuple[Clock, date], policy: Thresholds
) -> None:
    clock, today = case
    reading = light_of(clock, today, policy)
    walked = next(
        (
            (day, at)
            for day, at in moments_after(today, clock)
            if light_of(clock, day, policy, now=at).light is not reading.light
        ),
        (None, None),
    )
    assert (reading.next_change, reading.next_change_at) == walked


@given(
    length=st.integers(1, 250),
    paused=st.integers(0, 30),
    progress=st.integers(0, 60),
    thresholds=st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted),
    offset=st.integers(-5, 200),
)
def test_day_on_which_progress_falls_behind_is_exact(
    length: int, paused: int, progress: int, thresholds: list[int], offset: int
) -> None:
    # Without the rules of time left nothing covers up a gap found a day early or late.
    policy = Thresholds(
        blue_days=None, yellow_days=None, orange_days=None, gap_yellow=thresholds[0], gap_orange=thresholds[1]
    )
    due = START + timedelta(days=length + paused)
    clock = Clock(
        start=START, due=due, first_due=due - timedelta(days=paused), progress=progress, suspended_days=paused
    )
    today = START + timedelta(days=offset)
    reading = light_of(clock, today, policy)
    walked = (
        day
        for day, _ in moments_after(today, clock)
        if light_of(clock, day, policy).light is not reading.light
    )
    assert reading.next_change == next(walked, None)


@given(clocks_on_a_day(), policies())
def test_time_alone_never_makes_a_light_milder(case: tuple[Clock, date], policy: Thresholds) -> None:
    clock, today = case
    later = today + DAY
    assert light_of(clock, later, policy).light.severity >= light_of(clock, today, policy).light.severity


@given(clocks_on_a_day(), policies())
def test_light_is_the_worst_of_its_causes(case: tuple[Clock, date], policy: Thresholds) -> None:
    reading = light_of(*case, policy)
    assert reading.light is reading.causes[0].light
    assert reading.light.severity == max(cause.light.severity for cause in reading.causes)


@given(clocks_on_a_day(), policies())
def test_causes_can_be_kept_in_the_journal(case: tuple[Clock, date], policy: Thresholds) -> None:
    causes = [asdict(cause) for cause in light_of(*case, policy).causes]
    assert json.loads(json.dumps(causes, allow_nan=False)) == causes


@pytest.mark.parametrize(
    ("days_left", "light"),
    [
        (16, Light.GREEN),
        (15, Light.BLUE),
        (11, Light.BLUE),
        (10, Light.YELLOW),
        (4, Light.YELLOW),
        (3, Light.ORANGE),
        (0, Light.ORANGE),
        (-1, Light.RED),
        (-400, Light.RED),
    ],
)
def test_time_left_gives_the_light_of_the_default_policy(days_left: int, light: Light) -> None:
    assert light_of(a_clock(), DUE - timedelta(days=days_left), DEFAULT).light is light


@pytest.mark.parametrize(
    ("gap", "light"),
    [(0, Light.GREEN), (9, Light.GREEN), (10, Light.YELLOW), (30, Light.YELLOW), (31, Light.ORANGE)],
)
def test_progress_behind_schedule_gives_the_light_of_the_default_policy(gap: int, light: Light) -> None:
    today = START + timedelta(days=50)
    assert light_of(a_clock(progress=50 - gap), today, DEFAULT).light is light


def test_progress_ahead_of_schedule_does_not_soften_the_time_left() -> None:
    assert light_of(a_clock(progress=100), DUE - DAY, DEFAULT).light is Light.ORANGE


def test_clock_without_measured_progress_has_no_gap() -> None:
    assert [cause.rule for cause in light_of(a_clock(), DUE - DAY, DEFAULT).causes] == [Rule.TIME_LEFT]


def test_reading_tells_the_numbers_it_was_judged_by() -> None:
    reading = light_of(a_clock(progress=20), START + timedelta(days=45), DEFAULT)
    assert reading.causes[0].data == {"scheduled": 45, "progress": 20, "gap": 25, "threshold": 10}


def test_deadline_passes_at_the_end_of_its_day() -> None:
    assert light_of(a_clock(), DUE, DEFAULT).next_change == DUE + DAY


@pytest.mark.parametrize(("minute", "light"), [(29, Light.ORANGE), (30, Light.RED), (31, Light.RED)])
def test_deadline_counted_in_hours_passes_at_its_instant(minute: int, light: Light) -> None:
    due_at = datetime(2026, 6, 10, 15, 30, tzinfo=CHINA)
    now = due_at.replace(minute=minute)
    assert light_of(a_clock(due_at=due_at), DUE, DEFAULT, now=now).light is light


def test_change_at_an_hour_names_the_instant() -> None:
    due_at = datetime(2026, 6, 10, 15, 30, tzinfo=CHINA)
    reading = light_of(a_clock(due_at=due_at), DUE - DAY, DEFAULT)
    assert (reading.next_change, reading.next_change_at) == (DUE, due_at)


def test_moment_of_another_day_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lie within"):
        light_of(a_clock(), DUE, DEFAULT, now=datetime(2026, 6, 9, 8, 0, tzinfo=CHINA))


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


@pytest.mark.parametrize(("days", "late"), [(-1, False), (0, False), (1, True)])
def test_lateness_is_counted_from_the_end_of_the_due_day(days: int, late: bool) -> None:
    assert was_late(ended(a_clock(), DUE + timedelta(days=days))) is late


def test_inner_deadline_after_the_outer_is_refused() -> None:
    with pytest.raises(LaterThanOuter, match="the deadline it serves"):
        check_inner_deadline(DUE + DAY, DUE)


def test_inner_deadline_may_be_the_outer() -> None:
    check_inner_deadline(DUE, DUE)


@given(clocks_on_a_day())
def test_scheduled_progress_stays_within_the_whole(case: tuple[Clock, date]) -> None:
    clock, today = case
    assert 0 <= scheduled_progress(clock.start, clock.due, today, clock.suspended_days) <= 100


@given(clocks_on_a_day())
def test_scheduled_progress_never_falls(case: tuple[Clock, date]) -> None:
    clock, today = case
    here = scheduled_progress(clock.start, clock.due, today, clock.suspended_days)
    assert scheduled_progress(clock.start, clock.due, today + DAY, clock.suspended_days) >= here


@pytest.mark.parametrize(
    ("day", "percent"), [(-5, 0), (0, 0), (1, 1), (50, 50), (99, 99), (100, 100), (150, 100)]
)
def test_scheduled_progress_grows_evenly_to_the_due_day(day: int, percent: int) -> None:
    assert scheduled_progress(START, DUE, START + timedelta(days=day)) == percent


def test_everything_is_due_where_start_and_deadline_are_one_day() -> None:
    assert scheduled_progress(DUE, DUE, DUE) == 100


@pytest.mark.parametrize(
    "due_at",
    [
        datetime(2026, 6, 10, 15, 30, tzinfo=CHINA).replace(tzinfo=None),
        datetime(2026, 6, 11, 15, 30, tzinfo=CHINA),
    ],
    ids=["naive", "next day"],
)
def test_due_instant_lies_within_the_due_day(due_at: datetime) -> None:
    with pytest.raises(ValueError, match="aware moment within the day"):
        a_clock(due_at=due_at)


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_is_a_percentage(progress: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 100"):
        a_clock(progress=progress)


def test_pause_alone_is_no_extension() -> None:
    clock = resumed(suspended(a_clock(), START + DAY), START + timedelta(days=11))
    assert not clock.is_extended


def test_reading_of_a_quiet_clock_says_when_it_will_turn_blue() -> None:
    assert light_of(a_clock(), START, DEFAULT).next_change == DUE - timedelta(days=15)
