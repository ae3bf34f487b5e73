"""What the office takes along in Excel: the lights table, how the units answered, and what is asked of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.deadlines.explaining import light_words
from bihuan.documents.excel import Marked, Sheet, workbook_bytes
from bihuan.journal.timesource import today
from bihuan.reviews.below_pages import lower_page
from bihuan.reviews.lights_table import COLUMNS, LightsTable
from bihuan.reviews.queries import named
from bihuan.reviews.rules import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.documents.excel import Value
    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.models import CoordinationRequest, MonthlyReview

WIDE: Final = 28.0


def review_workbook(
    review: MonthlyReview,
    table: LightsTable,
    covered: Sequence[Covered],
    requests: Sequence[CoordinationRequest],
    numbers: Mapping[object, str],
) -> bytes:
    """All on sheets of their own; who below answered only where somebody below was asked."""
    lower = [lower_sheet(review, covered)] if any(one.lower for one in covered) else []
    return workbook_bytes(
        [
            lights_sheet(review, table),
            answers_sheet(review, covered),
            *lower,
            requests_sheet(requests, numbers),
        ]
    )


def lights_sheet(review: MonthlyReview, table: LightsTable) -> Sheet:
    """Units by lights."""
    moves = (_("转好"), _("转差"), _("新增"), pgettext("lights", "退出"))
    rows: list[list[Value | Marked]] = [
        [
            one.unit.name,
            one.total,
            *(one.now[light] for light in COLUMNS),
            one.better,
            Marked(one.worse) if one.worse else 0,
            one.new,
            one.gone,
        ]
        for one in table.rows
    ]
    rows.append(
        [
            _("合计"),
            table.total,
            *(table.sum(light) for light in COLUMNS),
            *(sum(getattr(one, name) for one in table.rows) for name in ("better", "worse", "new", "gone")),
        ]
    )
    return Sheet(
        name=_("亮灯表"),
        title=_("%(title)s亮灯表") % {"title": named(review)},
        header=[_("单位"), _("在办"), *(light_words(light) for light in COLUMNS), *moves],
        rows=rows,
        widths=(WIDE, *(9.0 for _column in range(len(COLUMNS) + 5))),
        notes=(_compared(table),),
        centred_from=1,
    )


def _compared(table: LightsTable) -> str:
    if table.compared_with is None:
        return _("第一次调度，没有可比的上一次。")
    return _("变化与“%(title)s”（%(day)s 发出）相比。") % {
        "title": named(table.compared_with),
        "day": table.compared_with.issued_on.isoformat() if table.compared_with.issued_on else "",
    }


def answers_sheet(review: MonthlyReview, covered: Sequence[Covered]) -> Sheet:
    """How each unit answered."""
    head = (_("单位"), _("报送情况"), _("问题数"), _("已更新"), _("无变化"), _("未报"), _("多次无变化"))
    rows: list[list[Value | Marked]] = [
        [
            one.sheet.unit.name,
            Marked(_("逾期未报")) if one.late else one.sheet.get_state_display(),
            one.total,
            one.changed,
            one.unchanged,
            one.open,
            Marked(one.stuck) if one.stuck else 0,
        ]
        for one in covered
    ]
    return Sheet(
        name=_("报送情况"),
        title=_("%(title)s报送情况") % {"title": named(review)},
        header=head,
        rows=rows,
        widths=(WIDE, 14.0, 9.0, 9.0, 9.0, 9.0, 12.0),
        centred_from=1,
    )


def lower_sheet(review: MonthlyReview, covered: Sequence[Covered]) -> Sheet:
    """How each unit below answered those who handed tasks to it."""
    head = (
        _("单位"), _("交办单位"), _("报送期限"), _("报送情况"), _("问题数"), _("已更新"), _("无变化"), _("未报"),
    )  # fmt: skip
    rows: list[list[Value | Marked]] = [
        [
            one["name"],
            "、".join(one["givers"]),
            one["due_on"],
            Marked(one["state"]["words"]) if one["late"] else one["state"]["words"],
            *(one[name] for name in ("total", "changed", "unchanged", "open")),
        ]
        for one in lower_page(covered)
    ]
    return Sheet(
        name=_("下级报送情况"),
        title=_("%(title)s下级报送情况") % {"title": named(review)},
        header=head,
        rows=rows,
        widths=(WIDE, WIDE, 13.0, 14.0, 9.0, 9.0, 9.0, 9.0),
        centred_from=2,
    )


def requests_sheet(requests: Sequence[CoordinationRequest], numbers: Mapping[object, str]) -> Sheet:
    """What is asked of others, and what became of it. A number is told to whoever may know of the problem."""
    head = (
        _("问题编号"), _("提请单位"), _("提请协调的事项"), _("请谁协调"), _("希望何时答复"), _("状态"), _("第几次"), _("答复"), _("答复日期"),
    )  # fmt: skip
    rows: list[list[Value | Marked]] = [
        [
            numbers.get(one.problem_id, ""),
            one.asking_unit.name,
            one.matter,
            one.asked_unit.name if one.asked_unit else _("整改办"),
            Marked(one.due_on) if one.state in UNDECIDED and one.due_on < today() else one.due_on,
            one.get_state_display(),
            one.times_asked,
            one.answer,
            one.answered_on,
        ]
        for one in requests
    ]
    return Sheet(
        name=_("提请协调事项"),
        title=_("提请协调事项清单"),
        header=head,
        rows=rows,
        widths=(16.0, 18.0, 44.0, 18.0, 13.0, 12.0, 8.0, 44.0, 12.0),
    )
