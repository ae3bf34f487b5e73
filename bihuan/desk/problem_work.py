"""The work on a problem: measures handed down, evidence, decisions on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.models import ApprovalState, StepState
from bihuan.approvals.queries import Route
from bihuan.desk import work_tree
from bihuan.journal.wording import listed
from bihuan.ledger.models import Problem
from bihuan.organizations.remembering import tell
from bihuan.rectification.first_promises import Promises, promises
from bihuan.rectification.measures import has_evidence, plan_in_force, plans_of_round
from bihuan.rectification.models import Evidence, Plan
from bihuan.web import components as ui
from bihuan.web import sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.deadlines.models import Clock

PREVIEW = "page"
STATUS: Final[dict[StepState, Literal["todo", "now", "done", "returned"]]] = {
    StepState.WAITING: "todo",
    StepState.PENDING: "now",
    StepState.TO_CONFIRM: "now",
    StepState.DONE: "done",
    StepState.RETURNED: "returned",
}


def current_plan(problem: Problem) -> Plan | None:
    """The plan of this round that holds, else the newest one on its way."""
    return plan_in_force(problem) or next(iter(plans_of_round(problem)), None)


def measures(problem: Problem, clocks: Sequence[Clock]) -> sections.Measures:
    """The tree of the plan in force, each branch as deep as it was handed down."""
    plan = current_plan(problem)
    tasks = work_tree.flat(work_tree.tasks_of(problem, plan, clocks))
    note = _("%(count)d 项 · 方案第 %(version)d 版 · %(state)s") % {
        "count": len(tasks),
        "version": plan.version if plan else 0,
        "state": Plan.State(plan.state).label if plan else "",
    }
    return sections.Measures(
        rows=[_measure(task) for task in tasks],
        note=note if plan else "",
        links=[*_versions_of(plan), *_tree_of(problem, tasks)],
        empty=ui.Empty(title=_("还没有方案"), sentence=_("签收以后由牵头单位报送方案，措施会列在这里。")),
    )


def _versions_of(plan: Plan | None) -> list[ui.Link]:
    """Where the plan and its earlier versions are read; work that was merely divided has none."""
    if plan is None or plan.state == Plan.State.DIVIDED:
        return []
    return [ui.Link(words=_("方案与各版本"), url=reverse("rectification:plan", args=[plan.pk]))]


def first_and_now(problem: Problem) -> Promises | None:
    """What was first approved beside what holds now; asked only where a plan of this round was replaced."""
    if not any(plan.state == Plan.State.REPLACED for plan in plans_of_round(problem)):
        return None
    found = promises(problem)
    return found if found.changed else None


def _tree_of(problem: Problem, tasks: Sequence[work_tree.TaskNode]) -> list[ui.Link]:
    if not tasks:
        return []
    return [ui.Link(words=_("层层交办树"), url=reverse("desk:work_tree", args=[problem.pk]))]


def _measure(task: work_tree.TaskNode) -> sections.Measure:
    row = task.row
    return sections.Measure(
        no=row.number,
        title=row.text,
        unit=row.unit.name,
        depth=min(row.number.count(".") + 1, 3),
        tier=task.tier,
        tier_name=task.tier_name,
        person=row.post.name if row.post else "",
        deliverable=row.deliverable,
        lacks=task.lacks,
        due=task.due,
        progress=task.progress,
        light=ui.Light(colour=task.light.colour, because=task.because),
    )


def evidence(problem: Problem) -> sections.Evidence:
    """Photographs of before and after side by side, the rest as a grid; each file opens through its guard."""
    cited = ArrayAgg("uses__measure__number", filter=Q(uses__isnull=False), order_by="uses__id", default=[])
    rows = list(
        Evidence.objects.filter(problem=problem)
        .select_related("file__blob")
        .annotate(cited=cited)
        .order_by("id")
    )
    tell(has_evidence, any(row.round == problem.round for row in rows), problem)
    files = {row.pk: _file(row) for row in rows}
    before = [row for row in rows if row.kind == Evidence.Kind.BEFORE]
    after = [row for row in rows if row.kind == Evidence.Kind.AFTER]
    pairs = [
        sections.EvidencePair(before=files[one.pk], after=files[other.pk])
        for one, other in zip(before, after, strict=False)
    ]
    paired = {row.pk for row in [*before[: len(pairs)], *after[: len(pairs)]]}
    return sections.Evidence(
        files=[files[row.pk] for row in rows if row.pk not in paired],
        pairs=pairs,
        note=_("%(count)d 件") % {"count": len(rows)} if rows else "",
        empty=ui.Empty(title=_("还没有佐证"), sentence=_("报告进展时上传，一份材料可以被多项措施引用。")),
    )


def _file(row: Evidence) -> sections.EvidenceFile:
    blob = row.file.blob
    picture = blob.media_type.startswith("image/") or blob.media_type == "application/pdf"
    return sections.EvidenceFile(
        name=row.file.name,
        url=reverse("files:download", args=[row.file.pk]),
        kind=row.file.name.rpartition(".")[2].upper()[:6],
        preview_url=reverse("files:preview", args=[row.file.pk, PREVIEW]) if picture and blob.kept else "",
        alt=row.caption,
        heading=Evidence.Kind(row.kind).label,
        taken_at=row.taken_on,
        by=row.caption,
        versions=ui.Link(
            words=_("第 %(n)d 版") % {"n": row.version}, url=reverse("rectification:evidence", args=[row.pk])
        )
        if row.version > 1
        else None,
        size=_size(blob.size),
        digest=f"{blob.sha256[:4]}…{blob.sha256[-4:]}",
        cited_by=listed(getattr(row, "cited", ())),
    )


def _size(count: int) -> str:
    return f"{count / 1024:,.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} MB"


def routes(decisions: list[Route]) -> list[sections.Route]:
    """Decisions about the problem, the pending first."""
    found = sorted(decisions, key=lambda one: one.approval.state != ApprovalState.PENDING)
    return [
        sections.Route(
            title=route.approval.title,
            note=ApprovalState(route.approval.state).label,
            steps=[
                sections.RouteStep(
                    name=step.name,
                    status=STATUS[StepState(step.state)],
                    decision=step.opinion[:40],
                    who=f"{step.decided_by_name} {step.post.name}".strip(),
                    when=step.decided_at or step.pending_since,
                    note=_("纸面签批，另一人复核") if step.manner == "paper" else "",
                )
                for step in route.steps
            ],
        )
        for route in found[:4]
    ]
