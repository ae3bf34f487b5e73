"""通报: the draft of a circular on one call, its words and figures from the ledger, its table in the annex.

Like every official document it is Chinese whoever drafts it, and goes without number, head or seal. What few may know is
counted in it and never named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.deadlines.rules import Light
from bihuan.documents.official_layout import Annex, OfficialDraft
from bihuan.documents.official_lines import written_date
from bihuan.documents.word_parts import Table
from bihuan.journal.timesource import today
from bihuan.ledger.models import Readership
from bihuan.reviews.coverage import coverage_of, stuck_rows
from bihuan.reviews.lights_table import COLUMNS, by_light, lights_table
from bihuan.reviews.models import CoordinationRequest, ReviewRow
from bihuan.reviews.queries import named
from bihuan.reviews.rules import TO_BE_SEEN, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.journal.action import Actor
    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.lights_table import LightsTable
    from bihuan.reviews.models import MonthlyReview

MOST_NAMED: Final = 30
WORDS: Final = {
    Light.RED: "红灯", Light.ORANGE: "橙灯", Light.YELLOW: "黄灯", Light.BLUE: "蓝灯", Light.GREEN: "绿灯",
    Light.OFF: "不亮灯",
}  # fmt: skip
ORDINALS: Final = "一二三四五六七八九十"


def circular_of(review: MonthlyReview, actor: Actor) -> OfficialDraft:
    """The whole draft."""
    table, covered = lights_table(review, actor), coverage_of(review, actor)
    sections = [
        ("总体情况", [_whole(table, covered), *_moves(table)]),
        ("报送情况", _answers(review, covered)),
        ("亮红灯、橙灯的问题", _listed(_severe(review, actor))),
        ("连续多次没有变化的问题", _listed(stuck_rows(review, actor), times=True)),
        ("提请协调事项", _requests(review)),
    ]
    body: list[str] = []
    for number, (title, paragraphs) in enumerate([one for one in sections if one[1]]):
        body += [f"{ORDINALS[number]}、{title}", *paragraphs]
    return OfficialDraft(
        title=f"关于{named(review)}情况的通报",
        body=body,
        addressed_to=[one.sheet.unit.name for one in covered],
        annexes=[Annex("亮灯表", table=_annex(table))],
        signed_by=review.office,
        dated=None,
        keep=(f"{review.issued_on.year}年{review.issued_on.month}月",) if review.issued_on else (),
    )


def _whole(table: LightsTable, covered: Sequence[Covered]) -> str:
    lights = "、".join(f"{WORDS[light]}{table.sum(light)}个" for light in COLUMNS if table.sum(light))
    return f"截至{written_date(today())}，本次调度涉及{len(covered)}个单位、在办问题{table.total}个：{lights or '都已不在办'}。"


def _moves(table: LightsTable) -> list[str]:
    if table.compared_with is None:
        return []
    better, worse, new, gone = (
        sum(getattr(row, name) for row in table.rows) for name in ("better", "worse", "new", "gone")
    )
    return [f"与上一次调度相比，亮灯转好{better}个、转差{worse}个，新增{new}个，退出{gone}个。"]


def _answers(review: MonthlyReview, covered: Sequence[Covered]) -> list[str]:
    done = sum(not one.owes and not one.late for one in covered)
    said = [f"应报{len(covered)}个单位，已报{done}个。"]
    late = [one.sheet.unit.name for one in covered if one.late]
    if late:
        said.append(f"过了{written_date(review.due_on)}的期限还没有报齐的：{'、'.join(late)}。")
    return said


def _severe(review: MonthlyReview, actor: Actor) -> list[ReviewRow]:
    found = by_light(review, actor)
    return [*found.get(Light.RED, []), *found.get(Light.ORANGE, [])]


def _listed(rows: Iterable[ReviewRow], *, times: bool = False) -> list[str]:
    """The problems by name, as many as a circular holds; those that few may know only as a number."""
    every = list(rows)
    open_rows = [row for row in every if row.problem.readership != Readership.WORK_SECRET]
    said = []
    for row in open_rows[:MOST_NAMED]:
        problem = row.problem
        count = f"，连续{row.unchanged_times}次无变化" if times else ""
        said.append(
            f"{problem.problem_no} {problem.title}（{row.sheet.unit.name}，期限"
            f"{written_date(problem.external_deadline)}，进度{problem.progress}%{count}）。"
        )
    if len(every) > len(said):
        said.append(f"另有{len(every) - len(said)}个，不在此列名。")
    return said


def _requests(review: MonthlyReview) -> list[str]:
    rows = CoordinationRequest.objects.filter(sheet__review=review).exclude(
        state=CoordinationRequest.State.WITHDRAWN
    )
    states = list(rows.values_list("state", flat=True))
    if not states:
        return []
    waiting, seen = sum(one in UNDECIDED for one in states), sum(one in TO_BE_SEEN for one in states)
    settled = len(states) - waiting - seen
    return [f"本次提请协调{len(states)}件：已解决{settled}件，已答复待确认{seen}件，待答复{waiting}件。"]


def _annex(table: LightsTable) -> Table:
    head = ["单位", "在办", *(WORDS[light] for light in COLUMNS), "转好", "转差", "新增", "退出"]
    rows = [
        [
            one.unit.name,
            *(str(number) for number in (one.total, *(one.now[light] for light in COLUMNS))),
            *(str(number) for number in (one.better, one.worse, one.new, one.gone)),
        ]
        for one in table.rows
    ]
    return Table(header=head, rows=rows, widths=(3.0, *(1.0 for _column in head[1:])))
