"""Tables inside documents: a row per problem where the header says so, otherwise rows of background."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.prose import Finding
from bihuan.intake.extraction.spreadsheet import LedgerRow, read_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.intake.extraction.passages import Part

_SHORTEST_PROBLEM = 8


def read_tables(parts: list[Part], remembered: Mapping[str, str] | None = None) -> list[Finding]:
    """Findings of all tables and sheets, each read on its own; `remembered`: what columns of this source are called."""
    findings = []
    for _, table in groupby(parts, key=lambda part: (part.block.place.part, part.block.place.number)):
        findings += _read_table(list(table), remembered)
    return findings


def _read_table(parts: list[Part], remembered: Mapping[str, str] | None) -> list[Finding]:
    sheet = read_ledger([part.block for part in parts], remembered=remembered)
    for index, part in enumerate(parts):
        header = sheet is not None and index <= sheet.header.last
        for passage in part.passages:
            passage.disposition = Disposition.HEADING if header else Disposition.CONTEXT
    if sheet is None:
        return []
    by_line = {part.block.place.row or part.block.place.number: part for part in parts}
    # A row with a wrong date is still a problem the source raised; only rows without any text are none.
    found = []
    for line, row in sorted(
        {**_bad_rows(sheet.bad_lines, by_line), **{row.line: row for row in sheet.rows}}.items()
    ):
        passages = by_line[line].passages
        for passage in passages:
            passage.disposition = Disposition.PROBLEM
        found.append(
            Finding(
                passages,
                title=row.facts.get("title", ""),
                source_no=row.facts.get("source_no", ""),
                section=(row.section,) if row.section else (),
                row=row,
            )
        )
    return found


def _bad_rows(lines: frozenset[int], by_line: dict[int, Part]) -> dict[int, LedgerRow]:
    rows = {}
    for line in lines:
        cells = [cell for cell in by_line[line].block.cells if cell.strip()]
        longest = max(cells, key=len, default="")
        if len(longest) >= _SHORTEST_PROBLEM:
            rows[line] = LedgerRow(by_line[line].block.place.name, line, {"text": longest})
    return rows
