"""The work on a problem: measures handed down, evidence, decisions on their way."""

from __future__ import annotations

from typing import Final, Literal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.models import ApprovalState, StepState
from bihuan.approvals.queries import Route
from bihuan.desk.marks import time_left
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.organizations.models import UnitLevel
from bihuan.organizations.remembering import tell
from bihuan.rectification.evidence_needs import gaps, lacks
from bihuan.rectification.measures import has_evidence, measures_of, plans_of_round
from bihuan.rectification.models import Evidence, Measure, Plan
from bihuan.web import components as ui
from bihuan.web import sections

TIERS = {
    UnitLevel.PROVINCE: gettext_lazy("省"),
    UnitLevel.CITY: gettext_lazy("市"),
    UnitLevel.COUNTY: gettext_lazy("县"),
    UnitLevel.TOWNSHIP: gettext_lazy("镇"),
    UnitLevel.VILLAGE: gettext_lazy("村"),
}
PREVIEW = "page"
STILL_PROVED: Final = frozenset({State.RECTIFYING, State.SUSPENDED})
STATUS: Final[dict[StepState, Literal["todo", "now", "done", "returned"]]] = {
    StepState.WAITING: "todo",
    StepState.PENDING: "now",
    StepState.TO_CONFIRM: "now",
    StepState.DONE: "done",
    StepState.RETURNED: "returned",
}


def current_plan(problem: Problem) -> Plan | None:
    """The plan of this round that holds, else the newest one on its way."""
    return next((plan for plan in plans_of_round(problem) if plan.state != Plan.State.REPLACED), None)


def measures(problem: Problem) -> sections.Measures:
    """The tree of the plan in force, each branch as deep as it was handed down."""
    plan = current_plan(problem)
    rows = sorted(
        measures_of(plan),
        key=lambda row: [int(part) if part.isdigit() else 0 for part in row.number.split(".")],
    )
    lacking = {gap.number: lacks(gap) for gap in gaps(problem)} if problem.state in STILL_PROVED else {}
    note = _("%(count)d 项 · 方案第 %(version)d 版 · %(state)s") % {
        "count": len(rows),
        "version": plan.version if plan else 0,
        "state": Plan.State(plan.state).label if plan else "",
    }
    return sections.Measures(
        rows=[_measure(row, lacking.get(row.number, "")) for row in rows],
        note=note if plan else "",
        link=_versions_of(plan),
        empty=ui.Empty(title=_("还没有方案"), sentence=_("签收以后由牵头单位报送方案，措施会列在这里。")),
    )


def _versions_of(plan: Plan | None) -> ui.Link | None:
    """Where the plan and its earlier versions are read; work that was merely divided has none."""
    if plan is None or plan.state == Plan.State.DIVIDED:
        return None
    return ui.Link(words=_("方案与各版本"), url=reverse("rectification:plan", args=[plan.pk]))


def _measure(row: Measure, lacks: str) -> sections.Measure:
    return sections.Measure(
        no=row.number,
        title=row.text,
        unit=row.unit.name,
        depth=min(row.number.count(".") + 1, 3),
        tier=str(TIERS.get(UnitLevel(row.unit.level), "")),
        tier_name=UnitLevel(row.unit.level).label,
        person=row.post.name if row.post else "",
        deliverable=row.deliverable,
        lacks=lacks,
        due=ui.Due(current=row.deadline, late=row.deadline < today() and row.state == Measure.State.OPEN),
        progress=ui.Percent(value=row.progress),
        light=_measure_light(row),
    )


def _measure_light(row: Measure) -> ui.Light:
    """Done is green, overdue is red; in between only the days are said, for a measure has no clock of its own yet."""
    if row.state == Measure.State.DONE:
        return ui.Light(colour="green")
    late = row.deadline < today()
    return ui.Light(colour="red" if late else "green", because=time_left(row.deadline, today()))


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
