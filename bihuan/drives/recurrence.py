"""When a plan calls: periods of months counted from the first day. Pure.

They are counted from the first day and never from the one before, so that a plan begun on the 31st calls on the last
day of a short month and on the 31st again after it.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import Final

MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
A_YEAR: Final = 12


def period_at(first: date, every: str, number: int) -> date:
    """The day of the call with this number; the first one is 0, earlier ones are negative."""
    months = first.year * A_YEAR + first.month - 1 + number * MONTHS[every]
    year, month = divmod(months, A_YEAR)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def _number_on(first: date, every: str, day: date) -> int:
    """The number of the last period that has begun on a day; negative before the first."""
    months = (day.year - first.year) * A_YEAR + day.month - first.month
    number = months // MONTHS[every]
    return number if period_at(first, every, number) <= day else number - 1


def last_period(first: date, every: str, day: date) -> date | None:
    """The period a call on this day is made for: the last that has begun. Those missed before it are not called."""
    number = _number_on(first, every, day)
    return period_at(first, every, number) if number >= 0 else None


def next_period(first: date, every: str, after: date) -> date:
    """The first period that begins after a day."""
    return period_at(first, every, max(0, _number_on(first, every, after) + 1))


def looked_back_to(first: date, every: str, period: date) -> date:
    """From which day on a period's call looks: where the one before it began."""
    return period_at(first, every, _number_on(first, every, period) - 1)
