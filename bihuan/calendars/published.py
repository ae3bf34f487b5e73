"""What the calendar libraries know of a year: the seed of the editable table, pure of any database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_WORKING_DAYS_OF_A_WEEK: Final = 5
_MAKE_UP: Final = "调休上班"


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """A day that is not what its weekday says, or a holiday that falls on a weekend."""

    day: date
    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The days of a year, and whether the State Council's arrangement for it is known yet."""

    year: int
    days: tuple[PublishedDay, ...]
    is_announced: bool


def published_year(year: int) -> PublishedYear:
    """Return what is known of `year`. Years without announcement have the statutory holidays, no make-up days."""
    first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = [first + timedelta(days=offset) for offset in range(length)]
    try:
        known = [_announced(day) for day in days]
    except NotImplementedError:
        # The library refuses years whose arrangement was not published when it was made.
        return PublishedYear(year, tuple(_statutory(year)), is_announced=False)
    return PublishedYear(year, tuple(day for day in known if day is not None), is_announced=True)


def _announced(day: date) -> PublishedDay | None:
    import chinese_calendar
    from chinese_calendar.constants import Holiday

    works = bool(chinese_calendar.is_workday(day))
    _, english = chinese_calendar.get_holiday_detail(day)
    if english is None and works == (day.weekday() < _WORKING_DAYS_OF_A_WEEK):
        return None
    name = next((holiday.chinese for holiday in Holiday if holiday.value == english), "")
    return PublishedDay(day, works, f"{name}{_MAKE_UP}" if works else name)


def _statutory(year: int) -> list[PublishedDay]:
    import holidays

    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    return [PublishedDay(day, is_working=False, name=_plain(found[day])) for day in sorted(found)]


def _plain(name: str) -> str:
    """Drop the library's remark in brackets on a day given in lieu, and join two feasts on one day."""
    return "、".join(feast.split("（")[0] for feast in name.split("; "))
