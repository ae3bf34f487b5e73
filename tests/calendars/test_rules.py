"""Counting days, hours and months: the laws that hold for every calendar, and the letter of the Civil Code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.calendars.rules import (
    BeyondCalendar,
    CalendarError,
    Due,
    StartingEventMissing,
    Term,
    TermError,
    Unit,
    WorkingCalendar,
    add_calendar_days,
    add_hours,
    add_months,
    add_working_days,
    due,
    next_working_day,
    previous_working_day,
    subtract_working_days,
    working_days_between,
)

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
# National Day 2026 as announced: a week off, two weekend days worked instead.
OCTOBER = WorkingCalendar(
    days={date(2026, 10, day): False for day in range(1, 8)}
    | {date(2026, 9, 20): True, date(2026, 10, 10): True},
    announced=frozenset({2026}),
)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 90)
# Sparse lists leave ordinary weeks; dense ones make long runs of days off.
CALENDARS = st.builds(
    WorkingCalendar,
    days=st.dictionaries(DATES, st.booleans(), max_size=60)
    | st.builds(
        lambda first, length: {first + offset * DAY: False for offset in range(length)},
        DATES,
        st.integers(0, 40),
    ),
    announced=st.sets(st.integers(2026, 2028)).map(frozenset),
)


@given(DATES, COUNTS, CALENDARS)
def test_counted_day_is_a_working_day(start: date, count: int, days: WorkingCalendar) -> None:
    end = add_working_days(start, count, days)
    assert count == 0 or days.is_working(end)


@given(DATES, COUNTS, CALENDARS)
def test_counting_back_gives_the_count(start: date, count: int, days: WorkingCalendar) -> None:
    assert working_days_between(start, add_working_days(start, count, days), days) == count


@given(DATES, COUNTS, COUNTS, CALENDARS)
def test_two_periods_in_a_row_are_one(start: date, one: int, other: int, days: WorkingCalendar) -> None:
    in_two = add_working_days(add_working_days(start, one, days), other, days)
    assert in_two == add_working_days(start, one + other, days)


@given(DATES, DATES, COUNTS, CALENDARS)
def test_later_start_never_ends_earlier(one: date, other: date, count: int, days: WorkingCalendar) -> None:
    first, second = sorted([one, other])
    assert add_working_days(first, count, days) <= add_working_days(second, count, days)


@given(DATES, COUNTS, CALENDARS)
def test_one_more_working_day_ends_later(start: date, count: int, days: WorkingCalendar) -> None:
    assert add_working_days(start, count, days) < add_working_days(start, count + 1, days)


@given(DATES, COUNTS, CALENDARS)
def test_last_day_to_apply_leaves_exactly_the_days_asked_for(
    end: date, count: int, days: WorkingCalendar
) -> None:
    last = subtract_working_days(end, count, days)
    assert working_days_between(last, end, days) == count
    assert count == 0 or working_days_between(last + DAY, end, days) < count


@given(DATES, DATES, CALENDARS)
def test_days_between_agree_with_walking(one: date, other: date, days: WorkingCalendar) -> None:
    first, second = sorted([one, other])
    walked = sum(days.is_working(first + offset * DAY) for offset in range(1, (second - first).days + 1))
    assert working_days_between(first, second, days) == walked


@given(DATES, DATES, CALENDARS)
def test_days_between_change_their_sign_with_the_order(one: date, other: date, days: WorkingCalendar) -> None:
    assert working_days_between(one, other, days) == -working_days_between(other, one, days)


@given(DATES, CALENDARS)
def test_next_working_day_skips_none(day: date, days: WorkingCalendar) -> None:
    found = next_working_day(day, days)
    assert days.is_working(found)
    assert not any(days.is_working(day + offset * DAY) for offset in range((found - day).days))


@given(DATES, CALENDARS)
def test_previous_working_day_skips_none(day: date, days: WorkingCalendar) -> None:
    found = previous_working_day(day, days)
    assert days.is_working(found)
    assert not any(days.is_working(day - offset * DAY) for offset in range((day - found).days))


@given(DATES, COUNTS, st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS]), CALENDARS)
def test_rolled_period_ends_on_a_working_day(
    start: date, count: int, unit: Unit, days: WorkingCalendar
) -> None:
    term = Term(unit=unit, count=count, starts_on="assigned", rolls_over=True)
    end = due(term, {"assigned": datetime(start.year, start.month, start.day, 9, tzinfo=CHINA)}, days)
    assert days.is_working(end.day)


@given(DATES, COUNTS, CALENDARS)
def test_rolling_over_moves_only_past_days_off(start: date, count: int, days: WorkingCalendar) -> None:
    events = {"assigned": datetime(start.year, start.month, start.day, tzinfo=CHINA)}
    plain = due(Term(unit=Unit.CALENDAR_DAYS, count=count, starts_on="assigned"), events, days)
    rolled = due(
        Term(unit=Unit.CALENDAR_DAYS, count=count, starts_on="assigned", rolls_over=True), events, days
    )
    assert rolled.day == next_working_day(plain.day, days)
    assert rolled.rolled_from == (plain.day if rolled.day != plain.day else None)


@given(DATES, COUNTS)
def test_first_day_is_not_counted(start: date, count: int) -> None:
    assert (add_calendar_days(start, count) - start).days == count


@given(DATES, st.integers(0, 60))
def test_month_ends_on_the_day_of_the_same_number_or_on_its_last(start: date, count: int) -> None:
    end = add_months(start, count)
    assert end.year * 12 + end.month == start.year * 12 + start.month + count
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(0, 5000))  # noqa: DTZ001 - hypothesis adds the zone
def test_hours_really_pass(naive: datetime, count: int) -> None:
    for zone in (CHINA, ZoneInfo("Europe/Berlin")):
        start = naive.replace(tzinfo=UTC).astimezone(zone)
        assert add_hours(start, count).astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=count)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 20), True),
        (date(2026, 9, 27), False),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_holidays_and_make_up_days_are_known(day: date, works: bool) -> None:
    assert OCTOBER.is_working(day) is works


def test_week_of_holidays_is_not_counted() -> None:
    # From Wednesday 30 September: 8, 9, the make-up Saturday 10, then 12 October.
    assert add_working_days(date(2026, 9, 30), 4, OCTOBER) == date(2026, 10, 12)


def test_period_beginning_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert add_working_days(date(2026, 10, 3), 1, OCTOBER) == date(2026, 10, 8)


def test_period_ending_in_the_holidays_rolls_over_to_the_day_after() -> None:
    term = Term(unit=Unit.CALENDAR_DAYS, count=15, starts_on="assigned", rolls_over=True)
    found = due(term, {"assigned": datetime(2026, 9, 18, 17, 30, tzinfo=CHINA)}, OCTOBER)
    assert found == Due(date(2026, 10, 8), None, date(2026, 9, 18), date(2026, 10, 3), is_provisional=False)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_as_the_civil_code_says(start: date, count: int, end: date) -> None:
    assert add_months(start, count) == end


def test_term_in_hours_ends_at_its_moment() -> None:
    term = Term(unit=Unit.HOURS, count=24, starts_on="reported")
    found = due(term, {"reported": datetime(2026, 9, 30, 18, 5, tzinfo=CHINA)}, OCTOBER)
    assert found == Due(
        date(2026, 10, 1),
        datetime(2026, 10, 1, 18, 5, tzinfo=CHINA),
        date(2026, 9, 30),
        None,
        is_provisional=False,
    )


def test_fixed_date_needs_no_event() -> None:
    term = Term(unit=Unit.FIXED_DATE, fixed_date=date(2026, 10, 5))
    assert due(term, {}, OCTOBER).day == date(2026, 10, 5)


def test_fixed_date_may_roll_over() -> None:
    term = Term(unit=Unit.FIXED_DATE, fixed_date=date(2026, 10, 5), rolls_over=True)
    assert due(term, {}, OCTOBER).day == date(2026, 10, 8)


def test_event_that_has_not_happened_is_named() -> None:
    term = Term(unit=Unit.WORKING_DAYS, count=5, starts_on="acknowledged")
    with pytest.raises(StartingEventMissing) as caught:
        due(term, {"assigned": datetime(2026, 9, 1, tzinfo=CHINA)}, OCTOBER)
    assert caught.value.event == "acknowledged"


@pytest.mark.parametrize(
    ("start", "provisional"),
    [(datetime(2026, 9, 1, tzinfo=CHINA), False), (datetime(2026, 12, 20, tzinfo=CHINA), True)],
)
def test_count_across_a_year_not_announced_is_provisional(start: datetime, provisional: bool) -> None:
    term = Term(unit=Unit.WORKING_DAYS, count=20, starts_on="assigned")
    assert due(term, {"assigned": start}, OCTOBER).is_provisional is provisional


def test_plain_calendar_days_are_never_provisional() -> None:
    term = Term(unit=Unit.CALENDAR_DAYS, count=60, starts_on="assigned")
    assert not due(term, {"assigned": datetime(2026, 12, 20, tzinfo=CHINA)}, OCTOBER).is_provisional


@pytest.mark.parametrize(
    "values",
    [
        {"unit": Unit.FIXED_DATE},
        {"unit": Unit.FIXED_DATE, "fixed_date": date(2026, 1, 1), "count": 3},
        {"unit": Unit.CALENDAR_DAYS, "count": 3},
        {"unit": Unit.CALENDAR_DAYS, "starts_on": "assigned"},
        {"unit": Unit.CALENDAR_DAYS, "starts_on": "assigned", "count": -1},
        {"unit": Unit.MONTHS, "starts_on": "assigned", "count": 1, "fixed_date": date(2026, 1, 1)},
        {"unit": Unit.HOURS, "starts_on": "assigned", "count": 24, "rolls_over": True},
    ],
    ids=str,
)
def test_term_that_contradicts_itself_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(TermError):
        Term(**values)  # type: ignore[arg-type]


def test_negative_count_is_refused() -> None:
    with pytest.raises(CalendarError, match="give 0 or more"):
        add_working_days(date(2026, 1, 1), -1, OCTOBER)


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="time zone"):
        add_hours(datetime(2026, 1, 1), 1)  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "count_on",
    [
        lambda: add_calendar_days(date(9999, 12, 30), 5),
        lambda: add_working_days(date(9999, 12, 30), 5, OCTOBER),
        lambda: add_months(date(9999, 12, 30), 1),
        lambda: add_hours(datetime(9999, 12, 30, tzinfo=UTC), 100),
        lambda: subtract_working_days(date(1, 1, 3), 9, OCTOBER),
    ],
    ids=["days", "working days", "months", "hours", "backwards"],
)
def test_count_that_leaves_the_calendar_is_refused(count_on: object) -> None:
    with pytest.raises(BeyondCalendar):
        count_on()  # type: ignore[operator]


TERMS = st.one_of(
    st.builds(Term, unit=st.just(Unit.FIXED_DATE), fixed_date=DATES, rolls_over=st.booleans()),
    st.builds(
        Term,
        unit=st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS]),
        count=COUNTS,
        starts_on=st.just("acknowledged"),
        rolls_over=st.booleans(),
    ),
    st.builds(Term, unit=st.just(Unit.HOURS), count=COUNTS, starts_on=st.just("reported")),
)


@given(TERMS)
def test_term_comes_back_from_its_policy_record(term: Term) -> None:
    assert Term.from_record(term.as_record()) == term


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"unit": "weeks", "count": 2, "starts_on": "assigned"},
        {"unit": "working_days", "count": "5", "starts_on": "assigned"},
        {"unit": "working_days", "count": True, "starts_on": "assigned"},
        {"unit": "working_days", "count": 5, "starts_on": "assigned", "rolls_over": 1},
        {"unit": "working_days", "count": 5, "starts_on": "assigned", "grace": 2},
        {"unit": "fixed_date", "fixed_date": "30 June"},
    ],
    ids=str,
)
def test_policy_record_of_the_wrong_form_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(TermError):
        Term.from_record(record)
