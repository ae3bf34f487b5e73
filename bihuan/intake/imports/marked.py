"""A ledger as it was handed in, with the cells that stop a row marked and the reason beside them."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.documents.excel import Marked, Sheet, workbook_bytes
from bihuan.intake.extraction.columns import HEADER_WITHIN
from bihuan.intake.imports import staging
from bihuan.intake.imports.checking import kept_content, read_rows
from bihuan.intake.imports.running import sheets_of
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.journal.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bihuan.documents.model import Block

Wrong = dict[int, dict[int | None, str]]


def marked_copy(run: ImportRun, *, only_bad: bool = False) -> bytes:
    """The sheets as handed in, bad cells marked, with a last column saying why.

    `only_bad` leaves out the good rows, for an office that has let them in already and mends the rest.
    """
    notes = {
        False: _("标红的单元格要改，改好后整份再传；好的行已经导入的，请另下只含错行的文件。"),
        True: _("这里只有没有导入的行；标红的单元格改好后，直接上传这份文件。"),
    }
    return workbook_bytes(_sheets(run, notes[only_bad], only_bad=only_bad))


def _sheets(run: ImportRun, note: str, *, only_bad: bool) -> Iterator[Sheet]:
    wrong = _wrong_cells(run)
    headers = {sheet["name"]: sheet["header_line"] for sheet in run.sheets}
    for blocks in sheets_of(read_rows(run.name, kept_content(run))):
        head = list(islice(blocks, HEADER_WITHIN))
        name = head[0].place.name
        if name not in headers or (only_bad and name not in wrong):
            continue
        line = headers[name]
        width = max(len(block.cells) for block in head)
        header = next((block.cells for block in head if _line(block) == line), ())
        below = (block for block in chain(head, blocks) if _line(block) > line)
        yield Sheet(
            name=name or _("台账"),
            header=[*header, *[""] * (width - len(header)), _("错在哪里")],
            rows=_rows(below, wrong.get(name, {}), width, only_bad=only_bad),
            notes=[note],
        )


def _wrong_cells(run: ImportRun) -> dict[str, Wrong]:
    wrong: dict[str, Wrong] = {}
    for block in staging.in_blocks(run, StagedRow.Group.BAD):
        for one in block:
            for cell in staging.bad_cells_of(one):
                wrong.setdefault(cell.sheet, {}).setdefault(cell.line, {})[cell.column] = cell.words
    return wrong


def _rows(
    blocks: Iterator[Block], wrong: Mapping[int, Mapping[int | None, str]], width: int, *, only_bad: bool
) -> Iterator[list[Any]]:
    for block in blocks:
        bad = wrong.get(_line(block), {})
        if only_bad and not bad:
            continue
        cells: list[Any] = [
            Marked(value) if at in bad else value for at, value in enumerate(block.cells[:width])
        ]
        cells += [""] * (width - len(cells))
        reasons = joined(bad.values())
        yield [*cells, Marked(reasons) if reasons else ""]


def _line(block: Block) -> int:
    return int(block.place.row or block.place.number)
