"""When an ended problem is looked at again, and who may do it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """A policy's body. `dates` are days of concentrated look-backs; without `again_after_days` there is one round."""

    first_after_days: int
    again_after_days: int | None = None
    dates: tuple[date, ...] = ()

    @classmethod
    def from_record(cls, body: Mapping[str, object]) -> Terms:
        """Read the body as `bihuan.policies.shapes.LookbackShape` writes it."""
        again = body.get("again_after_days")
        listed = body.get("dates") or []
        if not isinstance(listed, list):
            raise TypeError("dates is a list of days")
        return cls(
            first_after_days=int(str(body["first_after_days"])),
            again_after_days=None if again is None else int(str(again)),
            dates=tuple(sorted(date.fromisoformat(str(day)) for day in listed)),
        )


def next_due(ended_on: date, held_on: Sequence[date], terms: Terms, *, standing: bool = False) -> date | None:
    """The day of the next look-back after those that found the effect kept; None when it was looked at enough.

    A concentrated look-back that comes earlier takes the place of the counted day. A `standing` duty is never looked
    at enough: it goes on at the pace of the second look, or of the first where policy knows no second.
    """
    last = held_on[-1] if held_on else ended_on
    if not held_on:
        counted = ended_on + timedelta(days=terms.first_after_days)
    elif standing:
        counted = last + timedelta(days=terms.again_after_days or terms.first_after_days)
    elif len(held_on) == 1 and terms.again_after_days is not None:
        counted = last + timedelta(days=terms.again_after_days)
    else:
        counted = None
    days = [day for day in terms.dates if day > last][:1]
    return min([*days, counted] if counted is not None else days, default=None)


class Bar(StrEnum):
    """What stands against somebody looking back."""

    ACCEPTED = "accepted"
    ACCEPTING_UNIT = "accepting_unit"
    TOOK_PART = "took_part"
    DOING_UNIT = "doing_unit"
    ENDED_IT = "ended_it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Looker:
    """Who would look back; a stand-in counts as the person they stand in for, too."""

    persons: frozenset[UUID]
    unit: UUID
    """The unit itself, where the post sits in a section of it."""
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What was done in the round that ended, and by whom."""

    accepted_by: frozenset[UUID] = frozenset()
    accepted_units: frozenset[UUID] = frozenset()
    took_part: frozenset[UUID] = frozenset()
    ended_it: frozenset[UUID] = frozenset()
    doing_paths: tuple[str, ...] = field(default_factory=tuple)


def bars_to(looker: Looker, before: Before) -> list[Bar]:
    """Everything that stands against it, so that one refusal says all; empty if nothing does."""
    under = any(looker.path == top or looker.path.startswith(f"{top}.") for top in before.doing_paths)
    checks = (
        (Bar.ACCEPTED, bool(looker.persons & before.accepted_by)),
        (Bar.ACCEPTING_UNIT, looker.unit in before.accepted_units),
        (Bar.TOOK_PART, bool(looker.persons & before.took_part)),
        (Bar.DOING_UNIT, under),
        (Bar.ENDED_IT, bool(looker.persons & before.ended_it)),
    )
    return [bar for bar, stands in checks if stands]
