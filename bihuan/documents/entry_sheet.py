"""An empty sheet for people to fill in: a header that explains itself, lists to choose from, and a sheet of explanations."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.excel import set_up_print

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS: Final = 5000
_LONGEST_HINT: Final = 250
_LONGEST_HINT_TITLE: Final = 32


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """One column: what goes into it, how it may be written, and what may be chosen. `strict` refuses other words."""

    header: str
    explanation: str
    example: str = ""
    choices: Sequence[str] = field(default=())
    width: float = 14.0
    required: bool = False
    strict: bool = True


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The sheet's own words, in the reader's language."""

    sheet: str
    explanations: str
    lists: str
    heads: tuple[str, str, str, str]
    yes: str


def entry_sheet_bytes(columns: Sequence[EntryColumn], words: EntryWords) -> bytes:
    """The workbook. Lists stand on a sheet of their own, for a list inside a cell may hold 255 characters only."""
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        plain = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
        head = {**plain, "font_name": "黑体", "bg_color": "#E8EDF3", "align": "center"}
        formats = {
            "text": book.add_format({**plain, "num_format": "@"}),
            "head": book.add_format(head),
            "required": book.add_format({**head, "bg_color": "#FBE9D0"}),
        }
        page = book.add_worksheet(words.sheet)
        told = book.add_worksheet(words.explanations)
        lists = book.add_worksheet(words.lists)
        lists.hide()
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width, formats["text"])
            page.write_string(0, at, column.header, formats["required" if column.required else "head"])
            _offer(page, lists, at, column, words.lists)
        page.freeze_panes(1, 0)
        page.set_row(0, 28)
        set_up_print(page)
        set_up_print(told)
        page.repeat_rows(0)
        _explain(told, columns, words, formats)
    return target.getvalue()


def _offer(page: Any, lists: Any, at: int, column: EntryColumn, named: str) -> None:
    hint = column.explanation if not column.example else f"{column.explanation}\n{column.example}"
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.header[:_LONGEST_HINT_TITLE],
        "input_message": hint[:_LONGEST_HINT],
    }
    if column.choices:
        import xlsxwriter

        letters = xlsxwriter.utility.xl_col_to_name(at)
        for line, choice in enumerate(column.choices):
            lists.write_string(line, at, choice)
        source = f"='{named}'!${letters}$1:${letters}${len(column.choices)}"
        rule |= {"validate": "list", "source": source, "error_type": "stop" if column.strict else "warning"}
    page.data_validation(1, at, ROWS, at, rule)


def _explain(page: Any, columns: Sequence[EntryColumn], words: EntryWords, formats: dict[str, Any]) -> None:
    for at, width in enumerate((16, 10, 64, 28)):
        page.set_column(at, at, width)
        page.write_string(0, at, words.heads[at], formats["head"])
    for line, column in enumerate(columns, start=1):
        cells = (column.header, words.yes if column.required else "", column.explanation, column.example)
        for at, text in enumerate(cells):
            page.write_string(line, at, text, formats["text"])
    page.freeze_panes(1, 0)
