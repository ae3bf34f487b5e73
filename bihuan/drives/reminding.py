"""On which days a unit that has not answered is reminded. Pure."""

from __future__ import annotations

from datetime import date, timedelta

A_DAY = timedelta(days=1)


def next_reminder(due_on: date, after: date, *, before: int, every: int) -> date:
    """The first reminder after a day: `before` days ahead of the due day, the day after it, then every so many days."""
    ahead, late = due_on - timedelta(days=before), due_on + A_DAY
    if after < ahead:
        return ahead
    if after < late:
        return late
    missed = (after - late).days // every + 1
    return late + timedelta(days=missed * every)
