"""Writing Word documents in the layout of official papers: A4, 仿宋 16 pt, 28 mm binding margin, page numbers — 1 —.

Head and seal are never imitated.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate

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
    saved,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BODY_SIZE, _TITLE_SIZE, _FOOTER_SIZE = 16, 22, 14
_LINE = 28.9
_TEXT_WIDTH_MM = 156
_LANDSCAPE_WIDTH_MM = 225


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (黑体) or 2 (楷体); its number is part of its text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. Body text is justified and indented by two characters."""

    text: str
    align: Literal["left", "center", "right", "justify"] = "justify"
    indent: bool = True


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own, as an annex does."""


Content = Heading | Text | Table | NewPage


def word_bytes(
    title: str,
    content: Sequence[Content],
    *,
    subtitle: str = "",
    landscape: bool = False,
    size: float = _BODY_SIZE,
) -> bytes:
    """A document with a title, as bytes. `subtitle` is the line below the title (number, date, name of the draft).

    `size`: of the text in points, smaller where a form must keep to one page.
    """
    document = blank_document(title)
    _lay_out(document, landscape=landscape)
    add_text(document, title, font=TITLE_FONT, size=_TITLE_SIZE, align="center", indent=False, line=_LINE)
    if subtitle:
        _add(document, subtitle, font=SUBHEAD_FONT, size=size, align="center", indent=False)
    _add(document, "", font=BODY_FONT, size=size, align="left", indent=False)
    for piece in content:
        if isinstance(piece, Table):
            add_table(document, piece, _LANDSCAPE_WIDTH_MM if landscape else _TEXT_WIDTH_MM)
        elif isinstance(piece, NewPage):
            document.add_page_break()
        elif isinstance(piece, Heading):
            font = HEAD_FONT if piece.level == 1 else SUBHEAD_FONT
            _add(document, piece.text, font=font, size=size, align="left", indent=True, level=piece.level)
        else:
            _add(document, piece.text, font=BODY_FONT, size=size, align=piece.align, indent=piece.indent)
    return saved(document)


def filled_template(template: bytes, values: Mapping[str, Any]) -> bytes:
    """A Word template of the office's own with its {{ places }} filled in. Values are text, never markup."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(values), autoescape=True)
    return saved(document)


def _lay_out(document: Any, *, landscape: bool) -> None:
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.styles["Normal"].font.size = Pt(_BODY_SIZE)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ("— ", "PAGE", " —"):
        if part == "PAGE":
            add_field(footer, part, PLAIN_FONT, _FOOTER_SIZE)
        else:
            dress(footer.add_run(part), PLAIN_FONT, _FOOTER_SIZE)


def _add(
    document: Any, text: str, *, font: str, size: float, align: str, indent: bool, level: int | None = None
) -> None:
    line = _LINE * size / _BODY_SIZE
    add_text(document, text, font=font, size=size, align=align, indent=indent, line=line, level=level)
