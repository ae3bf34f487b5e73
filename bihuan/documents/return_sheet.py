"""A sheet that goes out filled in and comes back: some cells open, the rest locked, each row with a hidden key."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.excel import set_up_print

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import xlsxwriter

_LONGEST_CELL: Final = 32767
_LINE: Final = 14.0
_HIGHEST: Final = 409.0


@dataclass(frozen=True, slots=True)
class ReturnColumn:
    """One column; `choices` offers words and refuses others in the open cells."""

    header: str
    width: float = 14.0
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row: its key, a value a column, which columns may be written, and by column what is wrong there."""

    key: str
    values: Sequence[str]
    open: frozenset[int] = frozenset()
    wrong: Mapping[int, str] = field(default_factory=dict)


def return_sheet_bytes(
    columns: Sequence[ReturnColumn],
    rows: Iterable[ReturnRow],
    *,
    name: str,
    title: str,
    notes: Sequence[str],
    key_header: str,
) -> bytes:
    """The workbook. Protection has no password: it guards against slips; what was changed all the same is found out."""
    import xlsxwriter

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        page = book.add_worksheet(name)
        formats = _formats(book)
        last = len(columns)
        page.merge_range(0, 1, 0, last, title, formats["title"])
        page.set_row(0, 28)
        line = 1
        for note in notes:
            page.write_string(line, 1, note, formats["note"])
            line += 1
        page.set_column(0, 0, 2, None, {"hidden": True})
        page.write_string(line, 0, key_header, formats["head"])
        for at, column in enumerate(columns, start=1):
            page.set_column(at, at, column.width)
            page.write_string(line, at, column.header, formats["head"])
        page.freeze_panes(line + 1, 3)
        page.repeat_rows(line)
        for number, row in enumerate(rows, start=line + 1):
            _write_row(page, formats, number, row, columns)
        set_up_print(page)
        page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    return target.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    plain = {
        "font_name": "宋体",
        "font_size": 10,
        "border": 1,
        "valign": "vcenter",
        "text_wrap": True,
        "num_format": "@",
    }
    return {
        "locked": book.add_format({**plain, "bg_color": "#F2F4F7"}),
        "open": book.add_format({**plain, "locked": False}),
        "wrong": book.add_format({**plain, "locked": False, "bg_color": "#FBD5D5", "font_color": "#9B1C1C"}),
        "wrong_locked": book.add_format({**plain, "bg_color": "#FBD5D5", "font_color": "#9B1C1C"}),
        "head": book.add_format({**plain, "font_name": "黑体", "bg_color": "#E8EDF3", "align": "center"}),
        "title": book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        ),
        "note": book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#555555"}),
    }


def _write_row(
    page: Any, formats: Mapping[str, Any], line: int, row: ReturnRow, columns: Sequence[ReturnColumn]
) -> None:
    page.set_row(line, _height(row, columns))
    page.write_string(line, 0, row.key[:_LONGEST_CELL], formats["locked"])
    for at, value in enumerate(row.values):
        is_open, is_wrong = at in row.open, at in row.wrong
        look = ("wrong" if is_open else "wrong_locked") if is_wrong else ("open" if is_open else "locked")
        page.write_string(line, at + 1, str(value)[:_LONGEST_CELL], formats[look])
        if is_wrong and row.wrong[at]:
            page.write_comment(line, at + 1, row.wrong[at])
        if is_open and columns[at].choices:
            rule = {"validate": "list", "source": list(columns[at].choices), "ignore_blank": True}
            page.data_validation(line, at + 1, line, at + 1, rule)


def _height(row: ReturnRow, columns: Sequence[ReturnColumn]) -> float:
    """Points a row needs so that its longest cell is read whole; not every program works that out on opening a file."""
    lines = max(
        sum(
            max(1, -(-sum(1 if letter.isascii() else 2 for letter in part) // max(1, int(column.width) - 1)))
            for part in str(value).split("\n")
        )
        for value, column in zip(row.values, columns, strict=True)
    )
    return min(_HIGHEST, _LINE * lines + _LINE / 2)
