"""A table in a Word document somebody else drew, filled in row by row; all around it stays as it was."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bihuan.documents.forms import FormGrid, FormLayout, Value, plain_text
from bihuan.documents.limits import Limits
from bihuan.documents.packages import Package

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def word_grids(content: bytes, name: str = "") -> list[FormGrid]:
    """Every table of the document as texts."""
    Package(content, name, Limits()).verify()
    return [_grid(table) for table in _tables(Document(BytesIO(content)))]


def fill_table(
    content: bytes, layout: FormLayout, rows: Sequence[Mapping[int, Value]], name: str = ""
) -> bytes:
    """The document with the rows in place of the sample rows; the header comes again on every page."""
    Package(content, name, Limits()).verify()
    document = Document(BytesIO(content))
    table = _tables(document)[layout.table]
    lines = list(table.tr_lst)
    header = lines[layout.header_first - 1 : layout.header_last]
    for line in header:
        _repeat(line)
    samples = lines[layout.first - 1 : layout.last]
    above = lines[layout.first - 2]
    count = max(1, len(rows))
    made = [
        _row(_sample(samples, index, count, header[-1]), values) for index, values in enumerate(rows or [{}])
    ]
    for sample in samples:
        table.remove(sample)
    for line in reversed(made):
        above.addnext(line)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _tables(document: Any) -> list[Any]:
    """The tables that stand in the text itself, not in cells of others."""
    return list(document.element.body.findall(qn("w:tbl")))


def _sample(samples: Sequence[Any], index: int, count: int, header: Any) -> Any:
    """First, middle and last rows may be drawn differently; a table without sample rows takes the header's cells."""
    if not samples:
        return header
    if index == 0:
        return samples[0]
    return samples[-1] if index == count - 1 else samples[min(1, len(samples) - 1)]


def _row(sample: Any, values: Mapping[int, Value]) -> Any:
    row = deepcopy(sample)
    properties = row.find(qn("w:trPr"))
    for repeated in properties.findall(qn("w:tblHeader")) if properties is not None else ():
        properties.remove(repeated)
    column = 0
    for cell in row.tc_lst:
        # A sample cell that goes on downwards would swallow the next problem.
        held = cell.tcPr
        for merge in held.findall(qn("w:vMerge")) if held is not None else ():
            held.remove(merge)
        _write(cell, plain_text(values.get(column)))
        column += cell.grid_span
    return row


def _write(cell: Any, text: str) -> None:
    """Put a text in place of what stands there, in the same letters; lines of the text are lines of the cell."""
    paragraphs = cell.findall(qn("w:p"))
    for inner in list(cell):
        if inner.tag != qn("w:tcPr") and inner is not paragraphs[0]:
            cell.remove(inner)
    paragraph = paragraphs[0]
    letters = paragraph.find(f".//{qn('w:rPr')}")
    run_letters = deepcopy(letters) if letters is not None else None
    for inner in list(paragraph):
        if inner.tag != qn("w:pPr"):
            paragraph.remove(inner)
    if not text:
        return
    run = OxmlElement("w:r")
    if run_letters is not None:
        run.append(run_letters)
    for index, line in enumerate(text.split("\n")):
        if index:
            run.append(OxmlElement("w:br"))
        written = OxmlElement("w:t")
        written.text = line
        written.set(qn("xml:space"), "preserve")
        run.append(written)
    paragraph.append(run)


def _repeat(line: Any) -> None:
    properties = line.get_or_add_trPr()
    if properties.find(qn("w:tblHeader")) is None:
        properties.append(OxmlElement("w:tblHeader"))


def _grid(table: Any) -> FormGrid:
    rows: dict[int, dict[int, str]] = {}
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = []
    open_ones: dict[int, tuple[int, int, int]] = {}
    for line, row in enumerate(table.tr_lst, start=1):
        column = 0
        cells = rows.setdefault(line, {})
        for cell in row.tc_lst:
            right = column + cell.grid_span - 1
            if cell.vMerge == "continue" and column in open_ones:
                top, left, right = open_ones[column]
                merges.append(((top, left), (line, right)))
            else:
                cells[column] = "".join(text.text or "" for text in cell.iter(qn("w:t"))).strip()
                open_ones[column] = (line, column, right)
                if right > column:
                    merges.append(((line, column), (line, right)))
            column = right + 1
    return FormGrid.of("", rows, merges)
