"""A copy of an imported table with every bad cell marked and every bad row's reasons in a column of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.documents.excel import Marked, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from bihuan.documents.excel import Value
    from bihuan.documents.model import Block
    from bihuan.intake.spreadsheet import LedgerSheet, RowError

_REASON_WIDTH = 48.0


def write_marked_copy(
    target: Path | BinaryIO,
    tables: Sequence[tuple[LedgerSheet, Sequence[Block]]],
    *,
    word: Callable[[RowError], str],
    column: str,
    only_bad: bool = False,
) -> int:
    """Write the rows as they were read, in their order; gives back how many were written.

    `word` puts an error into the user's language, `column` heads the added column. `only_bad` leaves the good rows out,
    for an office that has let them in already and mends the rest.
    """
    return write_workbook(
        target, [_sheet(table, blocks, word, column, only_bad=only_bad) for table, blocks in tables]
    )


def _sheet(
    table: LedgerSheet,
    blocks: Sequence[Block],
    word: Callable[[RowError], str],
    column: str,
    *,
    only_bad: bool,
) -> Sheet:
    header = blocks[table.header.last].cells
    width = max(len(block.cells) for block in blocks)
    errors: dict[int, list[RowError]] = {}
    for error in table.errors:
        errors.setdefault(error.line, []).append(error)
    return Sheet(
        name=table.sheet or "1",
        header=[*header, *[""] * (width - len(header)), column],
        rows=_rows(blocks[table.header.last + 1 :], errors, width, word, only_bad=only_bad),
        widths=[*[14.0] * width, _REASON_WIDTH],
    )


def _rows(
    blocks: Sequence[Block],
    errors: Mapping[int, Sequence[RowError]],
    width: int,
    word: Callable[[RowError], str],
    *,
    only_bad: bool,
) -> Iterator[list[Value | Marked]]:
    for block in blocks:
        found = errors.get(block.place.row or block.place.number, ())
        if only_bad and not found:
            continue
        cells: list[Value | Marked] = [*block.cells, *[""] * (width - len(block.cells))]
        for error in found:
            if error.column is not None:
                cells[error.column] = Marked(error.value)
        reasons = "；".join(word(error) for error in found)
        cells.append(Marked(reasons) if found else "")
        yield cells
