"""Reading calendars."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.calendars.rules import WorkingCalendar
from bihuan.journal.ahead import remembered_in_block

if TYPE_CHECKING:
    from datetime import date

# id and edition of every year row, the furthest jurisdiction first: what a calendar is made of, exactly.
_Ingredients = tuple[tuple[uuid.UUID, uuid.UUID], ...]


@remembered_in_block
def calendar_for(*lineage: uuid.UUID) -> WorkingCalendar:
    """Return the calendar of a jurisdiction: `lineage` is its id and those above it, nearest first; none: national.

    A nearer calendar overrides a further one day by day. One query if nothing was edited since the last call.
    """
    rank = {jurisdiction: place for place, jurisdiction in enumerate(lineage)}
    years = list(CalendarYear.objects.filter(Q(jurisdiction=None) | Q(jurisdiction__in=lineage)))
    years.sort(key=lambda row: (-rank.get(row.jurisdiction, len(lineage)), row.year))
    ingredients = tuple((row.pk, row.edition) for row in years)
    provisional = {row.year for row in years if row.provisional}
    announced = frozenset(row.year for row in years if row.jurisdiction is None) - provisional
    return _calendar_of(ingredients, announced)


@lru_cache(maxsize=64)
def _calendar_of(ingredients: _Ingredients, announced: frozenset[int]) -> WorkingCalendar:
    by_year: dict[uuid.UUID, dict[date, bool]] = {}
    rows = CalendarDay.objects.filter(calendar_year__in=[pk for pk, _ in ingredients])
    for calendar_year, day, is_working in rows.values_list("calendar_year", "day", "is_working"):
        by_year.setdefault(calendar_year, {})[day] = is_working
    days: dict[date, bool] = {}
    for pk, _ in ingredients:
        days.update(by_year.get(pk, {}))
    return WorkingCalendar(days, announced)


def national_year(year: int) -> CalendarYear | None:
    """Return the national calendar of `year`, if there is one."""
    found: CalendarYear | None = CalendarYear.objects.filter(year=year, jurisdiction=None).first()
    return found
