"""The tasks of a problem as a tree: what was handed down to whom, how far it is, and which task colours which.

Measures are known to the room of the work, lights to the room of the clocks; here both are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.models import ClockKind
from bihuan.deadlines.tasks import LATE_FROM, Task, TaskLight, lights_of_tasks
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.organizations.models import UnitLevel
from bihuan.rectification.evidence_needs import gaps, lacks
from bihuan.rectification.first_promises import first_days_of
from bihuan.rectification.measures import measures_of
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_versions import place_of
from bihuan.web import components as ui

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from bihuan.deadlines.models import Clock
    from bihuan.ledger.models import Problem

TIERS: Final = {
    UnitLevel.PROVINCE: gettext_lazy("省"),
    UnitLevel.CITY: gettext_lazy("市"),
    UnitLevel.COUNTY: gettext_lazy("县"),
    UnitLevel.TOWNSHIP: gettext_lazy("镇"),
    UnitLevel.VILLAGE: gettext_lazy("村"),
}
STILL_PROVED: Final = frozenset({State.RECTIFYING, State.SUSPENDED})


@dataclass
class TaskNode:
    """One task with what lies below it. `light` is the branch's, `because` says whose lateness it is."""

    row: Measure
    light: ui.Light
    own: ui.Light
    because: str
    due: ui.Due
    progress: ui.Percent
    lacks: str = ""
    parts: list[TaskNode] = field(default_factory=list)
    returned: list[Measure] = field(default_factory=list)

    @property
    def tier(self) -> str:
        """市, 县, 镇."""
        return str(TIERS.get(UnitLevel(self.row.unit.level), ""))

    @property
    def tier_name(self) -> str:
        """The level in full."""
        return str(UnitLevel(self.row.unit.level).label)

    @property
    def is_done(self) -> bool:
        """Whether all of it is done."""
        return bool(self.row.state == Measure.State.DONE)


def tasks_of(problem: Problem, plan: Plan | None, clocks: Sequence[Clock]) -> list[TaskNode]:
    """The top tasks of a plan, each with all that was handed down below it."""
    rows = sorted(measures_of(plan), key=lambda row: place_of(row.number))
    if plan is None or not rows:
        return []
    facts = _facts_for_rule(problem, plan, rows, clocks)
    lights = lights_of_tasks(problem, facts, clocks)
    lacking = {gap.number: lacks(gap) for gap in gaps(problem)} if problem.state in STILL_PROVED else {}
    first = {task.key: task.first_due for task in facts}
    names = {row.pk: f"{row.number} {row.unit.name}" for row in rows}
    nodes = {
        row.pk: _node(row, lights[row.pk], first[row.pk], names, lacking.get(row.number, "")) for row in rows
    }
    tops: list[TaskNode] = []
    for row in rows:
        above = nodes.get(row.parent_id) if row.parent_id else None
        (above.parts if above else tops).append(nodes[row.pk])
    return tops


def _facts_for_rule(
    problem: Problem, plan: Plan, rows: Sequence[Measure], clocks: Sequence[Clock]
) -> list[Task[uuid.UUID]]:
    first = first_days_of(problem, rows)
    approved = timezone.localtime(plan.approved_at).date() if plan.approved_at else None
    start = approved or problem.assigned_on or problem.registered_on
    stopped = _stopped_on(problem, clocks)
    return [
        Task(
            key=row.pk,
            parent=row.parent_id,
            start=row.begun_on or start,
            due=row.deadline,
            first_due=first[row.pk],
            progress=row.progress,
            done=row.state == Measure.State.DONE,
            suspended_on=stopped,
            milestones=tuple((date.fromisoformat(on), percent) for on, percent in row.milestones),
        )
        for row in rows
    ]


def _stopped_on(problem: Problem, clocks: Sequence[Clock]) -> date | None:
    if problem.state != State.SUSPENDED:
        return None
    days = [clock.suspended_on for clock in clocks if clock.kind == ClockKind.RECTIFICATION]
    return next((day for day in reversed(days) if day is not None), today())


def _node(
    row: Measure,
    light: TaskLight[uuid.UUID],
    first: date,
    names: Mapping[uuid.UUID, str],
    lacking: str,
) -> TaskNode:
    own = ui.Light(colour=light.own.value, words=light.words, because=light.because)
    branch, because = own, light.because
    if light.branch.source != row.pk and light.branch.light.severity >= LATE_FROM.severity:
        because = _("灯色来自下级第 %(task)s") % {"task": names[light.branch.source]}
        branch = ui.Light(colour=light.branch.light.value, words=light.words, because=because)
    return TaskNode(
        row=row,
        light=branch,
        own=own,
        because=because,
        due=ui.Due(
            current=row.deadline,
            first=first,
            late=row.deadline < today() and row.state == Measure.State.OPEN,
        ),
        progress=ui.Percent(
            value=row.progress, scheduled=None if row.state == Measure.State.DONE else light.scheduled
        ),
        lacks=lacking,
    )


def flat(tops: Sequence[TaskNode]) -> list[TaskNode]:
    """The tree from the top down, a branch at a time."""
    return list(_walk(tops))


def _walk(nodes: Sequence[TaskNode]) -> Iterator[TaskNode]:
    for node in nodes:
        yield node
        yield from _walk(node.parts)
