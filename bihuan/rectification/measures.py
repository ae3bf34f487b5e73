"""The plan in force and its measures, as the actions need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.rules import WHOLE, rolled_up

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem


def plan_in_force(problem: Problem) -> Plan | None:
    """The approved plan of this round, or None (short path, or taken over from another ledger)."""
    found: Plan | None = (
        Plan.objects.filter(problem=problem, round=problem.round, state=Plan.State.APPROVED)
        .order_by("-version")
        .first()
    )
    return found


def measures_of(plan: Plan | None) -> list[Measure]:
    """All measures of a plan with their units; what was handed down included."""
    if plan is None:
        return []
    return list(Measure.objects.filter(plan=plan).select_related("unit", "post"))


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
