"""Drawing lots by hashes: no generator whose next version would draw differently, nothing a person can lean on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Lot:
    """One thing that may be drawn: `tickets` chances, and the groups it stands for."""

    key: str
    tickets: int = 1
    groups: tuple[str, ...] = ()


def ticket(seed: str, key: str, number: int) -> bytes:
    """One chance of one lot; the length before each part keeps two different calls from hashing the same bytes."""
    parts = (seed, key, str(number))
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).digest()


def rank(seed: str, lot: Lot) -> bytes:
    """The best of a lot's tickets: the more it has, the lower this is likely to be."""
    return min(ticket(seed, lot.key, number) for number in range(lot.tickets))


def draw(seed: str, lots: Sequence[Lot], size: int) -> list[str]:
    """The keys drawn, lowest ticket first: every group represented, at least `size` of them where there are as many."""
    _refuse_bad(lots)
    ordered = sorted(lots, key=lambda lot: (rank(seed, lot), lot.key))
    places: dict[str, int] = {}
    for place, lot in enumerate(ordered):
        for group in lot.groups:
            places.setdefault(group, place)
    taken = set(_represented(ordered, places))
    for place in range(len(ordered)):
        if len(taken) >= size:
            break
        taken.add(place)
    return [ordered[place].key for place in sorted(taken)]


def _represented(ordered: Sequence[Lot], places: dict[str, int]) -> Iterable[int]:
    """For each group, in the order of its name, its lowest lot, unless a lot already taken stands for it."""
    covered: set[str] = set()
    for group in sorted(places):
        if group not in covered:
            covered.update(ordered[places[group]].groups)
            yield places[group]


def _refuse_bad(lots: Sequence[Lot]) -> None:
    if any(lot.tickets < 1 for lot in lots):
        raise ValueError("a lot without a ticket could never be drawn")
    if len({lot.key for lot in lots}) != len(lots):
        raise ValueError("two lots have the same key")
