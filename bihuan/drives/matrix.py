"""The coverage as a table people read: a row a unit, a column a cell of the call; on the page and in Excel alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.documents.excel import Marked, Sheet, workbook_bytes
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.queries import is_late
from bihuan.drives.rules import OUT, SETTLED_WHOLE, cells_of
from bihuan.journal.timesource import today
from bihuan.ledger.models import Sector, Source
from bihuan.organizations.tree import home_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.drives.coverage import LineCoverage
    from bihuan.drives.rules import Cell


class Kind(StrEnum):
    """What accounts for a cell, or that nothing does."""

    FOUND = "found"
    SAID = "said"
    NIL = "nil"
    EXCUSED = "excused"
    EXPLAINED = "explained"
    BLANK = "blank"
    ASKED = "asked"


class Show(StrEnum):
    """Which rows."""

    ALL = "all"
    ASKED = "asked"
    BLANK = "blank"
    REPORTED = "reported"
    NIL = "nil"


SHOW_LABELS = {
    Show.ALL: gettext_lazy("全部单位"),
    Show.ASKED: gettext_lazy("还没报告"),
    Show.BLANK: gettext_lazy("有空白"),
    Show.REPORTED: gettext_lazy("已报问题"),
    Show.NIL: gettext_lazy("零报告"),
}
WORDS = {
    Kind.NIL: gettext_lazy("零报告"),
    Kind.EXCUSED: gettext_lazy("免"),
    Kind.EXPLAINED: gettext_lazy("已说明"),
    Kind.BLANK: gettext_lazy("空白"),
    Kind.ASKED: gettext_lazy("未报"),
}


@dataclass(frozen=True)
class MatrixCell:
    """One square. `url` leads to the problems counted, or to the form that explains a blank."""

    label: str
    kind: Kind
    words: str
    why: str = ""
    url: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """One unit."""

    covered: LineCoverage
    name: str
    state: str
    late: str
    url: str
    cells: tuple[MatrixCell, ...]

    @property
    def line(self) -> DriveLine:
        return self.covered.line


def shows(covered: LineCoverage, show: Show) -> bool:
    """Whether a unit stands in this slice of the table."""
    return {
        Show.ALL: True,
        Show.ASKED: covered.asked,
        Show.BLANK: bool(covered.blank) and not covered.asked,
        Show.REPORTED: covered.line.state == DriveLine.State.ANSWERED,
        Show.NIL: covered.line.state == DriveLine.State.NIL,
    }[show]


def heads_of(drive: Drive) -> list[str]:
    """The words over the columns."""
    return _heads(cells_of(drive.sectors, drive.sources))


def head_of(sector: str, source: str) -> str:
    """The words of one cell."""
    return _heads([(sector, source)])[0]


def _heads(cells: Sequence[Cell]) -> list[str]:
    sectors = {one.code: one.label for one in Sector.objects.filter(code__in={cell[0] for cell in cells})}
    sources = {one.code: one.label for one in Source.objects.filter(code__in={cell[1] for cell in cells})}
    return [
        " · ".join(filter(None, (sectors.get(sector, sector), sources.get(source, source))))
        for sector, source in cells
    ]


def rows_of(
    drive: Drive, covered: Sequence[LineCoverage], heads: Sequence[str], *, explains: bool
) -> list[MatrixRow]:
    """The table's rows; `explains`: a blank leads to the form that explains it."""
    return [
        MatrixRow(
            covered=one,
            name=one.line.unit.name,
            state=_("未下发") if drive.state not in OUT else one.line.get_state_display(),
            late=late_words(one.line),
            url=reverse("drives:line", args=[one.line.pk]),
            cells=tuple(
                _cell(drive, one, cell, head, explains=explains)
                for cell, head in zip(one.cells, heads, strict=True)
            ),
        )
        for one in covered
    ]


def late_words(line: DriveLine) -> str:
    """How long the answer is overdue."""
    if not is_late(line):
        return ""
    return _("逾期 %(n)d 天") % {"n": (today() - line.drive.due_on).days}


def _cell(drive: Drive, one: LineCoverage, cell: Cell, head: str, *, explains: bool) -> MatrixCell:
    if number := one.found.get(cell, 0):
        # What was declared nil although the ledger knows of problems must be seen.
        why = _("零报告，但台账里有问题") if one.line.state == DriveLine.State.NIL else one.note(cell)
        return MatrixCell(head, Kind.FOUND, str(number), why, slice_url(drive, one.line, cell))
    if number := one.said.get(cell, 0):
        return MatrixCell(head, Kind.SAID, _("已报 %(n)s") % {"n": number}, one.note(cell))
    if one.line.state in SETTLED_WHOLE:
        kind = Kind.NIL if one.line.state == DriveLine.State.NIL else Kind.EXCUSED
        return MatrixCell(head, kind, str(WORDS[kind]), one.line.reason)
    if note := one.note(cell):
        return MatrixCell(head, Kind.EXPLAINED, str(WORDS[Kind.EXPLAINED]), note)
    if one.asked or cell not in one.blank:
        return MatrixCell(head, Kind.ASKED, str(WORDS[Kind.ASKED]))
    return MatrixCell(
        head, Kind.BLANK, str(WORDS[Kind.BLANK]), url=explain_url(one.line, cell) if explains else ""
    )


def slice_url(drive: Drive, line: DriveLine, cell: Cell) -> str:
    """The very problems a cell counts, in the ledger."""
    given = {
        "unit": str(home_of(line.unit).pk),
        "sector": cell[0],
        "source": cell[1],
        "registered_after": drive.since.isoformat(),
    }
    wanted = {name: value for name, value in given.items() if value}
    return f"{reverse('desk:ledger')}?{urlencode(wanted)}"


def explain_url(line: DriveLine, cell: Cell) -> str:
    """The form that explains a blank cell."""
    query = urlencode({"sector": cell[0], "source": cell[1]})
    return f"{reverse('drives:explain', args=[line.pk])}?{query}"


def workbook(drive: Drive, rows: Sequence[MatrixRow], heads: Sequence[str], show: Show) -> bytes:
    """The table as the reader sees it, blanks marked, reasons written out on a second sheet."""
    title = _("%(title)s：覆盖情况") % {"title": drive.batch.title}
    notes = [
        _("%(show)s · 期间自 %(since)s · 报送期限 %(due)s · 制表日期 %(day)s")
        % {
            "show": SHOW_LABELS[show],
            "since": drive.since.isoformat(),
            "due": drive.due_on.isoformat(),
            "day": today().isoformat(),
        }
    ]
    cover = Sheet(
        name=_("覆盖情况"),
        title=title,
        notes=notes,
        header=[_("单位"), _("报告情况"), *heads, _("报来"), _("待审"), _("空白格")],
        rows=[_excel_row(row) for row in rows],
        widths=(28, 16, *(12 for _head in heads), 8, 8, 8),
        centred_from=2,
    )
    reasons = [[row.name, cell.label, cell.words, cell.why] for row in rows for cell in row.cells if cell.why]
    why = Sheet(
        name=_("说明原因"),
        header=[_("单位"), _("领域"), _("现状"), _("说明原因")],
        rows=reasons,
        widths=(28, 24, 12, 60),
    )
    return workbook_bytes([cover, why] if reasons else [cover])


def _excel_row(row: MatrixRow) -> list[Any]:
    state = f"{row.state}（{row.late}）" if row.late else row.state
    blank = len(row.covered.blank) if not row.covered.asked else 0
    return [
        row.name,
        Marked(state) if row.late else state,
        *(_excel_cell(cell) for cell in row.cells),
        row.covered.reported,
        row.covered.waiting,
        Marked(blank) if blank else 0,
    ]


def _excel_cell(cell: MatrixCell) -> Any:
    if cell.kind is Kind.FOUND:
        return int(cell.words)
    return Marked(cell.words) if cell.kind is Kind.BLANK else cell.words
