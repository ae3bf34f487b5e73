"""Spreadsheets: a block per row. Formulas give their stored values, dates become text, merged cells are filled in.

A formula without a stored value and an error are read as they stand (see `sheet_leftovers`); nothing becomes empty.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import python_calamine

from bihuan.documents.encodings import decode
from bihuan.documents.errors import Damaged, Encrypted, TooLarge
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.packages import Package
from bihuan.documents.sheet_leftovers import Leftovers, leftovers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bihuan.documents.limits import Limits

_Value = int | float | str | bool | dt.date | dt.time | dt.timedelta | None
_DELIMITERS = ",;\t|"


def read_workbook(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """Every sheet, hidden ones too, in their order."""
    return None, list(workbook_rows(content, file, limits))


def workbook_rows(content: bytes, file: str, limits: Limits) -> Iterator[Block]:
    """The rows of every sheet one after the other, so that a large ledger is never held twice."""
    left: dict[str, Leftovers] = {}
    if content.startswith(b"PK"):
        package = Package(content, file, limits)
        package.verify()
        left = leftovers(package)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except python_calamine.PasswordError as error:
        raise Encrypted(file) from error
    except python_calamine.CalamineError as error:
        raise Damaged(file, reason=str(error)) from error
    count = 0
    for number, name in enumerate(book.sheet_names, start=1):
        try:
            sheet = book.get_sheet_by_name(name)
        except python_calamine.CalamineError as error:
            raise Damaged(file, place=name, reason=str(error)) from error
        place = Place("sheet", number, name=name)
        for block in _sheet_blocks(sheet, place, left.get(name, {}), file, limits):
            count += 1
            if count > limits.rows:
                raise TooLarge(file, place=name, what="rows", found=count, limit=limits.rows)
            yield block


_Grid = tuple[int, int, list[list[str]]]


def _sheet_blocks(
    sheet: python_calamine.CalamineSheet, place: Place, left_out: Leftovers, file: str, limits: Limits
) -> Iterator[Block]:
    grid: _Grid = (0, 0, [])
    if sheet.start is not None:
        _refuse_size(sheet.height, sheet.width, place.name, file, limits)
        grid = (*sheet.start, [[as_text(value) for value in row] for row in sheet.to_python()])
    top, left, written = _with_leftovers(grid, left_out, place.name, file, limits)
    filled = _filled(written, sheet, top, left)
    for index, row in enumerate(written):
        if any(row):
            yield _row_block(row, filled.get(index, row), replace(place, row=top + index + 1), left)


def _refuse_size(rows: int, columns: int, name: str, file: str, limits: Limits) -> None:
    if columns > limits.columns:
        raise TooLarge(file, place=name, what="columns", found=columns, limit=limits.columns)
    if rows > limits.rows:
        raise TooLarge(file, place=name, what="rows", found=rows, limit=limits.rows)


def _with_leftovers(grid: _Grid, left_out: Leftovers, name: str, file: str, limits: Limits) -> _Grid:
    """The area read, grown to hold what the reader left out, which may lie beyond it on any side."""
    if not left_out:
        return grid
    top, left, written = grid
    height, width = len(written), max(map(len, written), default=0)
    rows = [row for row, _column in left_out] + ([top, top + height - 1] if written else [])
    columns = [column for _row, column in left_out] + ([left, left + width - 1] if written else [])
    new_top, new_left = min(rows), min(columns)
    _refuse_size(max(rows) - new_top + 1, max(columns) - new_left + 1, name, file, limits)
    grown = [[""] * (max(columns) - new_left + 1) for _ in range(max(rows) - new_top + 1)]
    for index, row in enumerate(written):
        grown[top + index - new_top][left - new_left : left - new_left + len(row)] = row
    for (row_at, column_at), text in left_out.items():
        grown[row_at - new_top][column_at - new_left] = text
    return new_top, new_left, grown


def _filled(
    rows: list[list[str]], sheet: python_calamine.CalamineSheet, top: int, left: int
) -> dict[int, list[str]]:
    """The rows touched by merged cells, with the merged value in each of them."""
    changed: dict[int, list[str]] = {}
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        if not (top <= first_row < top + len(rows)) or not rows:
            continue
        origin = rows[first_row - top]
        if not left <= first_column < left + len(origin):
            continue
        value = origin[first_column - left]
        for row in range(first_row, min(last_row, top + len(rows) - 1) + 1):
            cells = changed.setdefault(row - top, list(rows[row - top]))
            for column in range(first_column, min(last_column, left + len(cells) - 1) + 1):
                cells[column - left] = value
    return changed


def _row_block(row: list[str], filled: list[str], place: Place, left: int) -> Block:
    return Block(
        text="\t".join(cell for cell in row if cell),
        page=None,
        heading_path=(place.name,) if place.name else (),
        place=place,
        kind=BlockKind.ROW,
        cells=_trimmed(("",) * left + tuple(filled)),
    )


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def as_text(value: _Value) -> str:
    """A cell's value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def read_csv(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """Comma, semicolon, tab or bar separated, whichever splits the first lines most evenly."""
    text = decode(content, file)
    rows: Iterable[list[str]] = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    blocks: list[Block] = []
    try:
        for line, row in enumerate(rows, start=1):
            if line > limits.rows:
                raise TooLarge(file, what="rows", found=line, limit=limits.rows)
            if len(row) > limits.columns:
                raise TooLarge(
                    file, place=f"row {line}", what="columns", found=len(row), limit=limits.columns
                )
            stripped = [cell.strip() for cell in row]
            if any(stripped):
                blocks.append(_row_block(stripped, stripped, Place("sheet", 1, row=line), 0))
    except csv.Error as error:
        raise Damaged(file, place=f"row {len(blocks) + 1}", reason=str(error)) from error
    return None, blocks


def _delimiter(text: str) -> str:
    head = [line for line in text[:20000].split("\n")[:20] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in head]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=evenness)
