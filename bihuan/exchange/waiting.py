"""What waits for an actor, told by the rooms that know it; apart from the feed, so that a command needs no part of the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bihuan.journal.action import Actor


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that waits: its number where it has one, where to do it, until when."""

    number: str = ""
    link: str
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits of one kind. `personal`: it waits for the post itself, not for its unit as a whole."""

    kind: str
    label: str
    count: int
    link: str
    exact: bool = True
    personal: bool = False
    items: list[Item] = field(default_factory=list)


Source = Callable[[Actor], list[Waiting]]
sources: list[Source] = []


def register_waiting(source: Source) -> None:
    """Tell what waits for an actor: the room of desks, which stands above this one, knows it."""
    if source not in sources:
        sources.append(source)
