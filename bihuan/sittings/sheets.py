"""What is printed: the sheet the members have beforehand, and the table of what was closed, for the superior's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.documents.excel import Sheet, Value, workbook_bytes
from bihuan.rectification.models import ClosureSitting, Outcome
from bihuan.sittings.pages import (
    date_words,
    gate_words,
    notice_words,
    rows_of_all,
    signature_words,
    verdict_words,
)

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.sittings.reading import CaseFacts

WIDTHS: Final = (5, 15, 30, 16, 9, 20, 24, 34, 30, 24, 26, 14, 22)


def members_sheet(actor: Actor, sitting: ClosureSitting) -> bytes:
    """会审表: a row a problem, with room for the member's own opinion."""
    header = (
        _("序号"), _("编号"), _("问题"), _("牵头单位"), _("督办级别"), _("期限"), _("验收"), _("五关"), _("验收意见"),
        _("真实性疑点"), _("公示"), _("退回次数"), _("会审意见"),
    )  # fmt: skip
    rows = [
        [number, *_of_case(one), _marked(one)] for number, one in enumerate(rows_of_all(actor, sitting), 1)
    ]
    return workbook_bytes(
        [
            Sheet(
                name=_("会审表"),
                title=_("%(title)s 会审表") % {"title": sitting.title},
                notes=[_notes(sitting)],
                header=header,
                rows=rows,
                widths=WIDTHS,
            )
        ]
    )


def _notes(sitting: ClosureSitting) -> str:
    members = "、".join(str(one["name"]) for one in sitting.members)
    return _("会议日期：%(day)s　地点：%(place)s　参加人员：%(members)s") % {
        "day": sitting.held_on.isoformat(),
        "place": sitting.place,
        "members": members,
    }


def _of_case(one: CaseFacts) -> list[str | int]:
    problem = one.problem
    doubts = [
        f"{flag.get_kind_display()}（{flag.get_weight_display()}）{flag.reason}" for flag, _said in one.doubts
    ]
    return [
        problem.problem_no,
        problem.title,
        problem.lead_unit.name if problem.lead_unit else "",
        one.level,
        date_words(one),
        "\n".join([verdict_words(one), *signature_words(one)]),
        "\n".join(f"{gate['label']}：{gate['words']}" for gate in gate_words(one)),
        one.acceptance.opinion if one.acceptance else "",
        "\n".join(doubts),
        notice_words(one),
        problem.returns,
    ]


def _marked(one: CaseFacts) -> str:
    if not one.case.outcome:
        return ""
    said = str(one.case.get_outcome_display())
    return f"{said}：{one.case.reason}" if one.case.reason else said


def filing_sheet(actor: Actor, sitting: ClosureSitting) -> bytes:
    """销号备案表: what this sitting closed, with what it was accepted and closed on."""
    header = (
        _("序号"), _("编号"), _("问题"), _("来源"), _("牵头单位"), _("期限"), _("验收"), _("公示"), _("销号日期"),
        _("销号依据"), _("备案文号"),
    )  # fmt: skip
    closed = [one for one in rows_of_all(actor, sitting) if one.case.outcome == Outcome.APPROVE]
    rows: list[list[Value]] = [
        [
            number,
            one.problem.problem_no,
            one.problem.title,
            one.problem.source.label,
            one.problem.lead_unit.name if one.problem.lead_unit else "",
            date_words(one),
            verdict_words(one),
            notice_words(one),
            sitting.held_on,
            sitting.minutes_no,
            one.problem.filing_no,
        ]
        for number, one in enumerate(closed, start=1)
    ]
    name = _("销号备案表")
    title = _("%(unit)s整改销号备案表") % {"unit": sitting.jurisdiction.name}
    widths = (5, 15, 34, 16, 18, 22, 26, 28, 12, 18, 18)
    return workbook_bytes(
        [Sheet(name=name, title=title, notes=[_notes(sitting)], header=header, rows=rows, widths=widths)]
    )
