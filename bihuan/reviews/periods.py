"""When a repeated review goes out. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bihuan.calendars.rules import add_working_days, next_working_day

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
