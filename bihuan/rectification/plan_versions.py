"""The versions of a problem's plans, each readable again, and what one changed against another.

Every version is rows of its own, so an old one reads as it stood; tasks handed down while it was in force belong to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.rectification.measures import IN_FORCE
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_changes import Comparison, Content, Line, compared, origins_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.ledger.models import Problem

ON_ITS_WAY = (Plan.State.RETURNED, Plan.State.WITHDRAWN, Plan.State.SUBMITTED)


def place_of(number: str) -> list[int]:
    """A number as it sorts: 2 before 10."""
    return [int(part) if part.isdigit() else 0 for part in number.split(".")]


def versions_of(problem: Problem) -> list[Plan]:
    """Every plan of every round, oldest first, without what merely divided the work."""
    plans = Plan.objects.filter(problem=problem).exclude(state=Plan.State.DIVIDED)
    return list(plans.select_related("approval").order_by("round", "version"))


def basis_of(plan: Plan, versions: Iterable[Plan]) -> Plan | None:
    """What whoever decides compares with: the version it would replace, or the one sent before it in its round."""
    earlier = [one for one in versions if one.round == plan.round and one.version < plan.version]
    replaced = next((one for one in earlier if one.pk == plan.replaces_id), None)
    return replaced or (earlier[-1] if earlier else None)


def last_written(plans: Sequence[Plan]) -> Plan | None:
    """What a new version is written from: the last one, be it in force or sent back, so that nothing is typed again."""
    standing = next((plan for plan in plans if plan.state in IN_FORCE), None)
    newest = next((plan for plan in plans if plan.state in {Plan.State.RETURNED, Plan.State.WITHDRAWN}), None)
    if newest is None or (standing is not None and standing.version > newest.version):
        return standing
    return newest


def contents_of(plans: Sequence[Plan]) -> dict[uuid.UUID, Content]:
    """What each of some plans undertakes, be they of one problem or of many; two queries."""
    rows = list(Measure.objects.filter(plan__in=plans).select_related("unit", "post"))
    origins = origins_of(continued_in(*{plan.problem_id for plan in plans}))
    by_plan: dict[uuid.UUID, list[Measure]] = {}
    for row in sorted(rows, key=lambda one: place_of(one.number)):
        by_plan.setdefault(row.plan_id, []).append(row)
    return {plan.pk: _content(plan, by_plan.get(plan.pk, []), origins) for plan in plans}


def continued_in(*problems: uuid.UUID) -> dict[uuid.UUID, uuid.UUID | None]:
    """Every measure of every version of the problems' plans -> the measure it continues."""
    rows = Measure.objects.filter(plan__problem__in=problems).order_by()
    return dict(rows.values_list("pk", "continues_id"))


def changes_between(before: Plan, after: Plan) -> Comparison:
    """What the later version changed."""
    contents = contents_of([before, after])
    return compared(contents[before.pk], contents[after.pk])


def _content(plan: Plan, rows: Iterable[Measure], origins: Mapping[uuid.UUID, uuid.UUID]) -> Content:
    return Content(
        goal=plan.goal,
        similar_cases=plan.similar_cases,
        assurances=plan.five_assurances,
        lines=[_line(row, origins) for row in rows if row.state != Measure.State.RETURNED],
    )


def _line(row: Measure, origins: Mapping[uuid.UUID, uuid.UUID]) -> Line:
    return Line(
        origin=origins.get(row.pk, row.pk),
        number=row.number,
        text=row.text,
        unit=row.unit.name,
        post=row.post.name if row.post else "",
        deadline=row.deadline,
        deliverable=row.deliverable,
        under=origins.get(row.parent_id, row.parent_id) if row.parent_id else None,
        handed_down=row.handed_down_by is not None,
    )
