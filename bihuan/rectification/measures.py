"""The plan in force and its measures, as the actions need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotAllowed, Refused
from bihuan.organizations.authority import in_unit
from bihuan.organizations.remembering import remembered
from bihuan.rectification.models import Evidence, Measure, Plan
from bihuan.rectification.rules import WHOLE, rolled_up

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.db.models import QuerySet

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


def implemented(measure: Measure, *people: uuid.UUID | None) -> None:
    """Write down who had a hand in a measure; a stand-in's principal too."""
    names: list[str] = list(measure.implemented_by)
    for person in people:
        if person is not None and str(person) not in names:
            names.append(str(person))
    measure.implemented_by = names


def chain_of(measure: Measure, by_id: dict[uuid.UUID, Measure]) -> list[Measure]:
    """The measure, what it stands under, and so on to the top."""
    found = [measure]
    while found[-1].parent_id is not None:
        found.append(by_id[found[-1].parent_id])
    return found


def require_own_measure(measure: Measure, problem: Problem, actor: Actor) -> None:
    """The measure is of the plan in force, and the actor sits in its unit or in one that handed it down."""
    standing = plan_in_force(problem)
    if measure.state == Measure.State.RETURNED:
        raise Refused(
            _("这项任务已经退回上级。"), accepted=_("由交办它的上级办理或改交别的单位。"), field="measure"
        )
    if standing is None or measure.plan_id != standing.pk:
        raise Refused(_("这条措施不在现行方案里。"), accepted=_("请打开现行方案办理。"))
    chain = chain_of(measure, {one.pk: one for one in measures_of(standing)})
    if not actor.system and not any(in_unit(actor, one.unit) for one in chain) and not _leads(actor, problem):
        raise NotAllowed(
            _("这条措施不由您所在的单位承担。"),
            accepted=_("由%(unit)s办理。") % {"unit": measure.unit.name},
        )


def _leads(actor: Actor, problem: Problem) -> bool:
    return problem.lead_unit is not None and in_unit(actor, problem.lead_unit)
