"""What a document is once it has been read: an ordered row of blocks, with nothing left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class BlockKind(StrEnum):
    """What a block was in its document."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ROW = "row"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    TEXT_BOX = "text_box"
    COMMENT = "comment"
    PAGE_MARK = "page_mark"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: `part` is line, paragraph, table, sheet, page, header, footnote…; numbers start at 1."""

    part: str
    number: int
    row: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table row or a running line.

    `text` is what the document says. `cells` (rows only) holds the same with merged cells filled in, one entry per
    column. `level` is the outline level the document itself declares (1 is the top), None for body text.
    """

    text: str
    page: int | None
    heading_path: tuple[str, ...]
    place: Place
    kind: BlockKind = BlockKind.PARAGRAPH
    cells: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. `notes` says what a reader should know, such as `misnamed:pdf` (content decided)."""

    name: str
    sha256: str
    kind: str
    pages: int | None
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text, a line per block."""
        return "\n".join(block.text for block in self.blocks)

    def mapped(self, change: Callable[[str], str]) -> Document:
        """The same document with `change` applied to every piece of text, for repairs of characters."""
        return replace(
            self,
            blocks=tuple(
                replace(
                    block,
                    text=change(block.text),
                    heading_path=tuple(change(heading) for heading in block.heading_path),
                    cells=tuple(change(cell) for cell in block.cells),
                )
                for block in self.blocks
            ),
        )


def to_plain(document: Document) -> dict[str, Any]:
    """Plain values for JSON."""
    return asdict(document)


def from_plain(plain: Mapping[str, Any]) -> Document:
    """The inverse of `to_plain`."""
    blocks = tuple(
        Block(
            text=block["text"],
            page=block["page"],
            heading_path=tuple(block["heading_path"]),
            place=Place(**block["place"]),
            kind=BlockKind(block["kind"]),
            cells=tuple(block["cells"]),
            level=block["level"],
        )
        for block in plain["blocks"]
    )
    return Document(
        name=plain["name"],
        sha256=plain["sha256"],
        kind=plain["kind"],
        pages=plain["pages"],
        blocks=blocks,
        notes=tuple(plain["notes"]),
    )
