"""Plain text and Markdown; tables drawn with bars or tabs become rows."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from bihuan.documents.encodings import decode
from bihuan.documents.lines import Line, paragraphs
from bihuan.documents.model import Block, BlockKind, Place

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits

_RULE = re.compile(r"^[\s|:\-—]+$")
_LINES_OF_A_TABLE = 2
_SEPARATORS_OF_A_ROW = 2


def read_text(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """Form feeds, where there are any, separate pages."""
    del limits
    text = decode(content, file)
    sheets = text.split("\f")
    lines: list[Line] = []
    for page, sheet in enumerate(sheets, start=1):
        for written in sheet.split("\n"):
            lines.append(Line(written, page if len(sheets) > 1 else None, len(lines) + 1))
    blocks: list[Block] = []
    tables = 0
    for separator, run in groupby(lines, key=lambda line: _separator(line.text)):
        together = list(run)
        if separator and len(together) >= _LINES_OF_A_TABLE:
            tables += 1
            blocks += [_row(line, separator, tables, number) for number, line in enumerate(together, start=1)]
        else:
            blocks += paragraphs(together, "line")
    return (len(sheets) if len(sheets) > 1 else None), blocks


def _separator(line: str) -> str:
    """What parts the cells of a line, '' for a line that is no table row."""
    return next((mark for mark in ("|", "\t") if line.strip().count(mark) >= _SEPARATORS_OF_A_ROW), "")


def _row(line: Line, separator: str, table: int, number: int) -> Block:
    written = line.text.strip("\n")
    inside = written.strip().strip("|") if separator == "|" else written
    # The line under a Markdown header holds no cells, yet it is kept: nothing of a document is dropped.
    cells = () if _RULE.match(written) else tuple(cell.strip() for cell in inside.split(separator))
    return Block(
        written.strip(), line.page, (), Place("table", table, row=number), BlockKind.ROW, cells=cells
    )
