"""Writing Word documents in the layout of official papers: A4, 仿宋 16 pt, 28 mm binding margin, page numbers — 1 —.

Only names of fonts are written, no fonts; a machine without 仿宋 shows its own. Head and seal are never imitated.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BODY_FONT, _TITLE_FONT, _HEAD_FONT, _SUBHEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
_LATIN_FONT = "Times New Roman"
_BODY_SIZE, _TITLE_SIZE, _TABLE_SIZE, _FOOTER_SIZE = 16, 22, 12, 14
_LINE = Pt(28.9)
_TEXT_WIDTH_MM = 156
_LANDSCAPE_WIDTH_MM = 225
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


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
class Table:
    """A table whose header repeats on each page. `widths` are shares of the text width."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()


Content = Heading | Text | Table


def word_bytes(
    title: str, content: Sequence[Content], *, subtitle: str = "", landscape: bool = False
) -> bytes:
    """A document with a title, as bytes. `subtitle` is the line below the title (number, date, name of the draft)."""
    document = docx.Document()
    document.core_properties.title = title
    _lay_out(document, landscape=landscape)
    _add(document, title, font=_TITLE_FONT, size=_TITLE_SIZE, align="center", indent=False)
    if subtitle:
        _add(document, subtitle, font=_SUBHEAD_FONT, size=_BODY_SIZE, align="center", indent=False)
    _add(document, "", font=_BODY_FONT, size=_BODY_SIZE, align="left", indent=False)
    for piece in content:
        if isinstance(piece, Table):
            _add_table(document, piece, _LANDSCAPE_WIDTH_MM if landscape else _TEXT_WIDTH_MM)
        elif isinstance(piece, Heading):
            font = _HEAD_FONT if piece.level == 1 else _SUBHEAD_FONT
            _add(
                document, piece.text, font=font, size=_BODY_SIZE, align="left", indent=True, level=piece.level
            )
        else:
            _add(
                document, piece.text, font=_BODY_FONT, size=_BODY_SIZE, align=piece.align, indent=piece.indent
            )
    return _saved(document)


def filled_template(template: bytes, values: Mapping[str, Any]) -> bytes:
    """A Word template of the office's own with its {{ places }} filled in. Values are text, never markup."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(values), autoescape=True)
    return _saved(document)


def _saved(document: Any) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _lay_out(document: Any, *, landscape: bool) -> None:
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN_FONT, Pt(_BODY_SIZE)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY_FONT)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ("— ", "PAGE", " —"):
        run = footer.add_run("" if part == "PAGE" else part)
        _dress(run, "宋体", _FOOTER_SIZE)
        if part == "PAGE":
            _add_field(run, part)


def _add_field(run: Any, instruction: str) -> None:
    for kind in ("begin", "", "end"):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = instruction
        run._r.append(element)  # noqa: SLF001 (python-docx offers no other way to write a field)


def _dress(run: Any, font: str, size: float) -> None:
    run.font.name, run.font.size = _LATIN_FONT, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 (the same)


def _add(
    document: Any, text: str, *, font: str, size: float, align: str, indent: bool, level: int | None = None
) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    paragraph.alignment = _ALIGNMENTS[align]
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    layout.space_before = layout.space_after = Pt(0)
    if indent:
        layout.first_line_indent = Pt(size * 2)
    if level is not None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        paragraph._p.get_or_add_pPr().append(outline)  # noqa: SLF001 (python-docx knows levels only through styles)
        layout.keep_with_next = True
    _dress(paragraph.add_run(text), font, size)


def _add_table(document: Any, table: Table, width_mm: int) -> None:
    columns = len(table.header)
    shares = list(table.widths) if len(table.widths) == columns else [1.0] * columns
    widths = [Mm(width_mm * share / sum(shares)) for share in shares]
    drawn = document.add_table(rows=1, cols=columns)
    drawn.style = "Table Grid"
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    drawn.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 (the same)
    for number, row in enumerate((table.header, *table.rows)):
        cells = drawn.rows[0].cells if number == 0 else drawn.add_row().cells
        for cell, width, text in zip(cells, widths, row, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if number == 0 else WD_ALIGN_PARAGRAPH.LEFT
            _dress(paragraph.add_run(text), _HEAD_FONT if number == 0 else _BODY_FONT, _TABLE_SIZE)
