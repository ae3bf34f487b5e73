"""Where the strokes of the ring and of the clock rail go: pure numbers, no words and no colours."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

STAGES = 8
_STEP = 360 / STAGES
_GAP = 1.66  # degrees between two segments, so that eight read as eight at any size

# A label's centre, by stage: written out because words are wide and not round. Right and left keep room for
# four characters, above and below for two lines.
LABELS: tuple[tuple[float, float], ...] = (
    (0, -132),
    (105, -99),
    (134, 4),
    (105, 108),
    (0, 137),
    (-105, 108),
    (-134, 4),
    (-105, -99),
)


def _at(radius: float, degrees: float) -> str:
    turn = degrees * pi / 180
    return f"{radius * sin(turn):.2f} {-radius * cos(turn):.2f}"


def segment(stage: int, outer: float, inner: float, gap: float = _GAP) -> str:
    """Path of one segment of the ring; stage 1 is centred at the top and the ring runs clockwise."""
    middle = (stage - 1) * _STEP
    first, last = middle - (_STEP - gap) / 2, middle + (_STEP - gap) / 2
    return (
        f"M{_at(outer, first)}A{outer:g} {outer:g} 0 0 1 {_at(outer, last)}"
        f"L{_at(inner, last)}A{inner:g} {inner:g} 0 0 0 {_at(inner, first)}Z"
    )


def tick(stage: int, radius: float = 94) -> str:
    """A check mark in the middle of a passed segment."""
    turn = (stage - 1) * _STEP * pi / 180
    x, y = radius * sin(turn), -radius * cos(turn)
    return f"M{x - 4:.1f} {y + 0.2:.1f}l2.8 2.8 5.2-5.8"


@dataclass(frozen=True)
class Rail:
    """The clock rail in percent of its width. `first` is None while the deadline has not moved."""

    today: float
    due: float
    first: float | None
    overdue: bool


def rail(start: date, today: date, due: date, first: date | None) -> Rail:
    """The rail runs from the start to whichever is later, today or the due day."""
    end = max(due, today, first or due)
    days = max((end - start).days, 1)

    def place(day: date) -> float:
        # The last percent is kept free, so that the pin on the end is drawn whole.
        return round(min(max((day - start).days / days, 0), 1) * 98.4 + 0.6, 1)

    moved = first if first is not None and first != due else None
    return Rail(
        today=place(today),
        due=place(due),
        first=None if moved is None else place(moved),
        overdue=today > due,
    )
