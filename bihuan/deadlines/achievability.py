"""Whether a deadline can be kept, as people judge it. Pure.

The unit gives its word, the office its judgment. The later of the two counts where the office spoke last, for it judged
knowing the unit's word; where the unit spoke last the graver one counts, so that a cheerful word cannot lift what the
office found. Either can only make a light worse than time and progress make it (`rules.light_of` takes the worst).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Achievability(StrEnum):
    """From good to bad."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    NOT_ON_TIME = "not_on_time"

    @property
    def gravity(self) -> int:
        """Place from good to bad."""
        return list(Achievability).index(self)


class Judge(StrEnum):
    """Who says so."""

    UNIT = "unit"
    OFFICE = "office"


class Said(NamedTuple):
    """What one of the two said, and on which day."""

    word: Achievability
    on: date


class Judged(NamedTuple):
    """What counts, and whose word it is."""

    word: Achievability
    by: Judge


def judged(unit: Said | None, office: Said | None) -> Judged | None:
    """Which of the two counts; None where nobody has said anything."""
    if unit is None or office is None:
        only = unit or office
        return only and Judged(only.word, Judge.UNIT if unit else Judge.OFFICE)
    if office.on >= unit.on or office.word.gravity >= unit.word.gravity:
        return Judged(office.word, Judge.OFFICE)
    return Judged(unit.word, Judge.UNIT)
