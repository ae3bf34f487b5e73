"""The record as Excel: a sheet of acts, a sheet of what is missing."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any, Final

from django.http import FileResponse
from django.utils.translation import gettext as _

from bihuan.desk.duties.lines import KIND_WORDS
from bihuan.desk.duties.periods import WORDS
from bihuan.desk.duties.wording import gap_words
from bihuan.documents.excel import set_up_print
from bihuan.journal import access
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from bihuan.desk.duties.gaps import Gap
    from bihuan.desk.duties.lines import Line
    from bihuan.desk.duties.periods import Period
    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Person

KEPT_IN_MEMORY: Final = 2 * 1024 * 1024
FIRST_ROW: Final = 2
"""Below the title and the heads."""


def export_record(
    actor: Actor, person: Person, period: Period, lines: list[Line], gaps: list[Gap]
) -> FileResponse:
    """The file; who took whose record is in the access log."""
    # The response closes the file when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    whose = _("%(name)s　%(period)s（至 %(day)s）") % {
        "name": person.name,
        "period": WORDS[period.key],
        "day": period.until,
    }
    write(file, whose, lines, gaps)
    file.seek(0)
    access.record(actor, "export:duty_record", rows=len(lines), subjects=[person], period=period.key)
    name = _("履责记录-%(name)s-%(day)s.xlsx") % {"name": person.name, "day": today().isoformat()}
    return FileResponse(file, as_attachment=True, filename=name)


def write(file: IO[bytes], whose: str, lines: list[Line], gaps: list[Gap]) -> None:
    """Both sheets, landscape; each says at its head whose record it is, of which time."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    done = _sheet(
        book,
        _("履责记录"),
        whose,
        ((_("日期"), 12), (_("事项"), 12), (_("编号"), 18), (_("问题"), 36), (_("内容"), 60), (_("登记人"), 24), (_("撤回"), 30), (_("日志"), 70)),
    )  # fmt: skip
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for row, line in enumerate(lines, start=FIRST_ROW):
        done.write_datetime(row, 0, line.on, day)
        problem = line.problem
        texts = (
            str(KIND_WORDS[line.kind]),
            problem.problem_no if problem else "",
            problem.title if problem else "",
            line.words,
            line.by,
            line.withdrawn,
            f"{line.stream}/{line.seq} {line.digest}",
        )
        for place, text in enumerate(texts, start=1):
            done.write_string(row, place, text, wrap)
    missing = _sheet(book, _("应有未有"), whose, ((_("编号"), 18), (_("问题"), 44), (_("缺什么"), 60)))
    for row, gap in enumerate(gaps, start=FIRST_ROW):
        for place, text in enumerate((gap.problem.problem_no, gap.problem.title, gap_words(gap))):
            missing.write_string(row, place, text, wrap)
    book.close()


def _sheet(book: Any, name: str, whose: str, columns: tuple[tuple[str, int], ...]) -> Any:
    head = book.add_format({"bold": True, "bg_color": "#F2F2EF", "border": 1, "valign": "vcenter"})
    title = book.add_format({"font_size": 16, "align": "center", "valign": "vcenter"})
    sheet = book.add_worksheet(name)
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, len(columns) - 1, f"{name}　{whose}", title)
    for place, (words, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, words, head)
    sheet.freeze_panes(FIRST_ROW, 0)
    set_up_print(sheet, sum(width for _title, width in columns))
    sheet.repeat_rows(0, 1)
    return sheet
