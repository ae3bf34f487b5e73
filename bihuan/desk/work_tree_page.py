"""The page of the tree of tasks: every level with its unit, day, progress, gaps and light, and what may be done there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines.queries import clocks_of
from bihuan.desk import work_tree
from bihuan.desk.problem_page import crumbs
from bihuan.desk.problem_work import current_plan
from bihuan.ledger.lifecycle_words import State
from bihuan.organizations.authority import in_unit
from bihuan.rectification.models import Measure, Plan, ProgressReport
from bihuan.rectification.plan_versions import place_of
from bihuan.web import components as ui

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem
    from bihuan.organizations.acting import Request

OPEN_AT_ONCE: Final = 40
"""A tree of so many tasks is shown unfolded; of a larger one only the branches that are late."""
CALM: Final = frozenset({"green", "blue", "off"})


def tree_context(request: Request, problem: Problem) -> dict[str, Any]:
    """The whole tree and its sums; the number of queries does not grow with it."""
    plan = current_plan(problem)
    tops = work_tree.tasks_of(problem, plan, clocks_of(problem))
    every = work_tree.flat(tops)
    reports = _last_reports([node.row.pk for node in every])
    returned = _returned(plan)
    unfolded = len(every) <= OPEN_AT_ONCE or request.GET.get("open") == "all"
    return {
        "problem": problem,
        "crumbs": [
            *crumbs(problem)[:-1],
            ui.Link(words=problem.problem_no, url=reverse("desk:problem", args=[problem.pk])),
            ui.Link(words=_("层层交办树"), url=""),
        ],
        "plan": plan,
        "plan_words": _plan_words(plan),
        "figures": _figures(problem, every),
        "tasks": [_drawn(request.actor, problem, top, reports, returned, unfolded=unfolded) for top in tops],
        "unfold_url": "" if unfolded else "?open=all",
        "empty": ui.Empty(title=_("还没有方案"), sentence=_("签收以后由牵头单位报送方案，措施会列在这里。")),
    }


def _plan_words(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.state == Plan.State.DIVIDED:
        return str(plan.get_state_display())
    return _("方案第 %(version)d 版 · %(state)s") % {
        "version": plan.version,
        "state": plan.get_state_display(),
    }


def _figures(problem: Problem, every: Sequence[work_tree.TaskNode]) -> list[tuple[str, str]]:
    late = sum(1 for node in every if node.own.colour not in CALM)
    return [
        (_("总进度"), f"{problem.progress}%"),
        (_("任务"), _("%(count)d 项") % {"count": len(every)}),
        (_("已完成"), _("%(count)d 项") % {"count": sum(1 for node in every if node.is_done)}),
        (_("滞后或逾期"), _("%(count)d 项") % {"count": late}),
        (_("缺佐证"), _("%(count)d 项") % {"count": sum(1 for node in every if node.lacks)}),
    ]


def _last_reports(measures: Sequence[uuid.UUID]) -> dict[uuid.UUID, ProgressReport]:
    rows = ProgressReport.objects.filter(measure__in=measures).order_by("measure_id", "-on", "-id")
    return {row.measure_id: row for row in rows.distinct("measure_id")}


def _returned(plan: Plan | None) -> dict[uuid.UUID | None, list[Measure]]:
    """Tasks that were given back, under what they were part of."""
    found: dict[uuid.UUID | None, list[Measure]] = {}
    rows = Measure.objects.filter(plan=plan, state=Measure.State.RETURNED).select_related("unit")
    for row in sorted(rows, key=lambda one: place_of(one.number)):
        found.setdefault(row.parent_id, []).append(row)
    return found


def _drawn(
    actor: Actor,
    problem: Problem,
    node: work_tree.TaskNode,
    reports: Mapping[uuid.UUID, ProgressReport],
    returned: Mapping[uuid.UUID | None, list[Measure]],
    *,
    unfolded: bool,
    above: Sequence[Measure] = (),
) -> dict[str, Any]:
    """A task and what lies below it, as the template draws it."""
    row = node.row
    parts = [
        _drawn(actor, problem, part, reports, returned, unfolded=unfolded, above=[*above, row])
        for part in node.parts
    ]
    return {
        "node": node,
        "report": reports.get(row.pk),
        "parts": parts,
        "returned": returned.get(row.pk, []),
        "is_open": unfolded or node.light.colour not in CALM,
        "links": _links(actor, problem, node, above),
        "below": work_tree.flat(node.parts),
    }


def _links(
    actor: Actor, problem: Problem, node: work_tree.TaskNode, above: Sequence[Measure]
) -> list[ui.Link]:
    """What this person may do at this task; the forms ask again."""
    row = node.row
    if problem.state != State.RECTIFYING or node.is_done:
        return []
    found = []
    if any(in_unit(actor, one.unit) for one in (row, *above)) or (
        problem.lead_unit is not None and in_unit(actor, problem.lead_unit)
    ):
        address = reverse("rectification:hand_down", args=[problem.pk])
        found.append(ui.Link(words=_("交下去"), url=f"{address}?measure={row.pk}"))
    if row.handed_down_by and row.parent_id and not node.parts and in_unit(actor, row.unit):
        address = reverse("rectification:give_back", args=[problem.pk])
        found.append(ui.Link(words=_("退回上级"), url=f"{address}?measure={row.pk}"))
    return found
