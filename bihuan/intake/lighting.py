"""Where on a page each passage stands: its letters found again among the page's letters, line by line. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from bihuan.text.radicals import mend_radicals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Letter = tuple[str, float, float, float, float]
Box = tuple[float, float, float, float]
# Enough letters in a row that another place with the same ones is unlikely, and a short heading still is found.
SURE: Final = 10


def places_of(letters: Sequence[Letter], passages: Iterable[tuple[int, str]]) -> dict[int, list[Box]]:
    """Boxes in per cent of the page for each passage that can be found; `passages` are (number, text) in order."""
    page, owners = _squeezed(letters)
    found: dict[int, list[Box]] = {}
    cursor = 0
    for number, text in passages:
        wanted = _plain(text)
        start = _find(page, wanted, cursor)
        if start < 0:
            continue
        end = start
        # A passage that goes on overleaf is lit as far as this page has it.
        while end < len(page) and end - start < len(wanted) and page[end] == wanted[end - start]:
            end += 1
        found[number] = _lines([letters[owner] for owner in dict.fromkeys(owners[start:end])])
        cursor = end
    return found


def _find(page: str, wanted: str, cursor: int) -> int:
    head = wanted[:SURE]
    if not head:
        return -1
    after = page.find(head, cursor)
    return after if after >= 0 else page.find(head)


def _squeezed(letters: Sequence[Letter]) -> tuple[str, list[int]]:
    text: list[str] = []
    owners: list[int] = []
    for at, letter in enumerate(letters):
        for piece in _plain(letter[0]):
            text.append(piece)
            owners.append(at)
    return "".join(text), owners


def _plain(text: str) -> str:
    """What is compared: no white space, compatibility forms levelled, radicals mended."""
    return "".join(unicodedata.normalize("NFKC", mend_radicals(text)).split())


def _lines(letters: Sequence[Letter]) -> list[Box]:
    lines: list[list[float]] = []
    for _letter, left, top, width, height in letters:
        right, bottom = left + width, top + height
        same = lines and abs((top + bottom) / 2 - (lines[-1][1] + lines[-1][3]) / 2) < max(height, 0.5) / 2
        if same and left >= lines[-1][0]:
            last = lines[-1]
            last[1], last[2], last[3] = min(last[1], top), max(last[2], right), max(last[3], bottom)
        else:
            lines.append([left, top, right, bottom])
    return [(round(x, 2), round(y, 2), round(r - x, 2), round(b - y, 2)) for x, y, r, b in lines]
