"""Who may decide a step, record it, confirm it: plain values in, an objection or nothing out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

MAXIMUM_STEPS: Final = 12


class Objection(StrEnum):
    """Why somebody may not take a part in a decision."""

    ASKED = "asked"
    EXCLUDED = "excluded"
    RECORDED = "recorded"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Hand:
    """A person who acts, and the person they act for. Either counts: a stand-in is as bound as the principal."""

    person: uuid.UUID | None
    principal: uuid.UUID | None = None

    def is_one_of(self, *others: uuid.UUID | None) -> bool:
        """Whether the person or their principal is among the others."""
        own = {self.person, self.principal} - {None}
        return bool(own & (set(others) - {None}))


def objection_to_decider(
    hand: Hand, *, asked_by: uuid.UUID | None, excluded: Iterable[uuid.UUID]
) -> Objection | None:
    """Who asks never approves, nor anybody kept out of this decision."""
    if hand.is_one_of(asked_by):
        return Objection.ASKED
    return Objection.EXCLUDED if hand.is_one_of(*excluded) else None


def objection_to_recorder(hand: Hand, *, decided_by: uuid.UUID | None) -> Objection | None:
    """Nobody records their own decision."""
    return Objection.DECIDED if hand.is_one_of(decided_by) else None


def objection_to_confirmer(
    hand: Hand, *, decided_by: uuid.UUID | None, recorded_by: uuid.UUID | None
) -> Objection | None:
    """Whoever confirms a paper decision neither took nor recorded it."""
    if hand.is_one_of(recorded_by):
        return Objection.RECORDED
    return Objection.DECIDED if hand.is_one_of(decided_by) else None
