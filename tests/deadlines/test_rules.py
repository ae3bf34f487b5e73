"""The light of a clock, its reasons, and the exact day on which it next changes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.deadlines.achievability import Achievability, Judge, Judged, Said, judged
from bihuan.deadlines.changing import (
    ended,
    resumed,
    suspended,
)
from bihuan.deadlines.rules import (
    Clock,
    Light,
    Rule,
    Thresholds,
    light_of,
    scheduled_progress,
    was_late,
)
from tests.deadlines.made_clocks import (
    CHINA,
    DAY,
    DEFAULT,
    DUE,
    START,
    a_clock,
    clocks_on_a_day,
    policies,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    assume(clock.began_at is None)
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


@given(clocks_on_a_day(counts_hours=True), policies(), st.integers(0, 24 * 60 - 1))
def test_next_change_in_hours_is_exact_to_the_minute(
    case: tuple[Clock, date], policy: Thresholds, minutes: int
) -> None:
    """No light gets milder by time alone (below), so the minute before and the instant itself are enough."""
    clock, today = case
    now = datetime(today.year, today.month, today.day, tzinfo=CHINA) + timedelta(minutes=minutes)
    reading = light_of(clock, today, policy, now=now)
    if reading.next_change is None:
        assert light_of(clock, clock.due + 99 * DAY, policy).light is reading.light
        return
    day = reading.next_change
    change = reading.next_change_at or datetime(day.year, day.month, day.day, tzinfo=CHINA)
    before = max(now, change - timedelta(minutes=1))
    assert change > now
    assert light_of(clock, change.date(), policy, now=change).light is not reading.light
    assert light_of(clock, before.date(), policy, now=before).light is reading.light


@given(clocks_on_a_day(), policies(), st.integers(0, 3000), st.integers(0, 3000))
def test_no_minute_makes_a_light_milder(
    case: tuple[Clock, date], policy: Thresholds, first: int, more: int
) -> None:
    clock, today = case
    start = datetime(today.year, today.month, today.day, tzinfo=CHINA) + timedelta(minutes=first)
    later = start + timedelta(minutes=more)
    light = [light_of(clock, at.date(), policy, now=at).light.severity for at in (start, later)]
    assert light[0] <= light[1]


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


@pytest.mark.parametrize(
    ("hour", "light"),
    [
        (8, Light.GREEN),
        (19, Light.GREEN),
        (20, Light.BLUE),
        (24, Light.YELLOW),
        (26, Light.ORANGE),
        (32, Light.RED),
    ],
)
def test_lights_of_a_day_counted_in_hours_come_in_its_last_half_third_and_quarter(
    hour: int, light: Light
) -> None:
    """From eight in the morning until eight the next: half is over at eight in the evening."""
    began = datetime(2026, 6, 9, 8, 0, tzinfo=CHINA)
    clock = a_clock(start=began.date(), began_at=began, due_at=began + DAY, due=DUE)
    now = began + timedelta(hours=hour - 8)
    assert light_of(clock, now.date(), DEFAULT, now=now).light is light


def test_the_next_change_of_a_clock_in_hours_is_an_instant() -> None:
    began = datetime(2026, 6, 9, 8, 0, tzinfo=CHINA)
    clock = a_clock(start=began.date(), began_at=began, due_at=began + DAY, due=DUE)
    reading = light_of(clock, began.date(), DEFAULT, now=began)
    assert reading.next_change_at == began + timedelta(hours=12)


def test_ten_days_in_hours_keep_the_days_of_the_policy_where_they_are_shorter() -> None:
    began = datetime(2026, 5, 31, 8, 0, tzinfo=CHINA)
    clock = a_clock(start=began.date(), began_at=began, due_at=began + 10 * DAY, due=DUE)
    almost = began + 10 * DAY - timedelta(hours=25)
    policy = Thresholds(blue_days=15, yellow_days=10, orange_days=1)
    assert light_of(clock, almost.date(), policy, now=almost).light is Light.YELLOW


@pytest.mark.parametrize(("minute", "late"), [(29, False), (30, False), (31, True)])
def test_a_clock_in_hours_is_late_by_the_minute(minute: int, late: bool) -> None:
    due_at = datetime(2026, 6, 10, 15, 30, tzinfo=CHINA)
    over = a_clock(due_at=due_at, ended_on=DUE, ended_at=due_at.replace(minute=minute))
    assert was_late(over) is late


def test_change_at_an_hour_names_the_instant() -> None:
    due_at = datetime(2026, 6, 10, 15, 30, tzinfo=CHINA)
    reading = light_of(a_clock(due_at=due_at), DUE - DAY, DEFAULT)
    assert (reading.next_change, reading.next_change_at) == (DUE, due_at)


def test_moment_of_another_day_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lie within"):
        light_of(a_clock(), DUE, DEFAULT, now=datetime(2026, 6, 9, 8, 0, tzinfo=CHINA))


@pytest.mark.parametrize(("days", "late"), [(-1, False), (0, False), (1, True)])
def test_lateness_is_counted_from_the_end_of_the_due_day(days: int, late: bool) -> None:
    assert was_late(ended(a_clock(), DUE + timedelta(days=days))) is late


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


@given(
    clocks_on_a_day(),
    policies(),
    st.sampled_from(Achievability),
    st.sampled_from(Judge),
)
def test_a_word_never_makes_a_light_better(
    case: tuple[Clock, date], policy: Thresholds, word: Achievability, by: Judge
) -> None:
    clock, today = case
    silent = light_of(clock, today, policy).light
    said = light_of(replace(clock, judged=Judged(word, by)), today, policy).light
    assert said.severity >= silent.severity
    if word is Achievability.ON_TIME and silent is not Light.OFF:
        assert said is silent


def test_a_bad_word_asks_for_the_light_of_the_policy() -> None:
    policy = Thresholds(at_risk_at_least=Light.BLUE, not_on_time_at_least=Light.RED)
    for word, light in (
        (Achievability.ON_TIME, Light.GREEN),
        (Achievability.AT_RISK, Light.BLUE),
        (Achievability.NOT_ON_TIME, Light.RED),
    ):
        clock = a_clock(judged=Judged(word, Judge.UNIT))
        assert light_of(clock, START, policy).light is light


@given(
    unit=st.sampled_from(Achievability),
    office=st.sampled_from(Achievability),
    days=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_a_unit_cannot_talk_itself_out_of_what_the_office_found(
    unit: Achievability, office: Achievability, days: tuple[int, int]
) -> None:
    on_unit, on_office = (START + DAY * number for number in days)
    counts = judged(Said(unit, on_unit), Said(office, on_office))
    assert counts is not None
    assert counts.word.gravity >= office.gravity
    if on_office >= on_unit:
        assert counts == Judged(office, Judge.OFFICE)
