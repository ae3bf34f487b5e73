"""A bound volume in Word: cover, table of contents, numbered records that flow one after the other, closing note.

Header and footer stand on every page but the cover; the footer says who made the copy, so that a sheet that was
taken out still tells where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from PIL import Image

from bihuan.documents.blank_word import blank_document
from bihuan.documents.word_parts import (
    BODY_FONT,
    HEAD_FONT,
    PLAIN_FONT,
    SUBHEAD_FONT,
    TITLE_FONT,
    Table,
    add_field,
    add_table,
    add_text,
    dress,
    rule_off,
    saved,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH_MM: Final = 160
_PICTURE_MM: Final = 76
_PICTURE_PIXELS: Final = 1000
_BODY, _LINE, _SMALL = 12, 20, 9


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph of a record; `heading` sets it off as the title of what follows."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures two in a row, each a (JPEG or PNG, caption)."""

    pictures: Sequence[tuple[bytes, str]]


Piece = Words | Table | Pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One numbered record; `note` says when and by whom it was made."""

    number: str
    title: str
    note: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Everything between two covers. `mark` stands in each header's right corner (how far the paper may go)."""

    title: str
    subtitle: str
    cover: Sequence[tuple[str, str]]
    contents_title: str
    contents: Table
    contents_note: str
    records: Sequence[Record]
    closing_title: str
    closing: Sequence[Piece]
    header: str
    mark: str
    footer: str
    page_words: tuple[str, str, str]


def volume_bytes(volume: Volume) -> bytes:
    """The volume as a Word document."""
    document = blank_document(f"{volume.title} {volume.header}")
    _lay_out(document)
    _cover(document, volume)
    document.add_section(WD_SECTION.NEW_PAGE)
    _head_and_foot(document.sections[-1], volume)
    _title(document, volume.contents_title)
    add_table(document, volume.contents, _WIDTH_MM)
    _paragraph(document, volume.contents_note, size=_SMALL, line=14)
    document.add_page_break()
    for record in volume.records:
        _record(document, record)
    document.add_page_break()
    _title(document, volume.closing_title)
    _pieces(document, volume.closing)
    return saved(document)


def printable_picture(content: bytes) -> bytes:
    """A picture drawn again as a small JPEG, without what the camera wrote into it."""
    target = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((_PICTURE_PIXELS, _PICTURE_PIXELS))
        small.save(target, "JPEG", quality=82)
    return target.getvalue()


def _lay_out(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(28), Mm(24)
    section.left_margin, section.right_margin = Mm(28), Mm(22)
    document.styles["Normal"].font.size = Pt(_BODY)


def _cover(document: Any, volume: Volume) -> None:
    for _blank in range(4):
        _paragraph(document, "")
    add_text(
        document, volume.title, font=TITLE_FONT, size=36, align="center", indent=False, line=54
    ).paragraph_format.space_after = Pt(16)
    add_text(
        document, volume.subtitle, font=SUBHEAD_FONT, size=16, align="center", indent=False, line=26
    ).paragraph_format.space_after = Pt(70)
    add_table(document, Table(header=(), rows=list(volume.cover), widths=(1, 3), size=14), _WIDTH_MM - 10)


def _head_and_foot(section: Any, volume: Volume) -> None:
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph, left in ((header, volume.header), (footer, volume.footer)):
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        # The style of headers and footers brings stops of its own in other places.
        paragraph.style = "Normal"
        dress(paragraph.add_run(left + "\t"), PLAIN_FONT, _SMALL)
    dress(header.add_run(volume.mark), HEAD_FONT, _SMALL)
    before, between, after = volume.page_words
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        dress(footer.add_run(words), PLAIN_FONT, _SMALL)
        if field:
            add_field(footer, field, PLAIN_FONT, _SMALL)
    _rule(header, "bottom")
    _rule(footer, "top")


def _rule(paragraph: Any, side: str) -> None:
    rule_off(paragraph, [side], sz="4", space="4", color="808080")


def _title(document: Any, text: str) -> None:
    paragraph = add_text(
        document, text, font=TITLE_FONT, size=18, align="center", indent=False, line=30, level=1
    )
    paragraph.paragraph_format.space_after = Pt(8)


def _record(document: Any, record: Record) -> None:
    title = f"{record.number}　{record.title}"
    head = add_text(document, title, font=HEAD_FONT, size=15, align="left", indent=False, line=24, level=1)
    head.paragraph_format.space_before = Pt(14)
    _rule(head, "bottom")
    if record.note:
        note = _paragraph(document, record.note, font=SUBHEAD_FONT, size=11, line=20)
        note.paragraph_format.keep_with_next = True
    _pieces(document, record.pieces)


def _pieces(document: Any, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        if isinstance(piece, Table):
            if piece.rows:
                add_table(document, piece, _WIDTH_MM)
                _paragraph(document, "", size=6, line=8)
        elif isinstance(piece, Pictures):
            _pictures(document, piece)
        elif piece.heading:
            heading = _paragraph(document, piece.text, font=HEAD_FONT, size=12)
            heading.paragraph_format.keep_with_next = True
        else:
            for line in piece.text.splitlines() or [""]:
                _paragraph(document, line, indent=True)


def _paragraph(
    document: Any,
    text: str,
    *,
    font: str = BODY_FONT,
    size: float = _BODY,
    line: float = _LINE,
    indent: bool = False,
) -> Any:
    return add_text(document, text, font=font, size=size, align="left", indent=indent, line=line)


def _pictures(document: Any, piece: Pictures) -> None:
    shown = list(piece.pictures)
    if not shown:
        return
    table = document.add_table(rows=0, cols=2)
    for place in range(0, len(shown), 2):
        row = table.add_row()
        for cell, (content, caption) in zip(row.cells, shown[place : place + 2], strict=False):
            cell.paragraphs[0].add_run().add_picture(BytesIO(content), width=Mm(_PICTURE_MM))
            dress(cell.add_paragraph().add_run(caption), PLAIN_FONT, _SMALL)
