"""A recogniser of scans that stands in for the child process, and scans to give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from bihuan.documents.scanned import ScannedLetter, ScannedLine, ScannedPage
from tests.documents.scan_making import saved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOUBTED = 40
TEXTS = [
    ["二、存在的主要问题", "（一）县水利局管网巡检不到位，漏损率长期偏高。"],
    ["（二）石堰镇三家养殖场未按期搬迁，粪污直排沟渠。"],
    ["三、整改要求", "请于2026年9月30日前完成整改。"],
]


def page_of(number: int, lines: Sequence[str], *, turn: int = 0, doubted: str = "") -> ScannedPage:
    """A page as it would be recognised, each line across it."""

    def line(at: int, text: str) -> ScannedLine:
        top, right = 100.0 + 28 * at, 60.0 + 14 * len(text)
        letters = [
            ScannedLetter(i / len(text), (i + 1) / len(text), DOUBTED if letter in doubted else 99)
            for i, letter in enumerate(text)
        ]
        corners = ((60.0, top), (right, top), (right, top + 18), (60.0, top + 18))
        return ScannedLine(text, corners, tuple(letters))

    return ScannedPage(number, 595.0, 842.0, turn, 0.0, tuple(line(*one) for one in enumerate(lines)))


class Recogniser:
    """Stands in for the child process: gives pages made here, and remembers which were asked for."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.texts = list(texts)
        self.asked: list[int] = []
        self.stops_before: int | None = None
        self.error: Exception | None = None

    def __call__(self, source: object, pages: Sequence[int], *, name: str) -> Iterator[ScannedPage]:
        for number in pages:
            if number == self.stops_before:
                raise self.error or KeyboardInterrupt
            self.asked.append(number)
            yield page_of(number, self.texts[number - 1], turn=90, doubted="漏")


def tiff(pages: int = 3) -> bytes:
    frames = [Image.new("L", (300, 400), 200 + at) for at in range(pages)]
    return saved(frames[0], "TIFF", *frames[1:])
