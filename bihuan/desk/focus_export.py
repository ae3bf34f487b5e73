"""The focus list as Excel, landscape, some hundred problems at a time."""

from __future__ import annotations

import tempfile
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.desk.focus_rows import rows_of
from bihuan.desk.focus_words import expected_words
from bihuan.desk.marks import UNSET
from bihuan.documents.excel import set_up_print
from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import STATE_WORDS, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.desk.focus_rows import FocusRow
    from bihuan.journal.action import Actor
    from bihuan.ledger.listing import Filters
    from bihuan.ledger.models import Problem

KEPT_IN_MEMORY: Final = 2 * 1024 * 1024
TOGETHER: Final = 200


def export_focus(actor: Actor, problems: QuerySet[Problem], filters: Filters) -> FileResponse:
    """The file; who took how much is in the access log."""
    # The response closes the file when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    count = write(file, problems)
    file.seek(0)
    access.record(actor, "export:focus", rows=count, filters=filters.given())
    name = _("重点问题清单-%(day)s.xlsx") % {"day": today().isoformat()}
    return FileResponse(file, as_attachment=True, filename=name)


def write(file: IO[bytes], problems: QuerySet[Problem]) -> int:
    """All rows, by deadline; returns how many."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_("重点问题清单"))
    head = book.add_format(
        {"bold": True, "bg_color": "#F2F2EF", "border": 1, "valign": "vcenter", "text_wrap": True}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    lit = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FBE9D0"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "border": 1})
    columns = (
        (_("编号"), 15), (_("问题"), 28), (_("阶段"), 9), (_("包抓领导"), 20), (_("牵头单位"), 16), (_("期限"), 11), (_("首次期限"), 11), (_("延期次数"), 6), (_("灯"), 12),
        (_("进度（%）"), 9), (_("最近进展"), 30), (_("督导次数"), 6), (_("最近督导"), 11), (_("批示件数"), 6), (_("最近批示"), 11),
        (_("下一步"), 24), (_("列入日期"), 11), (_("列入理由"), 28),
    )  # fmt: skip
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 2)
    set_up_print(sheet, sum(width for _title, width in columns))
    sheet.repeat_rows(0)
    number = 0
    rest = iter(problems.order_by("external_deadline", "id").iterator(chunk_size=TOGETHER))
    while some := list(islice(rest, TOGETHER)):
        for row in rows_of(some):
            number += 1
            _write_row(sheet, number, row, wrap=wrap, lit=lit, day=day)
    book.close()
    return number


def _write_row(sheet: Any, number: int, row: FocusRow, *, wrap: Any, lit: Any, day: Any) -> None:
    problem, done = row.problem, row.led
    seat = f"{problem.sponsor.unit} {problem.sponsor.name}" if problem.sponsor else ""
    progress = f"{row.progress[0].isoformat()} {row.progress[1]}" if row.progress else _("没有报过")
    due = None if problem.external_deadline == UNSET else problem.external_deadline
    late = row.expected is not None and row.expected.is_missing(today())
    cells = (
        problem.problem_no, problem.title, STATE_WORDS[State(problem.state)].say(get_language() or "zh"),
        f"{row.sponsor} {seat}".strip(), problem.lead_unit.name if problem.lead_unit else "", due, problem.first_deadline, problem.extensions,
        str(row.light.words) if row.light else "", problem.progress, progress, done.visits, done.last_visit,
        done.instructions, done.last_instruction, expected_words(row.expected) if row.expected else "",
        row.entry.since, row.entry.reason,
    )  # fmt: skip
    for place, value in enumerate(cells):
        missing = (place == NEXT and late) or (place == VISITED and row.visit_by and row.visit_by < today())
        look = lit if missing else wrap
        if isinstance(value, str):
            sheet.write_string(number, place, value, look)
        elif isinstance(value, int):
            sheet.write_number(number, place, value, look)
        elif value is not None:
            sheet.write_datetime(number, place, value, day)
        else:
            sheet.write_blank(number, place, None, look)


VISITED: Final = 11
NEXT: Final = 15
