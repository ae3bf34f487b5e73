"""Writing spreadsheets as offices like them: title, frozen header, borders, printable on A4; any number of rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from bihuan.documents.official_lines import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import xlsxwriter

Value = str | int | Decimal | dt.date | dt.datetime | None

_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32767
_FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_DEFAULT_WIDTH = 14.0
_A4, _A3 = 9, 8
_WIDEST_ON_A4 = 200.0
_LINE, _HIGHEST = 14.0, 409.0
_SAFE_INTEGER = 10**15


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell that wants attention: red, whatever its value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` may be a generator: it is written row by row and never held as a whole.

    From the column `centred_from` on (counted from 0) words and numbers stand in the middle, as in a table of marks.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value | Marked]]
    title: str = ""
    widths: Sequence[float] = ()
    notes: Sequence[str] = field(default=())
    centred_from: int | None = None


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """The workbook as bytes, for small ones."""
    target = BytesIO()
    write_workbook(target, sheets)
    return target.getvalue()


def write_workbook(target: Path | BinaryIO, sheets: Iterable[Sheet]) -> int:
    """Write the sheets and give back how many data rows there were. Text is never taken for a formula."""
    import xlsxwriter

    where: Any = target if hasattr(target, "write") else str(target)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    count = 0
    with xlsxwriter.Workbook(where, options) as book:
        formats = _Formats(book)
        taken: set[str] = set()
        for sheet in sheets:
            count += _write_sheet(book, formats, sheet, _free_name(sheet.name, taken))
    return count


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook, *, middle: bool = False) -> None:
        plain = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        if middle:
            plain["align"] = "center"
        self.text = book.add_format({**plain, "num_format": "@"})
        self.number = book.add_format(plain)
        self.date = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "center"})
        self.header = book.add_format(
            {**plain, "font_name": "黑体", "bg_color": "#E8EDF3", "align": "center"}
        )
        red = {"bg_color": "#FBD5D5", "font_color": "#9B1C1C"}
        self.marked = book.add_format({**plain, **red})
        self.marked_date = book.add_format({**plain, **red, "num_format": "yyyy-mm-dd", "align": "center"})
        self.title = book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.note = book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#555555"})
        self._book = book

    @cached_property
    def middle(self) -> _Formats:
        """The same in the middle of a cell; made once and only for a book that asks."""
        return _Formats(self._book, middle=True)


def _free_name(name: str, taken: set[str]) -> str:
    clean = " ".join(name.translate(_FORBIDDEN_IN_NAME).split())[:_LONGEST_SHEET_NAME] or "Sheet"
    free, number = clean, 2
    while free.casefold() in taken:
        ending = f"({number})"
        free = clean[: _LONGEST_SHEET_NAME - len(ending)] + ending
        number += 1
    taken.add(free.casefold())
    return free


def _write_sheet(book: xlsxwriter.Workbook, formats: _Formats, sheet: Sheet, name: str) -> int:
    page = book.add_worksheet(name)
    _set_up_page(page, sheet)
    line = 0
    last = max(0, len(sheet.header) - 1)
    if sheet.title:
        page.set_row(line, 30)
        if last:
            page.merge_range(line, 0, line, last, sheet.title, formats.title)
        else:
            page.write_string(line, 0, sheet.title, formats.title)
        line += 1
    for note in sheet.notes:
        page.write_string(line, 0, note, formats.note)
        line += 1
    for column, header in enumerate(sheet.header):
        page.write_string(line, column, header, formats.header)
    page.freeze_panes(line + 1, 0)
    page.repeat_rows(line)
    first = line
    for row in sheet.rows:
        line += 1
        page.set_row(line, _height(row, sheet.widths))
        for column, value in enumerate(row):
            middle = sheet.centred_from is not None and column >= sheet.centred_from
            _write_cell(page, formats.middle if middle else formats, line, column, value)
    if sheet.header:
        page.autofilter(first, 0, max(first, line), last)
    return line - first


def _height(row: Sequence[Value | Marked], widths: Sequence[float]) -> float:
    """Points a row needs so that its longest cell is read whole: not every program works that out on opening a file."""
    most = 1
    for column, cell in enumerate(row):
        value = cell.value if isinstance(cell, Marked) else cell
        if isinstance(value, str):
            room = max(1, int(widths[column] if column < len(widths) else _DEFAULT_WIDTH) - 1)
            most = max(most, sum(max(1, -int(-2 * width_of(part) // room)) for part in value.split("\n")))
    return min(_HIGHEST, _LINE * most + _LINE / 2)


def _set_up_page(page: Any, sheet: Sheet) -> None:
    for column in range(len(sheet.header)):
        page.set_column(
            column, column, sheet.widths[column] if column < len(sheet.widths) else _DEFAULT_WIDTH
        )
    set_up_print(page, sum(sheet.widths))


def set_up_print(page: Any, width: float = 0) -> None:
    """Paper on its side, as wide as the page and as long as it takes, pages numbered. Without a paper named, Excel takes Letter.

    `width`: of all columns in characters; what A4 would shrink until nobody could read it is printed on A3.
    """
    page.set_paper(_A3 if width > _WIDEST_ON_A4 else _A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&C— &P —")


def _write_cell(page: Any, formats: _Formats, line: int, column: int, value: Value | Marked) -> None:
    if isinstance(value, Marked):
        if isinstance(value.value, int | Decimal) and -_SAFE_INTEGER < value.value < _SAFE_INTEGER:
            page.write_number(line, column, value.value, formats.marked)
        elif isinstance(value.value, dt.date):
            page.write_datetime(line, column, value.value, formats.marked_date)
        else:
            page.write_string(line, column, _as_text(value.value), formats.marked)
    elif value is None or value == "":
        page.write_blank(line, column, None, formats.text)
    elif isinstance(value, bool):
        page.write_string(line, column, _as_text(value), formats.text)
    elif isinstance(value, dt.date):
        page.write_datetime(line, column, value, formats.date)
    # A spreadsheet keeps fifteen digits; longer numbers are names and stay text.
    elif isinstance(value, int | Decimal) and -_SAFE_INTEGER < value < _SAFE_INTEGER:
        page.write_number(line, column, value, formats.number)
    else:
        page.write_string(line, column, _as_text(value), formats.text)


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)[:_LONGEST_CELL]
