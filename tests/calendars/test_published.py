"""The seed of the calendar: two libraries made independently must tell the same story."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from bihuan.calendars.published import published_year
from bihuan.calendars.rules import WorkingCalendar


def calendar_of(year: int) -> WorkingCalendar:
    return WorkingCalendar(
        {known.day: known.is_working for known in published_year(year).days}, frozenset({year})
    )


@pytest.mark.parametrize("year", range(2015, 2027))
def test_two_independent_libraries_agree_on_every_day(year: int) -> None:
    other = holidays.country_holidays("CN", years=year)
    calendar = calendar_of(year)
    day = date(year, 1, 1)
    while day.year == year:
        expected = day not in other and (day.weekday() < 5 or day in other.weekend_workdays)
        assert calendar.is_working(day) == expected, day
        day += timedelta(days=1)


@pytest.mark.parametrize(("year", "announced"), [(2015, True), (2026, True), (2031, False)])
def test_year_without_published_arrangement_is_not_announced(year: int, announced: bool) -> None:
    assert published_year(year).is_announced is announced


def test_year_not_announced_has_its_statutory_holidays() -> None:
    days = {known.day: known for known in published_year(2031).days}
    assert days[date(2031, 10, 1)].name == "中秋节、国庆节"
    assert not any(known.is_working for known in days.values())


def test_year_before_the_libraries_began_is_not_announced() -> None:
    assert not published_year(2001).is_announced


@pytest.mark.parametrize(
    ("day", "name", "is_working"),
    [
        (date(2026, 2, 17), "春节", False),
        (date(2026, 2, 14), "春节调休上班", True),
        (date(2026, 10, 4), "国庆节", False),
    ],
)
def test_day_has_its_name(day: date, name: str, is_working: bool) -> None:
    found = next(known for known in published_year(2026).days if known.day == day)
    assert (found.name, found.is_working) == (name, is_working)


def test_ordinary_days_are_not_listed() -> None:
    assert date(2026, 3, 4) not in {known.day for known in published_year(2026).days}
