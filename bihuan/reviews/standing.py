"""Who below is asked about a problem, and whom each stands under: from who carries which measure. Pure.

lead ── supporting unit ── its station          the station is asked first, then the supporting unit, then the lead
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True)
class Task:
    """One measure of a plan: what it stands under, who carries it, and whether anything of it is still to be done."""

    key: UUID
    parent: UUID | None
    unit: UUID
    is_owed: bool = True


@dataclass(frozen=True)
class Place:
    """Where a unit stands: every unit above it, the nearest first, and whether it has something of its own to report."""

    unit: UUID
    under: tuple[UUID, ...]
    depth: int
    carries: bool


def places_below(lead: UUID, tasks: Sequence[Task]) -> list[Place]:
    """Each unit below the lead that has to do with a leaf still owed, once, the upper ones first.

    A unit reached on several ways stands under all of them, as deep as the longest; two units that hand to each other stand
    in the order of the first way that leads through both, so that nobody ever waits for itself.
    """
    above: dict[UUID, list[UUID]] = {lead: []}
    carriers = set()
    for carrier, way in _ways(lead, tasks):
        carriers.add(carrier)
        for upper, lower in pairwise(way):
            standing = above.setdefault(lower, [])
            if upper not in standing and lower not in _all_above(upper, above):
                standing.append(upper)
    depths = _depths(above)
    found = [
        Place(unit, _nearest_first(unit, above, depths), depths[unit], unit in carriers)
        for unit in above
        if unit != lead
    ]
    return sorted(found, key=lambda place: place.depth)


def _ways(lead: UUID, tasks: Sequence[Task]) -> Iterable[tuple[UUID, list[UUID]]]:
    """For each leaf still owed who carries it, and the units from the lead down to there, each once."""
    by_key = {task.key: task for task in tasks}
    divided = {task.parent for task in tasks}
    for task in tasks:
        if task.key in divided or not task.is_owed or task.unit == lead:
            continue
        carrier, chain = task.unit, [task.unit]
        while task.parent is not None and task.unit != lead:
            task = by_key[task.parent]  # noqa: PLW2901  (going up)
            chain.append(task.unit)
        yield carrier, list(dict.fromkeys([lead, *reversed(chain)]))


def _all_above(unit: UUID, above: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    found: set[UUID] = set()
    waiting = list(above.get(unit, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(above[one])
    return found


def _depths(above: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, int]:
    """The longest way down to each unit."""
    found: dict[UUID, int] = {}

    def depth_of(unit: UUID) -> int:
        if unit not in found:
            found[unit] = max((depth_of(one) + 1 for one in above[unit]), default=0)
        return found[unit]

    for unit in above:
        depth_of(unit)
    return found


def _nearest_first(
    unit: UUID, above: Mapping[UUID, Sequence[UUID]], depths: Mapping[UUID, int]
) -> tuple[UUID, ...]:
    order = list(above)
    return tuple(sorted(_all_above(unit, above), key=lambda one: (-depths[one], order.index(one))))
