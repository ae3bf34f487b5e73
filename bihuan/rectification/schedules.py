"""What the plans in force say about how far the work should be by when; the clocks ask."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from bihuan.journal.ahead import rows_of
from bihuan.ledger.schedules import PlannedPart
from bihuan.rectification.models import Extension, Measure, Plan
from bihuan.rectification.plan_versions import place_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping

    from bihuan.ledger.models import Problem


def schedules_of_plans(problems: Collection[Problem]) -> Mapping[uuid.UUID, tuple[PlannedPart, ...]]:
    """Problem -> the top measures of its approved plan; in two queries, in three where days were put off.

    A division nobody approved is no schedule. Neither is a plan made for an earlier day than an extension has granted
    since: until it is amended, the work is expected evenly up to the new day.
    """
    rounds = {problem.pk: problem.round for problem in problems}
    plans = {
        plan.pk: plan
        for plan in rows_of(Plan, "problem_id", rounds)
        if plan.state == Plan.State.APPROVED and plan.round == rounds[plan.problem_id]
    }
    if not plans:
        return {}
    for plan in _put_off_since(problems, plans.values()):
        del plans[plan]
    found: dict[uuid.UUID, list[Measure]] = defaultdict(list)
    top = Measure.objects.filter(plan__in=plans, parent=None).exclude(state=Measure.State.RETURNED)
    for measure in top:
        found[measure.plan_id].append(measure)
    return {
        plans[plan].problem_id: tuple(
            _part(plans[plan], measure) for measure in sorted(measures, key=lambda one: place_of(one.number))
        )
        for plan, measures in found.items()
    }


def _part(plan: Plan, measure: Measure) -> PlannedPart:
    approved = timezone.localtime(plan.approved_at).date() if plan.approved_at else measure.deadline
    return PlannedPart(
        number=measure.number,
        start=min(measure.begun_on or approved, measure.deadline),
        due=measure.deadline,
        milestones=tuple((date.fromisoformat(on), percent) for on, percent in measure.milestones),
    )


def _put_off_since(problems: Collection[Problem], plans: Collection[Plan]) -> list[uuid.UUID]:
    extended = [problem.pk for problem in problems if problem.extensions]
    if not extended:
        return []
    rows = Extension.objects.filter(problem__in=extended, state=Extension.State.GRANTED)
    granted = list(rows.values_list("problem_id", "round", "approval__decided_at"))
    return [
        plan.pk
        for plan in plans
        for problem, number, at in granted
        if (problem, number) == (plan.problem_id, plan.round)
        and at is not None
        and (plan.approved_at is None or at > plan.approved_at)
    ]
