"""通报: what the circular on one call says, its figures from the ledger, its tables in the annexes, and the act that drafts it.

The paper itself, its words, its number and its signed copy are the room of papers'. It is Chinese whoever drafts it. What few
may know is counted in it and never named.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.deadlines.rules import Light
from bihuan.documents.official_layout import Annex
from bihuan.documents.official_lines import written_date
from bihuan.documents.word_parts import Table
from bihuan.journal.action import Actor, Refused, action
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem, Readership
from bihuan.ledger.sight import visible
from bihuan.papers.drafting import Wish, draft_about, office_of
from bihuan.papers.facts import deadline_words, masked
from bihuan.papers.matters import Told
from bihuan.papers.models import Paper
from bihuan.rectification.money_queries import money_in
from bihuan.rectification.money_rules import Money
from bihuan.reviews.coverage import coverage_of, stuck_rows
from bihuan.reviews.lights_table import COLUMNS, by_light, lights_table
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewRow
from bihuan.reviews.policy import may_run
from bihuan.reviews.queries import named
from bihuan.reviews.rules import TO_BE_SEEN, UNDECIDED
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.lights_table import LightsTable

KIND: Final = "review_circular"
DEMAND: Final = "有关要求"
NONE: Final = "无。"
MOST_NAMED: Final = 30
WORDS: Final = {
    Light.RED: "红灯", Light.ORANGE: "橙灯", Light.YELLOW: "黄灯", Light.BLUE: "蓝灯", Light.GREEN: "绿灯",
    Light.OFF: "不亮灯",
}  # fmt: skip


def told(review: MonthlyReview, actor: Actor) -> Told:
    """What stands in its places, and its annexes."""
    with override("zh-hans"):
        table, covered = lights_table(review, actor), coverage_of(review, actor)
        requests = _asked(review)
        values = {
            "调度名称": named(review),
            "总体情况": [_whole(table, covered), *_moves(table)],
            "报送情况": _answers(review, covered),
            "亮灯问题": _listed(_severe(review, actor)),
            "无变化问题": _listed(stuck_rows(review, actor), times=True),
            "资金情况": [_money(review, actor)],
            "协调事项": _counted(requests),
        }
        annexes = [Annex("亮灯表", table=_lights_annex(table))]
        if requests:
            annexes.append(Annex("提请协调事项清单", table=_requests_annex(requests)))
    return Told(
        {name: said if isinstance(said, str) else "\n".join(said) or NONE for name, said in values.items()},
        annexes,
    )


def told_by_id(review: uuid.UUID, actor: Actor) -> Told:
    """The same, as the room of papers asks for it."""
    return told(MonthlyReview.objects.select_related("jurisdiction").get(pk=review), actor)


def page_of(review: uuid.UUID) -> tuple[str, str]:
    """The call a circular was made of, and where its page is."""
    return named(MonthlyReview.objects.get(pk=review)), reverse("reviews:review", args=[review])


def circulars_of(review: MonthlyReview) -> QuerySet[Paper]:
    """The circulars made of a call that were not voided; there is one at most."""
    found: QuerySet[Paper] = Paper.objects.filter(kind=KIND, about=review.pk)
    return found.exclude(state=Paper.State.VOID)


@action(Verb.DRAFT_CIRCULAR, may=may_run)
def draft_circular(review: MonthlyReview, *, demand: str = "", signed_by: str = "", actor: Actor) -> Paper:
    """Draft the circular as an official paper to every called unit; number and signed copy are entered back there."""
    if review.issued_on is None or review.state not in (
        MonthlyReview.State.ISSUED,
        MonthlyReview.State.CONCLUDED,
    ):
        raise Refused(_("这次月调度没有在办，也没有办结。"), accepted=_("下发以后可以起草通报。"))
    standing = circulars_of(review).first()
    if standing is not None:
        raise Refused(
            _("这次月调度已经有通报：《%(title)s》。") % {"title": standing.title},
            accepted=_("请在那份文书上重新起草；不用的先作废。"),
        )
    called = review.sheets.filter(above=None).select_related("unit").order_by("unit__path")
    units = [sheet.unit for sheet in called]
    wish = Wish(
        kind=KIND,
        recipients=units,
        signed_by=signed_by.strip() or review.office,
        given={DEMAND: demand.strip()},
    )
    return draft_about(review, wish, place=review.jurisdiction, sender=office_of(review.jurisdiction))


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
    lower = {one.sheet.pk: one for each in covered for one in each.lower}
    if lower:
        reported = sum(not one.owes for one in lower.values())
        said.append(f"承担措施的下级和配合单位应报{len(lower)}个，已报{reported}个。")
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
            f"{deadline_words(problem)}，进度{problem.progress}%{count}）。"
        )
    if len(every) > len(said):
        said.append(f"另有{len(every) - len(said)}个，不在此列名。")
    return said


def _money(review: MonthlyReview, actor: Actor) -> str:
    """What is in question in the problems of the call, and what became of it: totals that add up."""
    asked = visible(actor, Problem.objects.filter(review_rows__sheet__review=review)).values("pk")
    found = money_in(Problem.objects.filter(pk__in=asked))
    if found == Money():
        return "本次调度的问题没有登记涉及资金。"
    parts = [f"涉及金额{found.in_question:,.2f}元", f"整改到位{found.put_right:,.2f}元"]
    parts += [f"核减{found.taken_off:,.2f}元"] if found.taken_off else []
    parts += [f"尚未到位{found.outstanding:,.2f}元"]
    parts += [f"多于涉及金额{found.excess:,.2f}元"] if found.excess else []
    return f"截至{written_date(today())}，本次调度的问题{'，'.join(parts)}。"


def _asked(review: MonthlyReview) -> list[CoordinationRequest]:
    rows = CoordinationRequest.objects.filter(sheet__review=review).exclude(
        state=CoordinationRequest.State.WITHDRAWN
    )
    return list(
        rows.select_related("problem", "asking_unit", "asked_unit").order_by("asking_unit__path", "id")
    )


def _counted(requests: Sequence[CoordinationRequest]) -> list[str]:
    states = [one.state for one in requests]
    if not states:
        return []
    waiting, seen = sum(one in UNDECIDED for one in states), sum(one in TO_BE_SEEN for one in states)
    settled = len(states) - waiting - seen
    return [
        f"本次提请协调{len(states)}件：已解决{settled}件，已答复待确认{seen}件，待答复{waiting}件，清单附后。"
    ]


def _requests_annex(requests: Sequence[CoordinationRequest]) -> Table:
    """Who asked what of whom, and what became of it. What few may know is in the list without its words."""
    rows = []
    for number, one in enumerate(requests, start=1):
        secret = one.problem.readership == Readership.WORK_SECRET
        rows.append(
            [
                str(number),
                one.asking_unit.name,
                "" if secret else one.problem.problem_no,
                "（不在此列明）" if secret else masked(one.matter),
                one.asked_unit.name if one.asked_unit else "整改办",
                written_date(one.due_on),
                str(one.get_state_display()),
                "" if secret else masked(one.answer),
            ]
        )
    head = ("序号", "提请单位", "问题编号", "事项", "请谁协调", "希望答复", "状态", "答复")
    return Table(header=head, rows=rows, widths=(5, 12, 12, 25, 11, 12, 9, 14))


def _lights_annex(table: LightsTable) -> Table:
    head = ["单位", "在办", *(WORDS[light] for light in COLUMNS), "转好", "转差", "新增", "退出"]
    rows = [
        [
            one.unit.name,
            *(str(number) for number in (one.total, *(one.now[light] for light in COLUMNS))),
            *(str(number) for number in (one.better, one.worse, one.new, one.gone)),
        ]
        for one in table.rows
    ]
    sums = [table.total, *(table.sum(light) for light in COLUMNS)]
    moved = [sum(getattr(one, name) for one in table.rows) for name in ("better", "worse", "new", "gone")]
    rows.append(["合计", *(str(number) for number in (*sums, *moved))])
    return Table(header=head, rows=rows, widths=(3.0, *(1.0 for _column in head[1:])))
