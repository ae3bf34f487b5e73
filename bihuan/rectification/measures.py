"""The plan in force and its measures, as the actions need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef

from bihuan.organizations.remembering import remembered
from bihuan.rectification.models import Evidence, Measure, Plan
from bihuan.rectification.rules import WHOLE, rolled_up

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem


IN_FORCE: Final = (Plan.State.APPROVED, Plan.State.DIVIDED)


@remembered
def plans_of_round(problem: Problem) -> list[Plan]:
    """The plans of this round in every state, the newest first."""
    return list(Plan.objects.filter(problem=problem, round=problem.round).order_by("-version"))


def plan_in_force(problem: Problem) -> Plan | None:
    """The approved plan of this round or what divides its work, or None (short path, or taken over from elsewhere)."""
    return next((plan for plan in plans_of_round(problem) if plan.state in IN_FORCE), None)


@remembered
def measures_of(plan: Plan | None) -> list[Measure]:
    """All measures of a plan that count, with their units; what was handed down included, what was given back not."""
    if plan is None:
        return []
    rows = Measure.objects.filter(plan=plan).exclude(state=Measure.State.RETURNED)
    return list(rows.select_related("unit", "post"))


def leaves_in(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Those that nobody works on below: a task that was given back is work of its giver again."""
    parts = Measure.objects.filter(parent=OuterRef("pk")).exclude(state=Measure.State.RETURNED)
    return measures.filter(~Exists(parts.order_by()))


@remembered
def has_evidence(problem: Problem) -> bool:
    """Whether anything has been proved in this round."""
    return bool(Evidence.objects.filter(problem=problem, round=problem.round).exists())


def roll_up(problem: Problem, measures: Sequence[Measure]) -> None:
    """Bring the progress of every measure and of the problem to what the leaves say. The caller saves the problem."""
    found = rolled_up(
        {measure.pk: measure.parent_id for measure in measures},
        {measure.pk: measure.progress for measure in measures},
    )
    changed = []
    for measure in measures:
        state = Measure.State.DONE if found[measure.pk] == WHOLE else Measure.State.OPEN
        if (measure.progress, measure.state) != (found[measure.pk], state):
            measure.progress, measure.state = found[measure.pk], state
            changed.append(measure)
    Measure.objects.save_all(changed)
    problem.progress = found[None]


def implemented(measure: Measure, actor: Actor) -> None:
    """Write down who had a hand in a measure; a stand-in's principal too."""
    names: list[str] = list(measure.implemented_by)
    for person in (actor.person, actor.on_behalf_of):
        if person is not None and str(person) not in names:
            names.append(str(person))
    measure.implemented_by = names


def chain_of(measure: Measure, by_id: dict[uuid.UUID, Measure]) -> list[Measure]:
    """The measure, what it stands under, and so on to the top."""
    found = [measure]
    while found[-1].parent_id is not None:
        found.append(by_id[found[-1].parent_id])
    return found
