"""A unit's sheet as Excel: down as it stands, up again with what was written, and back with what is wrong marked.

The words in the file are Chinese whoever takes it: they are data, and what comes back is read by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.documents.return_sheet import ReturnColumn, ReturnRow, return_sheet_bytes
from bihuan.intake.imports.checking import read_rows
from bihuan.journal.action import Refused
from bihuan.reviews.comparing import Entry, Written
from bihuan.reviews.queries import named
from bihuan.reviews.rules import Cell, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.reviews.lines import Line
    from bihuan.reviews.models import ReviewSheet

KEY: Final = "行标记（请勿改动）"
WORDS: Final = {"on_time": "能按期", "at_risk": "有风险", "not_on_time": "不能按期"}
LIGHTS: Final = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝", "green": "绿", "off": "不亮灯"}
SHOWN: Final = (
    ReturnColumn("编号", 16),
    ReturnColumn("问题或措施", 34),
    ReturnColumn("期限", 12),
    ReturnColumn("首次期限", 12),
    ReturnColumn("延期", 8),
    ReturnColumn("灯", 7),
)
OPEN: Final = {
    Cell.PERCENT: ReturnColumn("进度（%）", 9),
    Cell.FACTS: ReturnColumn("进展事实", 42),
    Cell.NEXT_STEP: ReturnColumn("下一步", 28),
    Cell.OBSTACLE: ReturnColumn("存在困难", 28),
    Cell.WORD: ReturnColumn("能否按期", 11, tuple(WORDS.values())),
}
COLUMNS: Final = (*SHOWN, *OPEN.values())
AT: Final = {cell: len(SHOWN) + at for at, cell in enumerate(OPEN)}
NOTES: Final = (
    "只改白色的格子，改了哪几格就报哪几格；没有改的行按“无变化”报。",
    "灰色的格子和隐藏的行标记不要改；进度填 0 至 100 的整数，进度变了要写明做了什么。",
)


def sheet_bytes(sheet: ReviewSheet, lines: Sequence[Line]) -> bytes:
    """The sheet as it stands now."""
    return _workbook(sheet, [ReturnRow(line.key, _values(line, line.now), _open(line)) for line in lines])


def marked_bytes(sheet: ReviewSheet, written: Sequence[Written]) -> bytes:
    """What was sent, with what keeps it from being taken; its keys are fresh, so that mended it can be sent again.

    A line that is not this unit's keeps only what was written on it.
    """
    return _workbook(sheet, [_marked(one) for one in written], extra=(ReturnColumn("要改什么", 40),))


def _marked(one: Written) -> ReturnRow:
    said = one.as_words()
    if one.line is None:
        values = ["", "", "", "", "", "", *(_shown(cell, one.given[cell]) for cell in OPEN), said]
        return ReturnRow(one.entry.key, values, wrong={0: said})
    wrong = {AT[cell]: said for cell in one.touched} if one.faults else {}
    if Fault.CONFLICT in one.faults:
        now = "；".join(f"{change['label']}：{change['now']}" for change in one.conflicts())
        said = f"{said}。台账现在是——{now}"
    return ReturnRow(one.line.key, [*_values(one.line, one.given), said], _open(one.line), wrong)


def _values(line: Line, said: Mapping[Cell, str]) -> list[str]:
    problem, measure = line.problem, line.measure
    what, due = line.what, problem.external_deadline
    if measure is not None and line.first:
        what = f"{problem.title}\n{measure.number}. {measure.text}（{measure.deadline}）"
    elif measure is not None:
        due = measure.deadline
    return [
        line.number,
        what,
        str(due),
        str(problem.first_deadline or ""),
        f"延期×{problem.extensions}" if problem.extensions else "",
        LIGHTS[line.light.light] if line.light else "",
        *(_shown(cell, said[cell]) for cell in OPEN),
    ]


def _shown(cell: Cell, text: str) -> str:
    return WORDS.get(text, text) if cell is Cell.WORD else text


def _open(line: Line) -> frozenset[int]:
    return frozenset(AT[cell] for cell in line.open_cells)


def _workbook(sheet: ReviewSheet, rows: Sequence[ReturnRow], extra: tuple[ReturnColumn, ...] = ()) -> bytes:
    return return_sheet_bytes(
        (*COLUMNS, *extra),
        rows,
        name="调度表",
        title=f"{named(sheet.review)} · {sheet.unit.name}",
        notes=(*NOTES, f"报送期限 {sheet.day.isoformat()}。"),
        key_header=KEY,
    )


def entries_in(name: str, content: bytes) -> list[Entry]:
    """What came back, row by row. A row without a key is one somebody added: it is named, not guessed at."""
    found: list[Entry] = []
    columns: dict[int, Cell] = {}
    key_at = -1
    for block in read_rows(name, content):
        cells = [cell.strip() for cell in block.cells]
        if key_at < 0:
            if KEY in cells:
                key_at = cells.index(KEY)
                columns = {
                    cells.index(column.header): cell
                    for cell, column in OPEN.items()
                    if column.header in cells
                }
            continue
        said = {cell: cells[at] if at < len(cells) else "" for at, cell in columns.items()}
        key = cells[key_at] if key_at < len(cells) else ""
        if key or any(said.values()):
            found.append(Entry(key=key, cells={cell.value: _code(cell, text) for cell, text in said.items()}))
    if key_at < 0 or len(columns) < len(OPEN):
        raise Refused(
            _("这不是下载的调度表，或者表头被改动。"),
            accepted=_("请重新下载调度表，在里面填写后上传。"),
            field="file",
        )
    return found


def _code(cell: Cell, text: str) -> str:
    codes = {word: code for code, word in WORDS.items()}
    return codes.get(text, text) if cell is Cell.WORD else text
