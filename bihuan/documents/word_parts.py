"""What our Word documents are put together from: runs in Chinese fonts, paragraphs, tables, fields.

Only names of fonts are written, no fonts; a machine without 仿宋 shows its own.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bihuan.documents.official_lines import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

BODY_FONT, TITLE_FONT, HEAD_FONT, SUBHEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
PLAIN_FONT = "宋体"
LATIN_FONT = "Times New Roman"
ALIGNMENTS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# What XML cannot hold; a cell of a spreadsheet or a pasted text may well hold it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STAYS_WHOLE: Final = 12
"""Lines of a row of a table that is not broken by the end of a page; a longer one is, or half a page would stay empty."""
CELL_MARGIN: Final = 5.4
_NO_DAY = (1980, 1, 1, 0, 0, 0)


# Word refuses a document whose properties of a paragraph stand in another order than the standard's (ECMA-376, 17.3.1.26).
_ORDER: Final = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr",
    "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN",
    "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc",
    "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header repeats on each page. `widths` are shares of the text width; `size` is in points.

    An empty header draws none, and then the first column is the label of its row.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    size: float = 12


def writable(text: str) -> str:
    """The text without characters a document cannot hold."""
    return _UNWRITABLE.sub("", text)


def dress(run: Any, font: str, size: float) -> None:
    """Give a run its fonts, Chinese and Latin, and its size. What both scripts have, “” and —, is set as Chinese."""
    run.font.name, run.font.size = LATIN_FONT, Pt(size)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 (python-docx offers no other way)
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def set_property(paragraph: Any, name: str, **values: str) -> Any:
    """A property python-docx knows nothing of, at the place in their order where Word looks for it; gives the element."""
    element = OxmlElement(f"w:{name}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    after = _ORDER[_ORDER.index(name) + 1 :]
    paragraph._p.get_or_add_pPr().insert_element_before(element, *(f"w:{one}" for one in after))  # noqa: SLF001 (the same)
    return element


def rule_off(paragraph: Any, sides: Sequence[str], **line: str) -> None:
    """Rules above or below a paragraph; `line` is how they are drawn."""
    borders = set_property(paragraph, "pBdr")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for key, value in ({"val": "single", "color": "000000"} | line).items():
            border.set(qn(f"w:{key}"), value)
        borders.append(border)


def mark_row(row: Any, *marks: str) -> None:
    """Say of a row of a table that it stays whole (cantSplit) or comes again on every page (tblHeader)."""
    for mark in marks:
        row._tr.get_or_add_trPr().append(OxmlElement(f"w:{mark}"))  # noqa: SLF001 (python-docx knows no such marks)


def add_field(paragraph: Any, instruction: str, font: str, size: float) -> None:
    """A field the reader's program fills in (PAGE, NUMPAGES); each of its parts is dressed, or the number is not."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run("1" if kind == "shown" else "")
        dress(run, font, size)
        if kind == "shown":
            continue
        element = OxmlElement("w:instrText" if kind == "instruction" else "w:fldChar")
        if kind == "instruction":
            element.text = instruction
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 (python-docx offers no other way to write a field)


def add_text(
    document: Any,
    text: str,
    *,
    font: str,
    size: float,
    align: str,
    indent: bool,
    line: float,
    level: int | None = None,
) -> Any:
    """A paragraph; with a level it stands in the outline and stays with what follows. `line` is in points."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    paragraph.alignment = ALIGNMENTS[align]
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    layout.space_before = layout.space_after = Pt(0)
    if indent:
        layout.first_line_indent = Pt(size * 2)
    if level is not None:
        set_property(paragraph, "outlineLvl", val=str(level - 1))
        layout.keep_with_next = True
    dress(paragraph.add_run(writable(text)), font, size)
    return paragraph


def add_table(document: Any, table: Table, width_mm: float) -> None:
    """A ruled table across the text."""
    columns = len(table.header or table.rows[0])
    shares = list(table.widths) if len(table.widths) == columns else [1.0] * columns
    widths = [Mm(width_mm * share / sum(shares)) for share in shares]
    drawn = document.add_table(rows=0, cols=columns)
    drawn.style = "Table Grid"
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    if table.header:
        _add_row(drawn, table.header, widths, table.size, head=True)
    for row in table.rows:
        _add_row(drawn, row, widths, table.size, labelled=not table.header)


def _add_row(
    drawn: Any,
    texts: Sequence[str],
    widths: Sequence[Any],
    size: float,
    *,
    head: bool = False,
    labelled: bool = False,
) -> None:
    row = drawn.add_row()
    if head or _lines(texts, widths, size) <= _STAYS_WHOLE:
        mark_row(row, "cantSplit")
    if head:
        mark_row(row, "tblHeader")
    for place, (cell, width, text) in enumerate(zip(row.cells, widths, texts, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if head else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(size / 4)
        strong = head or (labelled and place == 0)
        dress(paragraph.add_run(writable(text)), HEAD_FONT if strong else BODY_FONT, size)


def _lines(texts: Sequence[str], widths: Sequence[Any], size: float) -> int:
    """About how many lines the longest cell of a row takes."""
    return max(_lines_in(text, float(width.pt), size) for text, width in zip(texts, widths, strict=True))


def _lines_in(text: str, width: float, size: float) -> int:
    room = max(1, int((width - 2 * CELL_MARGIN) / size))
    return sum(max(1, -int(-width_of(part) // room)) for part in text.split("\n"))


def saved(document: Any) -> bytes:
    """The document as bytes; the same document always gives the same bytes, so that its digest means something."""
    drawn, settled = BytesIO(), BytesIO()
    document.save(drawn)
    with zipfile.ZipFile(drawn) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NO_DAY), source.read(name), zipfile.ZIP_DEFLATED)
    return settled.getvalue()
