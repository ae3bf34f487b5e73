"""Pieces of text with places on a page, put into reading order: from above, from the left, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bihuan.documents.lines import ENDS_SENTENCE, begins_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_INDENT = 1.2
_REACH = 1.6
_NEARLY = 0.86
_NARROWEST = 12
_ALONE = 20
_SAME_LINE = 0.5
_WORD_GAP = 0.25
_LETTER_GAP = 0.6
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


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line. `is_full`: it reaches the edge of its column, so what follows may go on with its paragraph."""

    text: str
    is_full: bool


def in_reading_order(runs: Iterable[Run], rules: Sequence[float] = ()) -> list[Printed]:
    """The lines of a page. `rules` are the places of drawn upright lines, which make columns those of a table."""
    rows = [_pieces(row) for row in _rows(runs)]
    lines: list[Printed] = []
    band: list[tuple[Run, Run]] = []
    across: list[Run] = []
    gutter = _gutter(rows, rules)
    for row in rows:
        sides = _sides(row, gutter) if gutter is not None else None
        if sides is None:
            lines += _columns(band)
            band = []
            across.append(_whole(row))
        else:
            lines += _read(across)
            across = []
            band.append(sides)
    return lines + _read(across) + _columns(band)


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
    gap, size = run.left - last.right, min(last.size, run.size)
    is_latin = last.text[-1:].isascii() and run.text[:1].isascii()
    is_wide = gap > (_WORD_GAP if is_latin else _LETTER_GAP) * size
    return " " if is_wide and not last.text[-1:].isspace() else ""


def _whole(row: Sequence[Run]) -> Run:
    """What stands on one line, as one piece. Pieces apart are no running text: such a line reaches as far as its first."""
    text = " ".join(run.text.strip() for run in row)
    return Run(text, row[0].left, row[0].right, row[0].base, row[0].size)


def _read(lines: Sequence[Run]) -> list[Printed]:
    """The lines of one column, those that begin a paragraph by standing further in marked as print marks them.

    What stands further in below an item's number goes on with the item, and begins nothing.
    """
    begins = [_begins(lines, at) for at in range(len(lines))]
    edge = max((line.right for line in lines), default=0.0)
    left = min((line.left for line in lines), default=0.0)
    reaching = [_reaches(line, left, edge) for line in lines]
    wrapped = sum(reaching) > 1
    printed = []
    for line, begun, reaches in zip(lines, begins, reaching, strict=True):
        width = (line.right - line.left) / line.size
        is_full = reaches and width >= (_NARROWEST if wrapped else _ALONE)
        # Without paragraphs set in, a line that ends with its sentence is taken to end its paragraph too.
        is_full = is_full and (any(begins) or not line.text.endswith(ENDS_SENTENCE))
        printed.append(Printed(f"\u3000\u3000{line.text}" if begun else line.text, is_full=is_full))
    return printed


def _reaches(line: Run, left: float, edge: float) -> bool:
    """Whether a line ends at the edge; one that breaks off inside a sentence may stop a little before it."""
    if line.right >= edge - _REACH * line.size:
        return True
    return line.right - left >= _NEARLY * (edge - left) and not line.text.endswith(ENDS_SENTENCE)


def _begins(lines: Sequence[Run], at: int) -> bool:
    line, step = lines[at], _INDENT * lines[at].size
    before = lines[at - 1] if at else None
    after = lines[at + 1] if at + 1 < len(lines) else None
    further_in = before is None or (line.left - before.left >= step and not begins_item(before.text))
    goes_back = after is not None and line.left - after.left >= step
    return further_in and goes_back


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
        return _whole(runs) if runs else empty

    return side(before), side(after)


def _columns(band: list[tuple[Run, Run]]) -> list[Printed]:
    """A band of two columns: the left one whole, then the right one. A line alone on one side may be centred above."""
    left, right = [one for one, _ in band if one.text], [two for _, two in band if two.text]
    return _read(left) + _read(right)
