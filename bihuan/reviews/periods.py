"""When a repeated review goes out, and by which day each level answers. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bihuan.calendars.rules import (
    add_working_days,
    next_working_day,
    previous_working_day,
    subtract_working_days,
)

if TYPE_CHECKING:
    from bihuan.calendars.rules import WorkingCalendar

MONTHS_A_YEAR = 12
A_DAY = timedelta(days=1)


def next_call(
    last: date, *, every_months: int, day_of_month: int, least_days: int, days: WorkingCalendar
) -> date:
    """The day of the next call: its day of the month, moved to a working day, and never closer than allowed."""
    months = last.year * MONTHS_A_YEAR + last.month - 1 + every_months
    year, month = divmod(months, MONTHS_A_YEAR)
    wanted = max(date(year, month + 1, day_of_month), last + timedelta(days=least_days), last + A_DAY)
    return next_working_day(wanted, days)


def due_day(issued: date, *, working_days: int, days: WorkingCalendar) -> date:
    """The last day to answer."""
    return add_working_days(issued, working_days, days)


def due_below(above: date, issued: date, *, days_before: int, days: WorkingCalendar) -> date:
    """The last day of whoever stands under a unit that answers by `above`: so many working days earlier.

    Never before the working day after the issue. Where there is no room for that, the last working day that is still
    before the upper one's, and where there is none either, the upper one's own.
    """
    first = add_working_days(issued, 1, days)
    wanted = previous_working_day(subtract_working_days(above, days_before, days), days)
    if wanted >= first:
        return min(wanted, above)
    close = previous_working_day(above - A_DAY, days)
    return close if close >= first else above


def due_days(
    due_on: date, issued: date, *, depth: int, days_before: int, days: WorkingCalendar
) -> list[date]:
    """The last day of each level, the called units' own first, down to a depth."""
    found = [due_on]
    for _level in range(depth):
        found.append(due_below(found[-1], issued, days_before=days_before, days=days))
    return found


def is_tight(due_on: date, issued: date, *, days_before: int, days: WorkingCalendar) -> bool:
    """Whether the time between issue and due day leaves the first level below less than policy wants."""
    wanted = previous_working_day(subtract_working_days(due_on, days_before, days), days)
    return wanted < add_working_days(issued, 1, days)
