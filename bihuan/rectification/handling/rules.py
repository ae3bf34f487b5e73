"""Whose a problem probably is, and why: pure. A proposal is shown to who decides; it decides nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

WHOLE: Final = 100
GRADES: Final = ("minor", "major", "severe")


class Why(StrEnum):
    """What a proposal rests on."""

    WRITTEN = "written"
    """It stands in the problem already: as it was registered, or proposed before."""
    USUAL = "usual"
    """Most cases of the same source and sector went this way."""
    STEWARD = "steward"
    """The unit supervises the sector."""
    TERRITORY = "territory"
    """The unit governs the place."""
    PORTFOLIO = "portfolio"
    """The post's portfolio covers the sector."""
    SOURCE = "source"
    """The source, or the batch, set the date."""
    TERM = "term"
    """The rule for this kind of rectification, counted from today."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One proposal. `count` of `of` cases, where it rests on cases."""

    value: uuid.UUID
    why: Why
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one problem. Units are ids; `led` and `helped` say in how many of `cases` each did so."""

    written: uuid.UUID | None = None
    steward: uuid.UUID | None = None
    territorial: uuid.UUID | None = None
    cases: int = 0
    led: Mapping[uuid.UUID, int] = field(default_factory=dict)
    helped: Mapping[uuid.UUID, int] = field(default_factory=dict)
    open_units: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """How many cases make a habit: so many at least, and so many in a hundred the same way."""

    least_cases: int
    least_percent: int


def lead_of(facts: Facts, terms: Terms) -> Pick | None:
    """Who should lead: what is written, else who usually does, else who supervises the sector, else who governs the place."""
    if facts.written is not None and facts.written in facts.open_units:
        return Pick(facts.written, Why.WRITTEN)
    habits = _habits(facts, facts.led, terms)
    if habits:
        return habits[0]
    for unit, why in ((facts.steward, Why.STEWARD), (facts.territorial, Why.TERRITORY)):
        if unit is not None and unit in facts.open_units:
            return Pick(unit, why)
    return None


def supporting_of(facts: Facts, terms: Terms, lead: uuid.UUID | None) -> tuple[Pick, ...]:
    """Who should help whoever leads: who usually does, and the government of the place; nobody twice."""
    found = {pick.value: pick for pick in _habits(facts, facts.helped, terms)}
    if facts.territorial is not None and facts.territorial in facts.open_units:
        found.setdefault(facts.territorial, Pick(facts.territorial, Why.TERRITORY))
    return tuple(pick for unit, pick in found.items() if unit != lead)


def authority_of(facts: Facts, written: uuid.UUID | None) -> Pick | None:
    """Which unit supervises the trade: what is written, else the sector's steward."""
    if written is not None and written in facts.open_units:
        return Pick(written, Why.WRITTEN)
    if facts.steward is not None and facts.steward in facts.open_units:
        return Pick(facts.steward, Why.STEWARD)
    return None


def _habits(facts: Facts, done: Mapping[uuid.UUID, int], terms: Terms) -> list[Pick]:
    """The most frequent first; of equals the one with the smaller id, so that the same facts propose the same."""
    if facts.cases < terms.least_cases:
        return []
    often = [
        Pick(unit, Why.USUAL, count, facts.cases)
        for unit, count in done.items()
        if unit in facts.open_units and count * WHOLE >= terms.least_percent * facts.cases
    ]
    return sorted(often, key=lambda pick: (-pick.count, pick.value))


def wants_sponsor(grade: str, least: str) -> bool:
    """Whether a problem of this grade is one for a leader to take charge of; `least` is a grade, or no grade at all."""
    return grade in GRADES and least in GRADES and GRADES.index(grade) >= GRADES.index(least)
