"""A plan's measures as they are written down: a draft tree, numbered, checked, and turned into rows."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused, current
from bihuan.journal.wording import joined, listed
from bihuan.ledger.steps import doing_units
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.frames import Frame, frame_of
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_versions import continued_in
from bihuan.rectification.rules import Fault, PlanFault, PlannedMeasure, dropped, faults_of_plan
from bihuan.rectification.terms import assurances_required
from bihuan.text.blanks import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bihuan.ledger.models import Problem

ASSURANCES: Final = {
    "responsibility": gettext_lazy("责任"),
    "measures": gettext_lazy("措施"),
    "funds": gettext_lazy("资金"),
    "deadline": gettext_lazy("时限"),
    "contingency": gettext_lazy("预案"),
}
"""五落实。"""


FAULT_WORDS: Final = {
    PlanFault.NO_GOAL: gettext_lazy("没有写整改目标"),
    PlanFault.NO_MEASURE: gettext_lazy("没有一条措施"),
    PlanFault.NO_TEXT: gettext_lazy("没有写做什么"),
    PlanFault.NO_DELIVERABLE: gettext_lazy("没有写成果形式"),
    PlanFault.AFTER_PARENT: gettext_lazy("期限晚于上级措施的期限"),
    PlanFault.AFTER_PROBLEM: gettext_lazy("期限晚于问题的整改期限"),
    PlanFault.BEFORE_TODAY: gettext_lazy("期限已经过去"),
    PlanFault.TOO_DEEP: gettext_lazy("层级太多"),
    PlanFault.STRANGER: gettext_lazy("承担单位不是牵头单位及其下属、也不是配合单位"),
    PlanFault.CLOSED_UNIT: gettext_lazy("承担单位已经撤销或不存在"),
    PlanFault.DROPPED_TASK: gettext_lazy("整改目标里少了交办单写明的任务"),
    PlanFault.DROPPED_MEASURE: gettext_lazy("少了交办单写明的措施"),
    PlanFault.ASSURANCE_MISSING: gettext_lazy("五落实没有写"),
    PlanFault.BAD_MILESTONES: gettext_lazy("时间节点要按日期先后、进度递增，不晚于期限"),
    PlanFault.COMES_BACK: gettext_lazy("的承担单位已经在它上面的层次里，任务绕了回来"),
    PlanFault.CONTINUES_STRANGER: gettext_lazy("所接续的措施不在这个问题的方案里"),
    PlanFault.CONTINUED_TWICE: gettext_lazy("与另一条接续了同一条措施"),
    PlanFault.STILL_BLANK: gettext_lazy("还留着参考方案里要改写的空（〔　〕）"),
}

OF_THE_GOAL: Final = frozenset({PlanFault.NO_GOAL, PlanFault.DROPPED_TASK, PlanFault.ASSURANCE_MISSING})
"""Faults shown beside the goal; an assurance has no row either."""


@dataclass(frozen=True)
class Milestone:
    """Where a measure should be by a day."""

    on: date
    percent: int


@dataclass(frozen=True, kw_only=True)
class MeasureDraft:
    """One measure as planned. `parts` are what it is made of; `continues` names the measure it amends."""

    text: str
    unit: uuid.UUID
    deadline: date
    deliverable: str
    post: uuid.UUID | None = None
    parts: tuple[MeasureDraft, ...] = ()
    continues: uuid.UUID | None = None
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Numbered:
    """A draft with its place in the tree."""

    number: str
    depth: int
    latest: date
    parent: str
    draft: MeasureDraft


def numbered(
    drafts: Sequence[MeasureDraft], latest: date, parent: str = "", depth: int = 1
) -> Iterator[Numbered]:
    """The tree from the top down, with numbers such as 2.1."""
    for place, draft in enumerate(drafts, start=1):
        number = f"{parent}.{place}" if parent else str(place)
        yield Numbered(number, depth, latest, parent, draft)
        yield from numbered(draft.parts, draft.deadline, number, depth + 1)


def check_plan(
    problem: Problem, goal: str, drafts: Sequence[MeasureDraft], five_assurances: Mapping[str, str]
) -> list[Numbered]:
    """The numbered tree, or one refusal that names everything to be mended."""
    strange = sorted(set(five_assurances) - set(ASSURANCES))
    if strange:
        raise Refused(
            _("五落实里没有“%(names)s”。") % {"names": listed(strange)}, accepted=listed(ASSURANCES)
        )
    rows = list(numbered(drafts, problem.external_deadline))
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={row.draft.unit for row in rows})}
    taking_part = doing_units(problem)
    known = set(continued_in(problem.pk)) if any(row.draft.continues for row in rows) else set()
    continued = Counter(row.draft.continues for row in rows)
    missing = [
        name
        for name in ASSURANCES
        if assurances_required(problem) and not five_assurances.get(name, "").strip()
    ]
    faults = faults_of_plan(
        goal=goal,
        measures=[
            replace(
                _as_rule_sees(row, units.get(row.draft.unit), taking_part),
                continues_known=row.draft.continues is None or row.draft.continues in known,
                continued_once=row.draft.continues is None or continued[row.draft.continues] == 1,
                comes_back=_comes_back(row, rows),
            )
            for row in rows
        ],
        missing_assurances=missing,
        today=current().today,
    )
    faults += _dropped(frame_of(problem), goal, rows)
    if faults:
        raise Refused(
            _("方案还不能报送：%(faults)s。") % {"faults": joined(_said(fault) for fault in faults)},
            accepted=_("请逐条补正后再报。"),
            field="goal" if faults[0].kind in OF_THE_GOAL else "measures",
            faults=[[fault.kind.value, fault.number] for fault in faults],
        )
    _check_posts(rows)
    return rows


def _dropped(frame: Frame, goal: str, rows: Sequence[Numbered]) -> list[Fault]:
    """What the order wrote and the plan left out."""
    texts = [row.draft.text for row in rows]
    faults = [Fault(PlanFault.DROPPED_TASK, line) for line in dropped(frame.tasks, [goal])]
    return faults + [Fault(PlanFault.DROPPED_MEASURE, line) for line in dropped(frame.measures, texts)]


def _as_rule_sees(row: Numbered, unit: Unit | None, taking_part: list[Unit]) -> PlannedMeasure:
    draft = row.draft
    return PlannedMeasure(
        number=row.number,
        has_text=bool(draft.text.strip()),
        has_deliverable=bool(draft.deliverable.strip()),
        deadline=draft.deadline,
        latest=row.latest,
        depth=row.depth,
        unit_takes_part=unit is not None and any(is_under(unit.path, one.path) for one in taking_part),
        unit_is_open=unit is not None and unit.closed_on is None,
        milestones=tuple((one.on, one.percent) for one in draft.milestones),
        is_filled_in=BLANK not in f"{draft.text}{draft.deliverable}",
    )


def _comes_back(row: Numbered, rows: Sequence[Numbered]) -> bool:
    """Whether the unit stands further up with another between: who divides a task further may keep a part itself."""
    by_number = {one.number: one for one in rows}
    above = []
    at = by_number.get(row.parent)
    while at is not None:
        above.append(at.draft.unit)
        at = by_number.get(at.parent)
    others = list(dropwhile(lambda unit: unit == row.draft.unit, above))
    return row.draft.unit in others


def _said(fault: Fault) -> str:
    words = str(FAULT_WORDS[fault.kind])
    if fault.kind is PlanFault.ASSURANCE_MISSING:
        return f"{words}“{ASSURANCES[fault.number]}”"
    if fault.kind in {PlanFault.DROPPED_TASK, PlanFault.DROPPED_MEASURE}:
        return f"{words}“{fault.number}”"
    return (
        _("第 %(number)s 条%(fault)s") % {"number": fault.number, "fault": words} if fault.number else words
    )


def _check_posts(rows: Sequence[Numbered]) -> None:
    wanted = {row.draft.post: row for row in rows if row.draft.post is not None}
    found = Post.objects.select_related("unit").in_bulk(list(wanted))
    for row in rows:
        if row.draft.post is None:
            continue
        post = found.get(row.draft.post)
        if post is None or post.closed_on is not None or post.unit_id != row.draft.unit:
            raise Refused(
                _("第 %(number)s 条的责任岗位不在承担单位，或已撤销。") % {"number": row.number},
                accepted=_("请选择承担单位现有的岗位，或不写岗位。"),
                field="measures",
            )


def write_measures(plan: Plan, rows: Sequence[Numbered]) -> list[Measure]:
    """Turn the numbered tree into rows, parents first."""
    made: dict[str, Measure] = {}
    for row in rows:
        draft = row.draft
        made[row.number] = Measure(
            plan=plan,
            parent=made.get(row.parent),
            continues_id=draft.continues,
            number=row.number,
            text=draft.text.strip(),
            unit_id=draft.unit,
            post_id=draft.post,
            deadline=draft.deadline,
            deliverable=draft.deliverable.strip(),
            milestones=[[one.on.isoformat(), one.percent] for one in draft.milestones],
        )
    created: list[Measure] = Measure.objects.bulk_create(list(made.values()))
    return created
