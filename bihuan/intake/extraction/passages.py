"""A document cut into passages that give it back when put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.documents.model import BlockKind, Place
from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.zones import Zone, zone_of_lead_in
from bihuan.text.outline import Marker, marker_of
from bihuan.text.sentences import sentences

if TYPE_CHECKING:
    from bihuan.documents.model import Block, Document

_LONGEST_HEADING = 60
_LONGEST_TITLE = 80
_TITLE_BLOCKS = 8
_ASPECT = re.compile(r"(?:在)?[^，。；：]{2,10}(?:方面|环节|领域)(?:，|有)")
_RUNNING = (BlockKind.PAGE_MARK, BlockKind.HEADER, BlockKind.FOOTER)


@dataclass(slots=True)
class Passage:
    """One piece of a document. `block` is the index of the block it was cut from."""

    text: str
    page: int | None
    heading: tuple[str, ...]
    place: Place
    kind: BlockKind
    block: int
    disposition: Disposition = Disposition.UNDECIDED
    candidate: int | None = None


@dataclass(slots=True)
class Part:
    """A block with its passages and what its outline number says. `is_heading`: it holds no sentence of its own."""

    block: Block
    passages: list[Passage]
    marker: Marker | None
    is_heading: bool
    numbers: tuple[str, ...] = ()
    is_title: bool = False

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    @property
    def depth(self) -> int | None:
        """The outline depth, by the printed number or, without one, by the document's own heading level."""
        if self.marker is not None:
            return self.marker.depth
        return self.block.level

    @property
    def is_running(self) -> bool:
        """Page marks and running heads and feet."""
        return self.block.kind in _RUNNING


def cut(document: Document) -> list[Part]:
    """Every block with its passages, in the order of the document."""
    parts: list[Part] = []
    above: list[tuple[int, str]] = []
    numbers: list[tuple[int, str]] = []
    for index, block in enumerate(document.blocks):
        marker = marker_of(block.text) if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) else None
        pieces = pieces_of(block)
        is_heading = _is_heading(block, marker, pieces)
        depth = marker.depth if marker else block.level
        if depth is not None:
            above = [(known, text) for known, text in above if known < depth]
            numbers = [(known, number) for known, number in numbers if known < depth]
        if marker is not None:
            numbers.append((marker.depth, printed_number(marker)))
        path = tuple(text for _, text in above) or block.heading_path
        lead = pieces[0].strip() if pieces else ""
        passages = []
        for number, piece in enumerate(pieces):
            heading = (*path, lead) if number and marker and len(lead) <= _LONGEST_TITLE else path
            passages.append(Passage(piece, block.page, heading, block.place, block.kind, index))
        if depth is not None and len(lead) <= _LONGEST_TITLE:
            above.append((depth, lead))
        path_of_numbers = tuple(number for _, number in numbers) if marker else ()
        parts.append(Part(block, passages, marker, is_heading, path_of_numbers))
    _mark_titles(parts)
    return parts


def printed_number(marker: Marker) -> str:
    """The number as printed, without the punctuation that parts it from the text."""
    return "".join(marker.printed.split()).rstrip("：:、．.，,")


def pieces_of(block: Block) -> list[str]:
    """The texts a block is cut into: rows and running lines stay whole."""
    if block.kind is BlockKind.ROW or block.kind in _RUNNING:
        return [block.text]
    pieces: list[str] = []
    for sentence in sentences(block.text):
        at = sentence.find("：")
        # “…发现一些问题，主要是：甲，乙” announces a list: what announces it is not part of it.
        listed = zone_of_lead_in(sentence[: at + 1]) is Zone.PROBLEM or _ASPECT.match(sentence, at + 1)
        if 0 < at < len(sentence) - 1 and listed:
            pieces += [sentence[: at + 1], sentence[at + 1 :]]
        else:
            pieces.append(sentence)
    return pieces


def _is_heading(block: Block, marker: Marker | None, pieces: list[str]) -> bool:
    if block.kind is BlockKind.HEADING:
        return True
    stripped = block.text.strip()
    ends = stripped.endswith(("。", "；", ";", "！", "？"))
    return marker is not None and len(pieces) == 1 and len(stripped) <= _LONGEST_HEADING and not ends


def _mark_titles(parts: list[Part]) -> None:
    """The lines above the first paragraph or number are the document's title, sender, date and address."""
    for part in parts[:_TITLE_BLOCKS]:
        stripped = part.text.strip()
        if part.is_running:
            continue
        if part.marker or part.block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            return
        if len(stripped) > _LONGEST_TITLE and not stripped.startswith(("http://", "https://")):
            return
        if stripped.endswith(("；", "！", "？", "，")) or "。" in stripped:
            return
        part.is_title = True
