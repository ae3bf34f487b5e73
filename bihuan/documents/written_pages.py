"""Pages written down one after the other: lines in reading order, tables by their drawn lines, also across pages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bihuan.documents.grids import Grid, Row, grids_of
from bihuan.documents.layout import in_reading_order
from bihuan.documents.lines import Line, joined, paragraphs
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.pdf_page import runs_of
from bihuan.documents.picture_pages import unread_words, wordless_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.documents.layout import Run
    from bihuan.documents.pdf_page import Letter, Rule
    from bihuan.documents.scanned import ScannedPage

_SAME_COLUMNS = 4.0
# Between a table and its continuation on the next page stand at most running heads and feet.
_LINES_BETWEEN = 4


@dataclass(slots=True)
class WrittenPages:
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

    def write_page(self, letters: Sequence[Letter], rules: Sequence[Rule], direction: str, page: int) -> None:
        """What stands on a page, in reading order; the lines drawn on it make its tables."""
        uprights = sorted({rule.at for rule in rules if rule.is_upright})
        grids = grids_of(rules)
        outside = _share_out(runs_of(letters, direction, uprights), grids)
        _write_page(outside, grids, uprights, page, self)

    def write_scan(self, scan: ScannedPage | None, page: int) -> None:
        """What was recognised on a page that is a picture, or that nobody could read it."""
        self.pictures.append(page)
        if scan is None:
            self.write(unread_words(page), page, BlockKind.UNREAD)
        elif scan.text.strip():
            self.write_page(list(scan.levelled()), scan.rules, "right", page)
        elif not scan.is_blank:
            self.write(wordless_words(page), page, BlockKind.UNREAD)

    def blocks(self) -> list[Block]:
        """Paragraphs and table rows."""
        return [self.rows.get(block.place.number, block) for block in paragraphs(self.lines, "page")]

    def write(
        self, text: str, page: int, kind: BlockKind = BlockKind.PARAGRAPH, *, is_full: bool = False
    ) -> int:
        self.lines.append(Line(text, page, len(self.lines) + 1, kind, is_full))
        return len(self.lines)


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
    outside: list[Run], grids: list[Grid], uprights: list[float], page: int, written: WrittenPages
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


def _write_table(grid: Grid, page: int, written: WrittenPages) -> None:
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


def _goes_on(grid: Grid, page: int, written: WrittenPages) -> bool:
    """Whether this is the table from the foot of the page before."""
    follows = written.last_row in written.rows and written.last_page == page - 1
    near = len(written.lines) - written.last_line <= _LINES_BETWEEN
    return follows and near and _same_columns(grid.columns, written.columns)


def _same_columns(one: list[float], two: list[float]) -> bool:
    return len(one) == len(two) and all(abs(a - b) <= _SAME_COLUMNS for a, b in zip(one, two, strict=True))


def _is_rest(row: Row) -> bool:
    """Whether a row is what did not fit on the page before: its number stands there."""
    return not row.cells[0] and any(row.cells)


def _append(row: Row, written: WrittenPages) -> None:
    begun = written.rows[written.last_row]
    cells = tuple(joined(a, b) if a and b else a + b for a, b in zip(begun.cells, row.cells, strict=True))
    text = "\t".join(dict.fromkeys(filter(None, cells)))
    written.rows[written.last_row] = replace(begun, text=text, cells=cells)


def _add(row: Row, page: int, written: WrittenPages) -> None:
    known = written.rows.get(written.last_row)
    number = (known.place.row or 0) + 1 if known is not None else 1
    at = written.write(row.text, page, BlockKind.ROW)
    place = Place("table", written.tables, row=number)
    written.rows[at] = Block(row.text, page, (), place, BlockKind.ROW, cells=row.cells)
    written.last_row = at
