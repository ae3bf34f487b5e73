"""What text recognition found on the picture of a page: its lines with the place and the certainty of every letter.

Places are points of a page turned the right way up, on which x grows to the right and y downwards; a tilt that is left
is undone when the lines are put into reading order, so that what is shown beside the text is the page as it lies.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.pdf_page import Letter, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Point = tuple[float, float]
DOUBTFUL_BELOW: Final = 85
"""Per cent of certainty below which a letter is shown as doubtful (see scripts/bench_ocr.py)."""
_HAN: Final = re.compile("[㐀-鿿]")
_ENOUGH_HAN: Final = 4
_USUAL_SIZE: Final = 0.72
_LARGEST_SIZE: Final = 0.95
# A recogniser gives these at either width; which one was printed shows in what stands beside them.
NARROW: Final = ",:;!?()"
WIDE: Final = "，：；！？（）"
_WIDER: Final = str.maketrans(NARROW, WIDE)


@dataclass(frozen=True, slots=True)
class ScannedLetter:
    """A letter: where it begins and ends on its line, in shares of the line's length, and how certain it is, in per cent."""

    begins: float
    ends: float
    certain: int


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line as it was found. `corners`: top left, top right, bottom right, bottom left; a letter for each of `text`."""

    text: str
    corners: tuple[Point, Point, Point, Point]
    letters: tuple[ScannedLetter, ...]

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the upright box around one letter."""
        letter = self.letters[at]
        left_top, right_top, right_bottom, left_bottom = self.corners
        points = [
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            for a, b in ((left_top, right_top), (left_bottom, right_bottom))
            for share in (letter.begins, letter.ends)
        ]
        across, down = [point[0] for point in points], [point[1] for point in points]
        return min(across), min(down), max(across), max(down)


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as recognised. `turn`: quarter turns (degrees, clockwise) that put the picture upright; `tilt` in degrees.

    `is_blank`: there is nothing on it but paper. `rules` are the straight lines drawn on it, the tilt undone.
    """

    number: int
    width: float
    height: float
    turn: int
    tilt: float
    lines: tuple[ScannedLine, ...]
    rules: tuple[Rule, ...] = ()
    is_blank: bool = False

    @property
    def text(self) -> str:
        """Everything on it, a line a line."""
        return "\n".join(line.text for line in self.lines)

    def levelled(self) -> Iterator[Letter]:
        """Its letters as those of a page of a PDF, the tilt undone, each as high as its line's letters are wide."""
        for line in self.lines:
            left_top, right_top, right_bottom, left_bottom = (self._level(point) for point in line.corners)
            left, right = (left_top[0] + left_bottom[0]) / 2, (right_top[0] + right_bottom[0]) / 2
            base = self.levelled_base(line)
            size = _size(line, right - left, base - (left_top[1] + right_top[1]) / 2)
            for letter, place in zip(line.text, line.letters, strict=True):
                begins, ends = (left + share * (right - left) for share in (place.begins, place.ends))
                yield letter, begins, -base, ends, size - base

    def levelled_base(self, line: ScannedLine) -> float:
        """How far down the page a line stands, the tilt undone."""
        return (self._level(line.corners[2])[1] + self._level(line.corners[3])[1]) / 2

    def _level(self, point: Point) -> Point:
        angle = math.radians(self.tilt)
        across, down = point[0] - self.width / 2, point[1] - self.height / 2
        return (
            across * math.cos(angle) + down * math.sin(angle) + self.width / 2,
            down * math.cos(angle) - across * math.sin(angle) + self.height / 2,
        )


def _size(line: ScannedLine, length: float, height: float) -> float:
    """How large the letters of a line are: as wide as they follow each other, for what is found around them is padded."""
    middles = [
        (place.begins + place.ends) / 2
        for letter, place in zip(line.text, line.letters, strict=True)
        if _HAN.match(letter)
    ]
    if len(middles) < _ENOUGH_HAN:
        return _USUAL_SIZE * height
    steps = median(two - one for one, two in pairwise(middles)) * length
    return min(max(steps, height / 2), _LARGEST_SIZE * height)


def widened(text: str) -> str:
    """Punctuation beside Chinese characters at the width it is printed at there; as long as before."""
    letters = list(text)
    for at, letter in enumerate(letters):
        if letter not in NARROW:
            continue
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        mates = before + after
        if _HAN.search(mates) or any(mate in "，。：；！？（）、“”《》" for mate in mates):
            letters[at] = letter.translate(_WIDER)
    return "".join(letters)


def page_to_plain(page: ScannedPage) -> dict[str, Any]:
    """Plain values for JSON; letters as short rows, for there are many."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "turn": page.turn,
        "tilt": page.tilt,
        "is_blank": page.is_blank,
        "rules": [asdict(rule) for rule in page.rules],
        "lines": [
            {
                "text": line.text,
                "corners": [list(corner) for corner in line.corners],
                "letters": [[one.begins, one.ends, one.certain] for one in line.letters],
            }
            for line in page.lines
        ],
    }


def page_from_plain(plain: Mapping[str, Any]) -> ScannedPage:
    """The inverse of `page_to_plain`."""
    lines = tuple(
        ScannedLine(
            line["text"],
            tuple((float(x), float(y)) for x, y in line["corners"]),  # type: ignore[arg-type]
            tuple(
                ScannedLetter(float(begins), float(ends), int(certain))
                for begins, ends, certain in line["letters"]
            ),
        )
        for line in plain["lines"]
    )
    rules = tuple(Rule(**rule) for rule in plain["rules"])
    known = {name: plain[name] for name in ("number", "width", "height", "turn", "tilt", "is_blank")}
    return ScannedPage(lines=lines, rules=rules, **known)
