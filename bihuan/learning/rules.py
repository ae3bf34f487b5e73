"""What is held back, whether a new model is better, and when one is due. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID


def is_held_back(problem: UUID, percent: int) -> bool:
    """Whether a problem's label is kept for measuring. It follows from its id alone, so that no training learns it.

    A higher share holds back all that a lower one does.
    """
    return int.from_bytes(hashlib.sha256(problem.bytes).digest()[:8], "big") % 100 < percent


@dataclass(frozen=True)
class Compared:
    """Two models on the same rows: how often each was right, and where only one of them was."""

    rows: int
    old_right: int
    new_right: int
    gained: int
    lost: int


def compared(pairs: Iterable[tuple[bool, bool]]) -> Compared:
    """`pairs` say of each row whether the old and whether the new model was right."""
    rows = list(pairs)
    return Compared(
        rows=len(rows),
        old_right=sum(old for old, _ in rows),
        new_right=sum(new for _, new in rows),
        gained=sum(new and not old for old, new in rows),
        lost=sum(old and not new for old, new in rows),
    )


@dataclass(frozen=True)
class Terms:
    """What the policy asks of a new model: rows to be measured on, points of gain, and how unlikely mere chance must be."""

    least_rows: int
    least_gain: int
    most_chance: int


class Reason(StrEnum):
    """Why a model is taken into use, or is not."""

    BETTER = "better"
    TOO_FEW = "too_few"
    NO_GAIN = "no_gain"
    SMALL_GAIN = "small_gain"
    CHANCE = "chance"


def chance_of(gained: int, lost: int) -> float:
    """How often two equally good models would differ at least so much in favour of the new one (a sign test)."""
    differing = gained + lost
    return sum(comb(differing, count) for count in range(gained, differing + 1)) / (1 << differing)


def verdict(found: Compared, terms: Terms) -> Reason:
    """In order: enough rows, a gain at all, a gain worth the change, and one that is hardly chance."""
    if found.rows < max(1, terms.least_rows):
        return Reason.TOO_FEW
    gain = found.new_right - found.old_right
    if gain <= 0:
        return Reason.NO_GAIN
    if gain * 100 < terms.least_gain * found.rows:
        return Reason.SMALL_GAIN
    if chance_of(found.gained, found.lost) * 100 > terms.most_chance:
        return Reason.CHANCE
    return Reason.BETTER


def is_due(last: date | None, today: date, every_days: int, *, fresh: int) -> bool:
    """Whether the schedule asks for a training: it is switched on, its days are over, and there is something new."""
    if every_days == 0 or fresh == 0:
        return False
    return last is None or (today - last).days >= every_days
