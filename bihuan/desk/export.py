"""A slice of the ledger as Excel, streamed row by row so that its size costs no memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.desk import export_money
from bihuan.desk.marks import UNSET, term_labels
from bihuan.documents.excel import set_up_print
from bihuan.journal import access
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.listing import Filters, slice_of
from bihuan.ledger.models import Problem, TermKind
from bihuan.organizations.acting import Request
from bihuan.rectification.first_promises import promises_of

KEPT_IN_MEMORY = 2 * 1024 * 1024
DATE = "yyyy-mm-dd"


def export_ledger(request: Request) -> FileResponse:
    """Write the slice the person sees; who took how much is in the access log."""
    filters = Filters.from_query(request.GET)
    # The response closes the file when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    count = write(request, filters, file)
    file.seek(0)
    access.record(request.actor, "export:ledger", rows=count, filters=filters.given())
    name = _("台账-%(day)s.xlsx") % {"day": today().isoformat()}
    return FileResponse(file, as_attachment=True, filename=name)


def write(request: Request, filters: Filters, file: IO[bytes]) -> int:
    """Write the rows and return how many."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("台账"))
    head = book.add_format({"bold": True, "bg_color": "#F2F2EF", "border": 1, "valign": "vcenter"})
    cell = {"valign": "top", "border": 1}
    day, number_look = book.add_format({**cell, "num_format": DATE}), book.add_format(cell)
    wrap = book.add_format({**cell, "text_wrap": True})
    money_columns = export_money.Columns(slice_of(request.actor, filters))
    columns = (
        (_("编号"), 16), (_("问题"), 34), (_("问题描述"), 60), (_("阶段"), 10), (_("轮次"), 6), (_("来源"), 14),
        (_("领域"), 14), (_("等级"), 8), (_("督办级别"), 9), (_("整改类型"), 10), (_("牵头单位"), 20), (_("登记日期"), 12),
        (_("外部期限"), 12), (_("首次期限"), 12), (_("延期次数"), 8), (_("交办异议"), 8), (_("验收退回"), 8), (_("进度（%）"), 9),
        (_("销号日期"), 12),
        (_("方案调整（首次与现行）"), 60), *money_columns.heads,
    )  # fmt: skip
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, str(title), head)
    sheet.freeze_panes(1, 2)
    set_up_print(sheet, sum(width for _title, width in columns))
    sheet.repeat_rows(0)
    money = export_money.Writer(sheet, book, money_columns, first=len(columns) - len(money_columns.heads))
    number = _rows(request, filters, sheet, money, day=day, wrap=wrap, plain=number_look)
    sheet.autofilter(0, 0, max(1, number), len(columns) - 1)
    book.close()
    return number


def _rows(
    request: Request,
    filters: Filters,
    sheet: Any,
    money: export_money.Writer,
    *,
    day: Any,
    wrap: Any,
    plain: Any,
) -> int:
    """The problems, one after the other, with the money of each; below them what it comes to."""
    labels, language = term_labels(), get_language() or "zh"
    number = 0
    problems = slice_of(request.actor, filters).select_related("source", "sector", "lead_unit")
    rows = problems.order_by("external_deadline", "id").iterator(chunk_size=export_money.TOGETHER)
    for number, (problem, changed) in enumerate(_with_promises(money.following(rows)), start=1):
        values = [
            problem.problem_no, problem.title, problem.text, STATE_WORDS[State(problem.state)].say(language), problem.round,
            problem.source.label, problem.sector.label, labels.get((TermKind.GRADE, problem.grade), problem.grade),
            labels.get((TermKind.SUPERVISION_LEVEL, problem.supervision_level), ""),
            labels.get((TermKind.RECTIFICATION_KIND, problem.rectification_kind), ""),
            problem.lead_unit.name if problem.lead_unit else "", problem.registered_on,
            None if problem.external_deadline == UNSET else problem.external_deadline, problem.first_deadline,
            problem.extensions, problem.declines, problem.returns, problem.progress, problem.closed_on, changed,
        ]  # fmt: skip
        for place, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(number, place, value, wrap)
            elif isinstance(value, int):
                sheet.write_number(number, place, value, plain)
            elif value is not None:
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write_blank(number, place, None, plain)
        money.write(number, problem)
    money.write_total(number + 1)
    return number


def _with_promises(problems: Iterator[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each problem with what its plan first promised beside what it promises now, asked for as many at once as their money."""
    while some := list(islice(problems, export_money.TOGETHER)):
        changed = promises_of(some)
        for problem in some:
            yield problem, changed[problem.pk].said if problem.pk in changed else ""
