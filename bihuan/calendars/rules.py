"""Counting days: pure arithmetic over a calendar that is passed in.

The first day is not counted; a period in months ends on the day of the same number, or on the last day of a month
that has none (Civil Code, articles 201 and 202). Where the last day is not a working day, the period may end on the
next one (article 203): a policy says whether. A period in hours is counted from the moment itself.

    CalendarError (ValueError)
    ├── TermError             a term contradicts itself
    ├── StartingEventMissing  the event a term counts from has not happened; carries its name
    └── BeyondCalendar        the count leaves the range of dates
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_DAY: Final = timedelta(days=1)
_DAYS_OF_A_WEEK: Final = 7
_WORKING_DAYS_OF_A_WEEK: Final = 5
_MONTHS_OF_A_YEAR: Final = 12


class CalendarError(ValueError):
    """Days cannot be counted as asked."""


class TermError(CalendarError):
    """A term is not a term: a count is missing, negative, or given beside a fixed date."""


class StartingEventMissing(CalendarError):
    """The event a term counts from has not happened yet."""

    def __init__(self, event: str) -> None:
        self.event = event
        super().__init__(f"the period counts from {event!r}, which has not happened")


class BeyondCalendar(CalendarError):
    """The count leads out of the years a date can be in."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday, except where a day is listed otherwise.

    `days`: date -> is it a working day (holidays off, make-up days on). `announced`: the years whose holidays are
    officially announced; any other year is counted by what is known of it, and marked as provisional.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether people work on `day`."""
        listed = self.days.get(day)
        return day.weekday() < _WORKING_DAYS_OF_A_WEEK if listed is None else listed

    def is_provisional(self, first: date, last: date) -> bool:
        """Tell whether a year between two days is not announced, so that a count across it may still change."""
        return any(year not in self.announced for year in range(first.year, last.year + 1))


class Unit(StrEnum):
    """What a term is counted in."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    FIXED_DATE = "fixed_date"


_KEYS: Final[dict[str, tuple[type, ...]]] = {
    "unit": (str, Unit),
    "count": (int,),
    "fixed_date": (str,),
    "starts_on": (str,),
    "rolls_over": (bool,),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """How a policy says when something is due: "45 working days from acknowledgement", "by 30 June"."""

    unit: Unit
    count: int | None = None
    fixed_date: date | None = None
    starts_on: str = ""
    """Name of the event that starts the count, e.g. "assigned"; a fixed date needs none."""
    rolls_over: bool = False
    """End on the next working day where the last day is none. Hours never roll over."""

    def __post_init__(self) -> None:
        if self.unit is Unit.FIXED_DATE:
            if self.fixed_date is None or self.count is not None:
                raise TermError("a fixed date is given as a date, without a count")
            return
        if self.fixed_date is not None or not self.starts_on:
            raise TermError(f"a term in {self.unit} counts from a named event, without a fixed date")
        if self.count is None or self.count < 0:
            raise TermError(f"a term in {self.unit} needs a count of 0 or more")
        if self.unit is Unit.HOURS and self.rolls_over:
            raise TermError("a term in hours ends at its moment and never rolls over")

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Term:
        """Read the term a policy record holds, as `as_record` writes it; anything strange in it is refused."""
        strange = sorted(set(record) - _KEYS.keys())
        if strange:
            raise TermError(f"unknown in a term: {', '.join(strange)}; accepted are {', '.join(_KEYS)}")
        for name, kinds in _KEYS.items():
            if type(record.get(name)) not in (*kinds, type(None)):
                raise TermError(f"{name} of a term cannot be {record[name]!r}")
        try:
            unit = Unit(str(record.get("unit")))
            fixed = record.get("fixed_date")
            fixed_date = None if fixed is None else date.fromisoformat(str(fixed))
        except ValueError as error:
            raise TermError(
                f"{error}; accepted units are {', '.join(Unit)}, a fixed date is YYYY-MM-DD"
            ) from error
        return cls(
            unit=unit,
            count=cast("int | None", record.get("count")),
            fixed_date=fixed_date,
            starts_on=str(record.get("starts_on") or ""),
            rolls_over=bool(record.get("rolls_over")),
        )

    def as_record(self) -> dict[str, str | int | bool | None]:
        """Return the term as plain values for a policy record."""
        return {
            "unit": self.unit.value,
            "count": self.count,
            "fixed_date": None if self.fixed_date is None else self.fixed_date.isoformat(),
            "starts_on": self.starts_on,
            "rolls_over": self.rolls_over,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends, and how that came about."""

    day: date
    at: datetime | None
    """The moment within the day, for a term in hours; else the day passes at its end."""
    counted_from: date | None
    rolled_from: date | None
    """The last day before it was moved on to a working day."""
    is_provisional: bool
    """The count crosses a year whose holidays are not announced."""


def next_working_day(day: date, days: WorkingCalendar) -> date:
    """Return `day` itself if people work on it, else the first working day after it."""
    while not days.is_working(day):
        day = _plus(day, ONE_DAY)
    return day


def previous_working_day(day: date, days: WorkingCalendar) -> date:
    """Return `day` itself if people work on it, else the last working day before it."""
    while not days.is_working(day):
        day = _plus(day, -ONE_DAY)
    return day


def add_working_days(start: date, count: int, days: WorkingCalendar) -> date:
    """Return the day on which the `count`-th working day after `start` falls; `start` is not counted."""
    _not_negative(count)
    for _ in range(count):
        start = next_working_day(_plus(start, ONE_DAY), days)
    return start


def subtract_working_days(end: date, count: int, days: WorkingCalendar) -> date:
    """Return the last day that still leaves `count` working days until `end`, `end` counted if it is one."""
    _not_negative(count)
    for _ in range(count):
        end = _plus(previous_working_day(end, days), -ONE_DAY)
    return end


def working_days_between(start: date, end: date, days: WorkingCalendar) -> int:
    """Count the working days after `start` up to and with `end`; negative where `end` comes first."""
    if end < start:
        return -working_days_between(end, start, days)
    weeks, rest = divmod((end - start).days, _DAYS_OF_A_WEEK)
    usual = weeks * _WORKING_DAYS_OF_A_WEEK
    usual += sum((end - offset * ONE_DAY).weekday() < _WORKING_DAYS_OF_A_WEEK for offset in range(rest))
    listed = (item for item in days.days.items() if start < item[0] <= end)
    return usual + sum(is_working - (day.weekday() < _WORKING_DAYS_OF_A_WEEK) for day, is_working in listed)


def add_calendar_days(start: date, count: int) -> date:
    """Return the last of `count` days; `start` is not counted."""
    _not_negative(count)
    return _plus(start, timedelta(days=count))


def add_months(start: date, count: int) -> date:
    """Return the day of the same number `count` months on, or the month's last day where it has no such number."""
    _not_negative(count)
    years, month = divmod(start.month - 1 + count, _MONTHS_OF_A_YEAR)
    year = start.year + years
    if year > date.max.year:
        raise BeyondCalendar(f"{count} months after {start} is no date")
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def add_hours(start: datetime, count: int) -> datetime:
    """Return the moment `count` hours on, counted from the moment itself, by the clock of the world."""
    _not_negative(count)
    if start.tzinfo is None:
        raise CalendarError("hours are counted from a moment with its time zone")
    try:
        # Python adds to the hands of the local clock; going through the epoch counts hours that really pass.
        return datetime.fromtimestamp(start.timestamp() + count * 3600, start.tzinfo)
    except (OverflowError, ValueError) as error:
        raise BeyondCalendar(f"{count} hours after {start} is no date") from error


def due(term: Term, events: Mapping[str, datetime], days: WorkingCalendar) -> Due:
    """Return when `term` ends. `events`: what has happened, name -> moment in the installation's zone."""
    if term.unit is Unit.FIXED_DATE:
        if term.fixed_date is None:
            raise TermError("a fixed date is given as a date")
        return _ended_on(term, None, term.fixed_date, days)
    if term.starts_on not in events:
        raise StartingEventMissing(term.starts_on)
    moment = events[term.starts_on]
    start, count = moment.date(), term.count or 0
    if term.unit is Unit.HOURS:
        at = add_hours(moment, count)
        return Due(at.date(), at, start, None, is_provisional=False)
    if term.unit is Unit.WORKING_DAYS:
        last = add_working_days(start, count, days)
    elif term.unit is Unit.MONTHS:
        last = add_months(start, count)
    else:
        last = add_calendar_days(start, count)
    return _ended_on(term, start, last, days)


def _ended_on(term: Term, start: date | None, last: date, days: WorkingCalendar) -> Due:
    end = next_working_day(last, days) if term.rolls_over else last
    # Plain calendar days and fixed dates do not ask what day it is, so no announcement can move them.
    asks = term.rolls_over or term.unit is Unit.WORKING_DAYS
    first = last if start is None or term.unit is not Unit.WORKING_DAYS else start
    return Due(
        day=end,
        at=None,
        counted_from=start,
        rolled_from=last if end != last else None,
        is_provisional=asks and days.is_provisional(first, end),
    )


def _not_negative(count: int) -> None:
    if count < 0:
        raise CalendarError(f"a period of {count} cannot be counted; give 0 or more")


def _plus(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError as error:
        raise BeyondCalendar(f"counting on from {day} leaves the calendar") from error
