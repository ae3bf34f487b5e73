"""Pieces of text with places on a page, put into reading order: from above, from the left, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SAME_LINE = 0.5
_WORD_GAP = 0.25
_WIDE_GAP = 1.5
_FULL = 0.75
_MOSTLY = 0.6
_ENOUGH_ROWS = 4
_MIDDLE = (0.3, 0.7)


@dataclass(frozen=True, slots=True)
class Run:
    """Text with its box; `base` is the line it stands on. Distances grow to the right and downwards, `size` in the same unit."""

    text: str
    left: float
    right: float
    base: float
    size: float


def in_reading_order(runs: Iterable[Run], rules: Sequence[float] = ()) -> list[str]:
    """The lines of a page. `rules` are the places of drawn upright lines, which make columns those of a table."""
    rows = [_pieces(row) for row in _rows(runs)]
    lines: list[str] = []
    band: list[tuple[Run, Run]] = []
    gutter = _gutter(rows, rules)
    for row in rows:
        sides = _sides(row, gutter) if gutter is not None else None
        if sides is None:
            lines += _columns(band)
            band = []
            lines.append(_joined(row))
        else:
            band.append(sides)
    return lines + _columns(band)


def _rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that stand on one line, from above."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.left)):
        if rows and abs(run.base - rows[-1][0].base) <= _SAME_LINE * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _pieces(row: list[Run]) -> list[Run]:
    """Runs next to each other as one; what a wide gap parts stays apart."""
    pieces: list[Run] = []
    for run in row:
        last = pieces[-1] if pieces else None
        if last is not None and run.left - last.right < _WIDE_GAP * min(run.size, last.size):
            text = last.text + _space(last, run) + run.text
            pieces[-1] = Run(text, last.left, max(last.right, run.right), last.base, last.size)
        else:
            pieces.append(run)
    return pieces


def _space(last: Run, run: Run) -> str:
    gap = run.left - last.right > _WORD_GAP * min(last.size, run.size)
    return " " if gap and last.text[-1:].isascii() and run.text[:1].isascii() else ""


def _joined(row: Sequence[Run]) -> str:
    return " ".join(run.text.strip() for run in row)


def _gutter(rows: list[list[Run]], rules: Sequence[float]) -> float | None:
    """Where two columns of running text part: on enough lines both sides are full, and no line is drawn between."""
    if not rows:
        return None
    left = min(run.left for row in rows for run in row)
    right = max(run.right for row in rows for run in row)
    first, last = (left + share * (right - left) for share in _MIDDLE)
    pairs = [(row[0], row[1]) for row in rows if len(row) == len(_MIDDLE)]
    between = [(one, two) for one, two in pairs if one.right < last and two.left > first]
    if len(between) < _ENOUGH_ROWS:
        return None
    begins, ends = median(one.right for one, _ in between), median(two.left for _, two in between)
    middle = (begins + ends) / 2
    if any(begins < rule < ends for rule in rules):
        return None
    full = sum(
        one.right - one.left >= _FULL * (begins - left) and two.right - two.left >= _FULL * (right - ends)
        for one, two in between
    )
    return middle if full >= _MOSTLY * len(between) else None


def _sides(row: list[Run], gutter: float) -> tuple[Run, Run] | None:
    """What stands left and right of the gutter, None where the line runs across it."""
    if any(run.left < gutter < run.right for run in row):
        return None
    empty = Run("", gutter, gutter, row[0].base, row[0].size)
    before = [run for run in row if run.right <= gutter]
    after = [run for run in row if run.left >= gutter]

    def side(runs: list[Run]) -> Run:
        return Run(_joined(runs), runs[0].left, runs[-1].right, runs[0].base, runs[0].size) if runs else empty

    return side(before), side(after)


def _columns(band: list[tuple[Run, Run]]) -> list[str]:
    """A band of two columns: the left one whole, then the right one. A line alone on one side may be centred above."""
    return [one.text for one, _ in band if one.text] + [two.text for _, two in band if two.text]
