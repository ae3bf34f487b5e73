"""What the signatures of a panel come to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.rectification.acceptance_words import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

MAJORITY, TWO_THIRDS, ALL = "majority", "two_thirds", "all"
THIRDS: Final = 3


@dataclass(frozen=True)
class PanelTerms:
    """What policy asks: so many members from so many units, on site or not. No members: no panel is demanded."""

    members: int = 0
    units: int = 1
    agreement: str = MAJORITY
    on_site: bool = False

    @property
    def demanded(self) -> bool:
        """Whether the work may not be found done without a panel."""
        return self.members > 0


@dataclass(frozen=True)
class Seat:
    """One member as the rules see them: who, of which unit, and what their gates came to (None: not signed)."""

    person: UUID
    unit: UUID
    met: bool | None = None


def met(gates: Mapping[str, str]) -> bool:
    """Whether a member found the work done: no gate failed."""
    return FAILED not in gates.values()


def enough(votes: Sequence[bool], agreement: str) -> bool:
    """Whether so many found the work done that it may be accepted. A tie is no majority; nobody is no agreement."""
    agreed = sum(votes)
    if not votes:
        return False
    if agreement == ALL:
        return agreed == len(votes)
    if agreement == TWO_THIRDS:
        return agreed * THIRDS >= len(votes) * 2
    return agreed * 2 > len(votes)


def unsigned(seats: Iterable[Seat]) -> list[Seat]:
    """Those whose opinion is still missing."""
    return [seat for seat in seats if seat.met is None]


def concluded(seats: Sequence[Seat], agreement: str) -> bool | None:
    """What the panel found: done, not done, or nothing before everybody signed."""
    votes = [seat.met for seat in seats if seat.met is not None]
    return None if len(votes) < len(seats) or not votes else enough(votes, agreement)


def dissenting(seats: Sequence[Seat], agreement: str) -> list[Seat]:
    """Those who found otherwise than the panel."""
    found = concluded(seats, agreement)
    return [] if found is None else [seat for seat in seats if seat.met is not found]


def lacking(seats: Sequence[Seat], terms: PanelTerms) -> tuple[int, int]:
    """How many members, and how many units, are missing from what policy asks."""
    units = len({seat.unit for seat in seats})
    return max(0, terms.members - len(seats)), max(0, terms.units - units) if terms.demanded else 0


def failed_by_somebody(opinions: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The gates at which at least one member found the work wanting."""
    return frozenset(name for gates in opinions for name, answer in gates.items() if answer == FAILED)
