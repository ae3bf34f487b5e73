"""Rows of an import laid out beside the ledger, where a person can look at them; written by COPY, read in blocks."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import msgspec
from django.db import DEFAULT_DB_ALIAS

from bihuan.intake.imports.running import BadCell, ImportRow
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.journal.loading import copy_in
from bihuan.ledger.wording import marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bihuan.intake.models import ImportBlock

BLOCK: Final = 1000
LONGEST_PLACE: Final = 120
_COLUMNS: Final = ("run_id", "n", "place", "group", "problem", "row", "cells", "repeats", "settled")
_write = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(ImportRow).decode

Group = StagedRow.Group


def stage_rows(run: ImportRun, first: int, rows: Sequence[ImportRow], group: Group = Group.NEW) -> None:
    """Lay out rows under the numbers from `first` on."""
    lines = (
        (run.pk, n, row.place[:LONGEST_PLACE], group.value, None, _write(row).decode(), "[]", "[]", "")
        for n, row in enumerate(rows, start=first)
    )
    copy_in(DEFAULT_DB_ALIAS, StagedRow._meta.db_table, _COLUMNS, lines)


def stage_bad(run: ImportRun, first: int, bad: Iterable[BadCell]) -> int:
    """Lay out what stops rows, a line each; returns how many lines that were."""
    lines: dict[tuple[str, int], list[BadCell]] = {}
    for cell in bad:
        lines.setdefault((cell.sheet, cell.line), []).append(cell)
    copied = (
        (
            run.pk,
            n,
            cells[0].place[:LONGEST_PLACE],
            Group.BAD.value,
            None,
            "",
            json.dumps([[one.sheet, one.line, one.column, one.place, one.words] for one in cells]),
            "[]",
            "",
        )
        for n, cells in enumerate(lines.values(), start=first)
    )
    copy_in(DEFAULT_DB_ALIAS, StagedRow._meta.db_table, _COLUMNS, copied)
    return len(lines)


def row_of(staged: StagedRow) -> ImportRow:
    """The row as it was checked."""
    return _read(staged.row)


def bad_cells_of(staged: StagedRow) -> list[BadCell]:
    """What stops this row."""
    return [BadCell(*cell) for cell in staged.cells]


class StagedBlock:
    """Rows that were read and checked here, where they lie, and what they will be found by.

    No program outside can make one. Nothing is asked of the database, so that one block is made while another enters.
    """

    def __init__(self, laid: Sequence[StagedRow], note: ImportBlock | None = None) -> None:
        self.note = note
        self.places = [one.pk for one in laid]
        self.rows = [row_of(one) for one in laid]
        self.marks = [
            marks_of(
                row.title,
                row.text,
                str(row.more.get("concerned_party", "")),
                str(row.more.get("site", "")),
                row.likeness,
            )
            for row in self.rows
        ]


def made_ahead(blocks: Iterable[tuple[ImportBlock, Sequence[StagedRow]]]) -> Iterator[Future[StagedBlock]]:
    """Blocks that were taken, ready to enter; while one enters the next is being made."""
    with ThreadPoolExecutor(1, thread_name_prefix="bihuan-ahead") as beside:
        before: Future[StagedBlock] | None = None
        for note, laid in blocks:
            made = beside.submit(StagedBlock, laid, note)
            if before is not None:
                yield before
            before = made
        if before is not None:
            yield before


def in_blocks(
    run: ImportRun, *groups: Group, after: int = -1, size: int = BLOCK
) -> Iterator[list[StagedRow]]:
    """The rows of these groups in their order, never more than a block at once."""
    rows = StagedRow.objects.filter(run=run, group__in=groups).order_by("n")
    while block := list(rows.filter(n__gt=after)[:size]):
        yield block
        after = block[-1].n
