"""PDF with a text layer: lines in reading order, tables by their drawn lines, also across pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from bihuan.documents.errors import Damaged, Encrypted, ImageOnly, TooLarge, Truncated
from bihuan.documents.grids import Grid, Row, grids_of
from bihuan.documents.layout import in_reading_order
from bihuan.documents.lines import Line, joined, paragraphs
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.pdf_page import direction_of, letters_of, rules_on, runs_of
from bihuan.documents.picture_pages import is_picture, unread_words

if TYPE_CHECKING:
    from bihuan.documents.layout import Run
    from bihuan.documents.limits import Limits

_TAIL = 2048
_PASSWORD_ERRORS = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_SAME_COLUMNS = 4.0
# Between a table and its continuation on the next page stand at most running heads and feet.
_LINES_BETWEEN = 4


def open_pdf(content: bytes, file: str) -> pypdfium2.PdfDocument:
    """The opened document, or why not. A broken table of places is mended by pdfium; a missing end is not."""
    if b"%%EOF" not in content[-_TAIL:]:
        raise Truncated(file, reason="no end-of-file mark")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS or "assword" in str(error):
            raise Encrypted(file) from error
        raise Damaged(file, reason=str(error)) from error


def read_pdf(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """All pages. A document whose pages are only pictures is refused; of others a block says that a page is unread."""
    document = open_pdf(content, file)
    try:
        pages = len(document)
        if pages > limits.pages:
            raise TooLarge(file, what="pages", found=pages, limit=limits.pages)
        written = _Written()
        for index in range(pages):
            _read_page(document, index, file, written)
    finally:
        document.close()
    if not any(line.text.strip() for line in written.lines if line.page not in written.pictures):
        raise ImageOnly(file, pages=pages)
    blocks = paragraphs(written.lines, "page")
    return pages, [written.rows.get(block.place.number, block) for block in blocks]


@dataclass(slots=True)
class _Written:
    """What has been read so far. `rows` are table rows by the number of the line that keeps their place.

    `pictures` are the pages whose words are in no text layer.

    `columns`, `first` (row), `last_row`, `last_page`, `last_line` are those of the last table.
    """

    lines: list[Line] = field(default_factory=list)
    rows: dict[int, Block] = field(default_factory=dict)
    pictures: list[int] = field(default_factory=list)
    tables: int = 0
    columns: list[float] = field(default_factory=list)
    first: tuple[str, ...] = ()
    last_row: int = 0
    last_page: int = 0
    last_line: int = 0

    def write(
        self, text: str, page: int, kind: BlockKind = BlockKind.PARAGRAPH, *, is_full: bool = False
    ) -> int:
        self.lines.append(Line(text, page, len(self.lines) + 1, kind, is_full))
        return len(self.lines)


def _read_page(document: pypdfium2.PdfDocument, index: int, file: str, written: _Written) -> None:
    try:
        page = document[index]
        text_page = page.get_textpage()
        letters = letters_of(text_page)
        direction = direction_of(letters)
        rules = rules_on(page, direction) if letters else []
        pictured = is_picture(page, letters)
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise Damaged(file, place=f"page {index + 1}", reason=str(error)) from error
    uprights = sorted({rule.at for rule in rules if rule.is_upright})
    runs = runs_of(letters, direction, uprights)
    grids = grids_of(rules)
    outside = _share_out(runs, grids)
    _write_page(outside, grids, uprights, index + 1, written)
    if pictured:
        written.pictures.append(index + 1)
        written.write(unread_words(index + 1), index + 1, BlockKind.UNREAD)


def _share_out(runs: list[Run], grids: list[Grid]) -> list[Run]:
    """Give each table what stands in it; returns the rest."""
    outside = []
    for run in runs:
        grid = next((one for one in grids if one.holds(run)), None)
        if grid is None:
            outside.append(run)
        else:
            grid.runs.append(run)
    return outside


def _write_page(
    outside: list[Run], grids: list[Grid], uprights: list[float], page: int, written: _Written
) -> None:
    """Lines and tables from above."""
    for grid in grids:
        above = [run for run in outside if run.base - run.size / 2 < grid.top]
        outside = [run for run in outside if run.base - run.size / 2 >= grid.top]
        for line in in_reading_order(above, uprights):
            written.write(line.text, page, is_full=line.is_full)
        _write_table(grid, page, written)
    for line in in_reading_order(outside, uprights):
        written.write(line.text, page, is_full=line.is_full)


def _write_table(grid: Grid, page: int, written: _Written) -> None:
    rows = [row for row in grid.rows() if row.text.strip()]
    goes_on = _goes_on(grid, page, written)
    if not goes_on:
        written.tables += 1
        written.first = rows[0].cells if rows else ()
        written.last_row = 0
    elif rows and rows[0].cells == written.first:
        # The head of a table is printed again on every page it reaches.
        written.write(rows.pop(0).text, page, BlockKind.HEADER)
    if goes_on and rows and _is_rest(rows[0]):
        _append(rows.pop(0), written)
    written.columns, written.last_page = grid.columns, page
    for row in rows:
        _add(row, page, written)
    written.last_line = len(written.lines)


def _goes_on(grid: Grid, page: int, written: _Written) -> bool:
    """Whether this is the table from the foot of the page before."""
    follows = written.last_row in written.rows and written.last_page == page - 1
    near = len(written.lines) - written.last_line <= _LINES_BETWEEN
    return follows and near and _same_columns(grid.columns, written.columns)


def _same_columns(one: list[float], two: list[float]) -> bool:
    return len(one) == len(two) and all(abs(a - b) <= _SAME_COLUMNS for a, b in zip(one, two, strict=True))


def _is_rest(row: Row) -> bool:
    """Whether a row is what did not fit on the page before: its number stands there."""
    return not row.cells[0] and any(row.cells)


def _append(row: Row, written: _Written) -> None:
    begun = written.rows[written.last_row]
    cells = tuple(joined(a, b) if a and b else a + b for a, b in zip(begun.cells, row.cells, strict=True))
    text = "\t".join(dict.fromkeys(filter(None, cells)))
    written.rows[written.last_row] = replace(begun, text=text, cells=cells)


def _add(row: Row, page: int, written: _Written) -> None:
    known = written.rows.get(written.last_row)
    number = (known.place.row or 0) + 1 if known is not None else 1
    at = written.write(row.text, page, BlockKind.ROW)
    place = Place("table", written.tables, row=number)
    written.rows[at] = Block(row.text, page, (), place, BlockKind.ROW, cells=row.cells)
    written.last_row = at
