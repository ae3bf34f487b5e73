"""How far the work should be on a day: evenly from its beginning to its end, or as a plan says. Pure.

A plan's whole stands at the average of its parts, as its progress does. A part that names milestones is expected to have
reached each by the end of its day, one that names none is expected evenly; on the day it is due, all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.ledger.schedules import PlannedPart

WHOLE: Final = 100


class Point(NamedTuple):
    """A milestone that has passed: which measure should have been how far by which day."""

    number: str
    by: date
    percent: int


def scheduled_progress(start: date, due: date, today: date, suspended_days: int = 0) -> int:
    """Return the whole per cent that should be done on `today` if work went evenly (rounded down)."""
    if today >= due:
        return WHOLE
    elapsed = (today - start).days - suspended_days
    total = (due - start).days - suspended_days
    if elapsed <= 0 or total <= 0:
        return 0
    return min(WHOLE, WHOLE * elapsed // total)


def by_milestones(milestones: Sequence[tuple[date, int]], due: date, today: date) -> int:
    """What should be done where milestones say so."""
    if today >= due:
        return WHOLE
    return max((percent for day, percent in milestones if day < today), default=0)


def by_parts(parts: Sequence[PlannedPart], due: date, today: date) -> int:
    """What should be done of a whole made of parts; never less the day after."""
    if today >= due:
        return WHOLE
    return sum(_of_part(part, today) for part in parts) // len(parts)


def _of_part(part: PlannedPart, today: date) -> int:
    if part.milestones:
        return by_milestones(part.milestones, part.due, today)
    return scheduled_progress(part.start, part.due, today)


def last_point(parts: Sequence[PlannedPart], today: date) -> Point | None:
    """The milestone that passed last, a part's own end among them; of several on one day the one of the first part."""
    passed = [
        Point(part.number, day, percent)
        for part in parts
        for day, percent in (*part.milestones, (part.due, WHOLE))
        if day < today
    ]
    return max(passed, key=lambda point: point.by, default=None)


def first_day_at(parts: Sequence[PlannedPart], percent: int, start: date, due: date) -> date:
    """The first day from `start` on which so much should be done; on the day it is due everything should."""
    days = range((due - start).days)
    place = bisect_left(days, percent, key=lambda day: by_parts(parts, due, start + timedelta(days=day)))
    return start + timedelta(days=place)
