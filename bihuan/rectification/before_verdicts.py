"""What upper rooms have to say before a verdict, and which visits they have announced; told by registered functions.

A look runs before the action opens and may act itself; a guard runs inside, writes nothing and refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from datetime import date

Look = Callable[[Problem], None]
Guard = Callable[[Problem], None]
Visits = Callable[[Problem], Iterable["date"]]
_looks: list[Look] = []
_guards: list[Guard] = []
_visits: list[Visits] = []


def register_before_verdict(*, look: Look, guard: Guard) -> None:
    """Let an upper room look at a problem before it is accepted, and refuse. Call it in the room's `ready`."""
    _looks.append(look)
    _guards.append(guard)


def register_visits(visits: Visits) -> None:
    """Let a room that announces visits say when those who do the work at a problem expect one."""
    _visits.append(visits)


def look_ahead(arguments: Mapping[str, Any]) -> None:
    """Everybody's look, before the action that accepts; who may not accept has been refused by then."""
    for look in _looks:
        look(arguments["problem"])


def refuse_by_guards(problem: Problem) -> None:
    """Raise the first refusal of an upper room."""
    for guard in _guards:
        guard(problem)


def announced_visits(problem: Problem) -> list[date]:
    """The days on which those who do the work were told that somebody would come."""
    return sorted({day for visits in _visits for day in visits(problem)})
