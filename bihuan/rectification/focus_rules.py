"""Who may take a problem off the focus list. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who put it on: the person, their post, and how high they stood in the office of the place."""

    person: uuid.UUID
    post: uuid.UUID | None
    rank: int


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Who would take it off. `rank` is nothing for whoever has no part in the office of the place; `from_above`: works
    in the office of a place above it.
    """

    person: uuid.UUID | None
    post: uuid.UUID | None
    rank: int
    from_above: bool = False


def may_take_off(entry: Entry, taker: Taker) -> bool:
    """Whoever put it on while they still have a part in the office, whoever sits in their post now, or anybody above."""
    if taker.from_above or taker.rank > entry.rank:
        return True
    if taker.rank == 0:
        return False
    return taker.person == entry.person or (entry.post is not None and taker.post == entry.post)
