"""When the next visit of a leader is due, and what of a problem is expected next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Expected(StrEnum):
    """What may be waited for."""

    VISIT = "visit"
    ANSWER = "answer"
    DEADLINE = "deadline"


@dataclass(frozen=True, order=True)
class Next:
    """Something that is expected by a day."""

    by: date
    what: Expected

    def is_missing(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.by < today


def visit_due(assigned_on: date | None, last: date | None, every: int) -> date | None:
    """The day by which a visit is expected: so many days after the last one, or after the assignment; None if none is.

    A visit before the problem was assigned counts as well: the later of the two days counts.
    """
    if every == 0 or assigned_on is None:
        return None
    return max(assigned_on, last or assigned_on) + timedelta(days=every)


def first_of(expected: Iterable[Next]) -> Next | None:
    """What comes first."""
    return min(expected, default=None)
