"""Forms as Word files: a title, the place of a picture (a QR code) beside it, and a ruled table of labelled fields.

Values are text. A field to be signed leaves room for an opinion and, at its foot, the place of a signature and a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bihuan.documents.blank_word import blank_document
from bihuan.documents.official_layout import lay_out_section
from bihuan.documents.official_lines import title_lines
from bihuan.documents.word_parts import (
    BODY_FONT,
    CELL_MARGIN,
    HEAD_FONT,
    PLAIN_FONT,
    TITLE_FONT,
    Table,
    add_field,
    add_table,
    dress,
    mark_row,
    saved,
    writable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE, TITLE, SMALL = 12.0, 22.0, 10.5
_WIDTH, _WIDE = 156.0, 225.0
_QR_MM = 24.0
_COLUMNS = 12
_ROOM_TO_SIGN_MM = 30.0
_WHO_SIGNS: Final = (
    "牵头单位",
    "承办单位",
    "督办单位",
    "签收单位",
    "验收单位",
    "报备单位",
    "备案机关",
    "整改办",
)
MOST_FIELDS: Final = 6
"""Fields that can stand side by side."""
SIGNED_AT: Final = "签字：　　　　　　　　　　年　　月　　日"
SHADES: Final = {"blue": "DCE9F9", "orange": "FBE3C8", "red": "F8D4D2"}


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field; `to_sign` leaves room below the value."""

    label: str
    value: str
    to_sign: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Fields side by side."""

    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Note:
    """A line of small print across the form."""

    text: str


Piece = Row | Table | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """A form. `address` is what its QR code opens, empty for none; `band` a line on a coloured ground below the title."""

    title: str
    pieces: Sequence[Piece]
    address: str = ""
    band: str = ""
    shade: str = ""
    landscape: bool = False


def form_bytes(sheet: FormSheet) -> bytes:
    """The form as a Word file; the same form gives the same bytes."""
    document = blank_document(sheet.title)
    section = document.sections[0]
    lay_out_section(section, landscape=sheet.landscape)
    if not sheet.landscape:
        section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    for grid in section._sectPr.findall(qn("w:docGrid")):  # noqa: SLF001 (a grid of lines would stretch every row)
        section._sectPr.remove(grid)  # noqa: SLF001 (the same)
    _add_page_numbers(section)
    width = _WIDE if sheet.landscape else _WIDTH
    _add_head(document, sheet, width)
    for sort, group in groupby(sheet.pieces, type):
        pieces: list[Any] = list(group)
        if sort is Row:
            _add_rows(document, pieces, width)
            _thin_line(document)
            continue
        for piece in pieces:
            if isinstance(piece, Table):
                add_table(document, piece, width)
                _thin_line(document)
            else:
                _text(document.add_paragraph(), piece.text, BODY_FONT, SMALL)
    return saved(document)


def _add_page_numbers(section: Any) -> None:
    """第 1 页　共 3 页 in the middle: a sheet of a form that came loose tells where it belongs."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    section.footer_distance = Mm(12)
    for words, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        dress(paragraph.add_run(words), PLAIN_FONT, SMALL)
        if field:
            add_field(paragraph, field, PLAIN_FONT, SMALL)


def qr_picture(address: str) -> bytes:
    """A QR code as PNG, black on white, readable where a quarter of it is lost or smudged."""
    import segno

    picture = BytesIO()
    segno.make(address, error="q", micro=False).save(picture, kind="png", scale=8, border=2)
    return picture.getvalue()


def _add_head(document: Any, sheet: FormSheet, width: float) -> None:
    """Title in the middle, QR code at its right; two cells without rules keep them beside each other."""
    if not sheet.address:
        _title(document.add_paragraph(), sheet.title, int(width / 25.4 * 72 / TITLE))
    else:
        head = document.add_table(rows=1, cols=3)
        head.autofit = False
        head.alignment = WD_TABLE_ALIGNMENT.CENTER
        side = _QR_MM + 2
        for column, (cell, size) in enumerate(
            zip(head.rows[0].cells, (side, width - 2 * side, side), strict=True)
        ):
            head.columns[column].width = cell.width = Mm(size)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _, middle, right = head.rows[0].cells
        _title(middle.paragraphs[0], sheet.title, int((width - 2 * side) / 25.4 * 72 / TITLE))
        paragraph = right.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run().add_picture(BytesIO(qr_picture(sheet.address)), width=Mm(_QR_MM))
    if sheet.band:
        _add_band(document, sheet, width)
    else:
        _thin_line(document)


def _title(paragraph: Any, title: str, most: int) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, line in enumerate(title_lines(writable(title), most=most)):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
        dress(run, TITLE_FONT, TITLE)


def _add_band(document: Any, sheet: FormSheet, width: float) -> None:
    """The colour is said in words too: a copy in black and white says the same."""
    band = document.add_table(rows=1, cols=1)
    band.style = "Table Grid"
    band.alignment = WD_TABLE_ALIGNMENT.CENTER
    cell = band.rows[0].cells[0]
    cell.width = Mm(width)
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADES.get(sheet.shade, "FFFFFF"))):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001 (python-docx knows no shading)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _text(paragraph, sheet.band, HEAD_FONT, SIZE + 2)
    _thin_line(document)


def _add_rows(document: Any, rows: Sequence[Row], width: float) -> None:
    """One table on a grid of twelve columns, in which each row joins as many as its fields need."""
    drawn = document.add_table(rows=0, cols=_COLUMNS)
    drawn.style = "Table Grid"
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    for column in drawn.columns:
        column.width = Mm(width / _COLUMNS)
    for row in rows:
        line = drawn.add_row()
        tall = any(one.to_sign for one in row.fields)
        line.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        line.height = Mm(_ROOM_TO_SIGN_MM if tall else 9)
        if tall:
            mark_row(line, "cantSplit")
        at, cells = 0, list(line.cells)
        for one, span in zip(row.fields, _spans(len(row.fields)), strict=True):
            label, value = _joined(cells, at, span[0], width), _joined(cells, at + span[0], span[1], width)
            at += sum(span)
            _add_label(label, one.label)
            if one.to_sign:
                _add_room_to_sign(value, one)
            else:
                _add_value(value, one.value)


def _joined(cells: Sequence[Any], start: int, count: int, width: float) -> Any:
    cell = cells[start].merge(cells[start + count - 1]) if count > 1 else cells[start]
    cell.width = Mm(width * count / _COLUMNS)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return cell


def _spans(fields: int) -> list[tuple[int, int]]:
    """How many columns label and value of each field take; what is left over goes to the last value."""
    each = _COLUMNS // fields
    label = 2 if each > 3 else 1  # noqa: PLR2004  (columns)
    spans = [(label, each - label)] * fields
    spans[-1] = (label, _COLUMNS - each * (fields - 1) - label)
    return spans


def _add_label(cell: Any, label: str) -> None:
    """A label longer than its cell breaks between words: 牵头单位 / 意见, and not before its last character."""
    room = int((cell.width.pt - 2 * CELL_MARGIN) / SIZE)
    for number, line in enumerate(title_lines(writable(label), most=room, keep=_WHO_SIGNS)):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _text(paragraph, line, HEAD_FONT, SIZE)


def _add_value(cell: Any, value: str) -> None:
    for number, text in enumerate(value.splitlines() or [""]):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _text(paragraph, text, BODY_FONT, SIZE)


def _add_room_to_sign(cell: Any, one: Field) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    if one.value:
        _add_value(cell, one.value)
        cell.add_paragraph()
    last = cell.add_paragraph() if one.value else cell.paragraphs[0]
    last.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _text(last, SIGNED_AT, BODY_FONT, SIZE)


def _text(paragraph: Any, text: str, font: str, size: float) -> None:
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(size / 6)
    dress(paragraph.add_run(writable(text)), font, size)


def _thin_line(document: Any) -> None:
    """What keeps two tables from becoming one, as low as a paragraph can be."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = Pt(4)
