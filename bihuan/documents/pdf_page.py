"""One page of a PDF: its letters as runs of text, and the lines drawn on it, turned so that the text runs to the right.

Places are points of the page; which way its text runs decides how it is turned, so a page on its side, a page with a
turned table and a column of upright writing need no rule of their own.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.documents.layout import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pypdfium2

# A soft hyphen at a line's end comes back as one of these.
_ARTEFACTS = frozenset("\ufffe\uffff\x02\x00")
_STRAIGHT = 1.0
_SHORTEST_RULE = 4.0
_MOST_SEGMENTS = 8_000
_NEXT_LETTER = 0.6
_BACKWARDS = -0.5
_SAME_LINE = 0.4
_NEAR = 3.0
_EVERY = 3
_SMALLEST = 0.1
_LATIN_GAP = 0.15
_Point = tuple[float, float]
_TURNS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "right": lambda x, y: (x, -y),
    "up": lambda x, y: (y, x),
    "left": lambda x, y: (-x, y),
    "down": lambda x, y: (-y, -x),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight drawn line. `at` is where it stands, across its direction; it reaches from `begins` to `ends`."""

    is_upright: bool
    at: float
    begins: float
    ends: float


# A character, then left, bottom, right and top of its box on the page as the file has it. Plain, for there are many.
Letter = tuple[str, float, float, float, float]
# A character, then where it begins and ends on its line, the line's foot, and its height, turned to be read.
_Turned = tuple[str, float, float, float, float]


def letters_of(text_page: pypdfium2.PdfTextPage) -> list[Letter]:
    """Every character of the page that the file holds; what pdfium adds for looks (breaks, spaces) is left out."""
    import pypdfium2.raw as pdfium

    raw, box = text_page.raw, pdfium.FS_RECTF()
    place, found = ctypes.byref(box), []
    character, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    for at in range(text_page.count_chars()):
        text = chr(character(raw, at))
        if text in _ARTEFACTS or (text.isspace() and pdfium.FPDFText_IsGenerated(raw, at)):
            continue
        if box_of(raw, at, place):
            found.append((text, box.left, box.bottom, box.right, box.top))
        else:
            found.append((text, 0.0, 0.0, 0.0, 0.0))
    return found


def direction_of(letters: Sequence[Letter]) -> str:
    """Which way most steps from one letter to the next go; every third step is enough to tell."""
    steps = dict.fromkeys(_TURNS, 0)
    for one, two in zip(letters[::_EVERY], letters[1::_EVERY], strict=False):
        reach = _NEAR * max(one[4] - one[2], one[3] - one[1])
        across, up = two[1] - one[1], two[2] - one[2]
        if abs(across) > abs(up) and abs(across) < reach:
            steps["right" if across > 0 else "left"] += 1
        elif abs(up) > abs(across) and abs(up) < reach:
            steps["up" if up > 0 else "down"] += 1
    return max(steps, key=lambda way: steps[way])


def _turned(letters: Sequence[Letter], direction: str) -> Iterator[_Turned]:
    if direction == "right":
        for text, left, bottom, right, top in letters:
            yield text, left, right, -bottom, top - bottom
        return
    turn = _TURNS[direction]
    for text, left, bottom, right, top in letters:
        (x1, y1), (x2, y2) = turn(left, bottom), turn(right, top)
        yield text, min(x1, x2), max(x1, x2), max(y1, y2), abs(y2 - y1)


def runs_of(letters: Sequence[Letter], direction: str, breaks: Sequence[float]) -> list[Run]:
    """Letters that follow each other on one line as one run; a drawn upright line (`breaks`, sorted) always parts them."""
    runs: list[Run] = []
    text: list[str] = []
    left = right = base = size = last_middle = 0.0
    for letter, begins, ends, bottom, height in _turned(letters, direction):
        if letter.isspace():
            # A space counts where it is written between letters of one line.
            text += [letter] if text and letter not in "\r\n" else []
            continue
        gap, middle = begins - right, (begins + ends) / 2
        goes_on = (
            _BACKWARDS * size <= gap <= _NEXT_LETTER * size
            and abs(bottom - base) <= _SAME_LINE * min(size, height)
            and bool(text)
            and not (breaks and bisect_right(breaks, last_middle) != bisect_right(breaks, middle))
        )
        if goes_on:
            if gap > _LATIN_GAP * size and text[-1].isascii() and letter.isascii() and not text[-1].isspace():
                text.append(" ")
            text.append(letter)
            right = max(right, ends)
        else:
            if text:
                runs.append(Run("".join(text), left, right, base, size))
            text, left, right, base, size = [letter], begins, ends, bottom, height or _SMALLEST
        last_middle = middle
    if text:
        runs.append(Run("".join(text), left, right, base, size))
    return runs


def rules_on(page: pypdfium2.PdfPage, direction: str) -> list[Rule]:
    """The straight lines drawn on a page; a drawing of very many (a map) has none that would be a table's."""
    turn, found = _TURNS[direction], []
    for count, (one, two) in enumerate(_segments(page)):
        if count > _MOST_SEGMENTS:
            return []
        (x1, y1), (x2, y2) = turn(*one), turn(*two)
        if abs(x1 - x2) <= _STRAIGHT and abs(y1 - y2) >= _SHORTEST_RULE:
            found.append(Rule(is_upright=True, at=(x1 + x2) / 2, begins=min(y1, y2), ends=max(y1, y2)))
        elif abs(y1 - y2) <= _STRAIGHT and abs(x1 - x2) >= _SHORTEST_RULE:
            found.append(Rule(is_upright=False, at=(y1 + y2) / 2, begins=min(x1, x2), ends=max(x1, x2)))
    return found


def _segments(page: pypdfium2.PdfPage) -> Iterator[tuple[_Point, _Point]]:
    """Every straight piece of every path, in the page's own places."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        matrix = drawn.get_matrix()
        last = start = (0.0, 0.0)
        for number in range(pdfium.FPDFPath_CountSegments(drawn.raw)):
            segment = pdfium.FPDFPath_GetPathSegment(drawn.raw, number)
            if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                continue
            here = matrix.on_point(x.value, y.value)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = here
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                yield last, here
            last = here
            if pdfium.FPDFPathSegment_GetClose(segment):
                yield here, start
