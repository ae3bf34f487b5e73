"""Which letters of a recognised page a passage is made of: where they stand, and which of them were doubted. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.scanned import DOUBTFUL_BELOW
from bihuan.text.radicals import mend_radicals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bihuan.documents.scanned import ScannedLine, ScannedPage
    from bihuan.intake.extraction.passages import Passage

_MILLE: Final = 1000
Box = tuple[int, int, int, int]


@dataclass
class Placed:
    """`boxes` in thousandths of the page (left, top, width, height), `doubtful` pieces of the text (from, length)."""

    boxes: list[Box] = field(default_factory=list)
    doubtful: list[tuple[int, int]] = field(default_factory=list)


def places_in_scans(
    passages: Sequence[Passage], scanned: Mapping[int, ScannedPage]
) -> dict[int, dict[str, Any]]:
    """What is added to the place of each passage, by its index; plain whole numbers, for an event may hold them."""
    found: dict[int, dict[str, Any]] = {}
    for number, page in scanned.items():
        indices = _on(passages, number)
        for index, placed in _placed(page, {at: passages[at].text for at in indices}).items():
            is_here = passages[index].page == number
            place = found.setdefault(index, {})
            if is_here:
                place |= {"turn": page.turn, "boxes": [list(box) for box in placed.boxes]}
            place["doubtful"] = [*place.get("doubtful", []), *(list(one) for one in placed.doubtful)]
    return found


def _on(passages: Sequence[Passage], page: int) -> list[int]:
    """The passages of a page, and the last paragraph of the page before, which may go on here."""
    own = [at for at, passage in enumerate(passages) if passage.page == page]
    before = [at for at, passage in enumerate(passages) if passage.page == page - 1]
    last = passages[before[-1]].block if before else None
    return [*(at for at in before if passages[at].block == last), *own]


def _placed(page: ScannedPage, texts: Mapping[int, str]) -> dict[int, Placed]:
    """Each line is looked for in the text of all passages; a place once taken is not taken again."""
    whole, owners = _squeezed(texts)
    taken = bytearray(len(whole))
    found: dict[int, Placed] = {}
    for line in page.lines:
        wanted = "".join(_plain(letter) for letter in line.text)
        start = whole.find(wanted) if wanted else -1
        while start >= 0 and taken[start]:
            start = whole.find(wanted, start + 1)
        if start < 0:
            continue
        taken[start : start + len(wanted)] = b"\1" * len(wanted)
        for index, letters in _by_passage(line, owners[start : start + len(wanted)]):
            placed = found.setdefault(index, Placed())
            placed.boxes.append(_box(page, line, [at for at, _ in letters]))
            doubted = [where for at, where in letters if line.letters[at].certain < DOUBTFUL_BELOW]
            placed.doubtful += _pieces(doubted)
    return found


def _by_passage(
    line: ScannedLine, owners: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The letters of a line (index in it, place in the passage's text) for each passage they belong to."""
    positions = [at for at, letter in enumerate(line.text) for _ in _plain(letter)]
    shared: dict[int, dict[int, int]] = {}
    for at, (index, where) in zip(positions, owners, strict=True):
        shared.setdefault(index, {})[at] = where
    for index, letters in shared.items():
        yield index, list(letters.items())


def _box(page: ScannedPage, line: ScannedLine, letters: Sequence[int]) -> Box:
    boxes = [line.box(at) for at in letters]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    across, down = _MILLE / page.width, _MILLE / page.height
    return (
        round(left * across),
        round(top * down),
        round((right - left) * across),
        round((bottom - top) * down),
    )


def _pieces(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring letters as one piece."""
    pieces: list[tuple[int, int]] = []
    for place in sorted(places):
        if pieces and place <= sum(pieces[-1]):
            pieces[-1] = (pieces[-1][0], place + 1 - pieces[-1][0])
        else:
            pieces.append((place, 1))
    return pieces


def _squeezed(texts: Mapping[int, str]) -> tuple[str, list[tuple[int, int]]]:
    letters: list[str] = []
    owners: list[tuple[int, int]] = []
    for index, text in texts.items():
        for at, letter in enumerate(text):
            for piece in _plain(letter):
                letters.append(piece)
                owners.append((index, at))
    return "".join(letters), owners


def _plain(letter: str) -> str:
    """What is compared: no white space, widths levelled, radicals mended."""
    return "".join(unicodedata.normalize("NFKC", mend_radicals(letter)).split())
