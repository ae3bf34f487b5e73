"""Plans of similar closed problems as a start for a new one: their structure, and nothing of their facts.

Only what the reader may see is offered, nothing from a channel or under work secrecy, what held at its look-back first.
Taken are the measures with blanks where names, places, days and numbers stood, the kinds of deliverable and how long
each took; a plan that still holds a blank is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.timesource import today
from bihuan.ledger.duplicates import Sought, alike_to_learn_from
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Involvement, Problem, Readership
from bihuan.ledger.sight import can_see
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.plan_versions import place_of
from bihuan.text.blanks import Blanker, Part, parts_of
from bihuan.text.places import places_in

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from bihuan.journal.action import Actor

OFFERED: Final = 5
"""As many as one reads side by side; the length of a list and no rule about cases, so no policy."""
_suppliers: list[Callable[[Sequence[Problem]], set[uuid.UUID]]] = []


def register_held(supplier: Callable[[Sequence[Problem]], set[uuid.UUID]]) -> None:
    """The room of look-backs says which closed problems held; called from its AppConfig.ready."""
    _suppliers[:] = [supplier]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One measure of an exemplar, without its facts. `days` counts from the plan's approval to its deadline."""

    number: str
    text: str
    deliverable: str
    days: int
    by_lead: bool

    @property
    def depth(self) -> int:
        """How deep it stands in the tree."""
        return self.number.count(".") + 1

    @property
    def parts(self) -> list[Part]:
        """The text with its blanks apart."""
        return list(parts_of(self.text))


@dataclass(frozen=True, kw_only=True)
class Exemplar:
    """A closed problem whose plan may be learnt from."""

    problem: Problem
    plan: Plan
    percent: int
    held: bool
    outlines: Sequence[Outline] = field(default=())


def exemplars_for(problem: Problem, actor: Actor) -> list[Exemplar]:
    """Plans of similar closed problems, those that held first, then the likest."""
    sought = Sought(
        title=problem.title,
        text=problem.text,
        place=problem.jurisdiction_id,
        but=frozenset({problem.pk}),
        states=frozenset({State.CLOSED.value}),
    )
    near = [
        (one, share)
        for one, share in alike_to_learn_from(sought, sector=problem.sector_id, actor=actor)
        if _is_open(one)
    ]
    plans = _plans_of([one for one, _share in near])
    held = (
        {pk for supplier in _suppliers for pk in supplier([one for one, _share in near])} if near else set()
    )
    chosen = sorted(
        ((one, share) for one, share in near if one.pk in plans),
        key=lambda row: (row[0].pk not in held, -row[1]),
    )[:OFFERED]
    outlines = outlines_of([plans[one.pk] for one, _share in chosen])
    return [
        Exemplar(
            problem=one,
            plan=plans[one.pk],
            percent=share,
            held=one.pk in held,
            outlines=outlines[plans[one.pk].pk],
        )
        for one, share in chosen
        if outlines[plans[one.pk].pk]
    ]


def _is_open(problem: Problem) -> bool:
    return problem.channel_id is None and problem.readership == Readership.INTERNAL


def _plans_of(problems: Iterable[Problem]) -> dict[uuid.UUID, Plan]:
    """The last approved plan of each."""
    plans = Plan.objects.filter(problem__in=list(problems), state=Plan.State.APPROVED)
    found = plans.select_related("problem__lead_unit").order_by("problem_id", "round", "version")
    return {plan.problem_id: plan for plan in found}


def outlines_of(plans: Sequence[Plan]) -> dict[uuid.UUID, list[Outline]]:
    """The structure of each plan as it was planned; what was handed down later is left out with its names."""
    found: dict[uuid.UUID, list[Outline]] = {plan.pk: [] for plan in plans}
    rows = Measure.objects.filter(plan__in=plans, handed_down_by=None).select_related("unit")
    blankers = {plan.pk: Blanker(names) for plan, names in _names_in(plans)}
    by_id = {plan.pk: plan for plan in plans}
    for row in sorted(rows, key=lambda one: place_of(one.number)):
        plan = by_id[row.plan_id]
        found[plan.pk].append(
            Outline(
                number=row.number,
                text=blankers[plan.pk].blanked(row.text),
                deliverable=blankers[plan.pk].blanked(row.deliverable),
                days=max(0, (row.deadline - _begun(plan)).days),
                by_lead=row.unit_id == plan.problem.lead_unit_id,
            )
        )
    return found


def _begun(plan: Plan) -> date:
    if plan.approved_at is not None:
        return timezone.localtime(plan.approved_at).date()
    return plan.problem.assigned_on or plan.problem.registered_on


def _names_in(plans: Sequence[Plan]) -> Iterable[tuple[Plan, set[str]]]:
    """What the case itself calls by name: its units, its site and party, the places in its words."""
    units: dict[uuid.UUID, set[str]] = {}
    involved = Involvement.objects.filter(problem__in=[plan.problem_id for plan in plans], unit__isnull=False)
    for problem, name, short in involved.values_list("problem_id", "unit__name", "unit__short_name"):
        units.setdefault(problem, set()).update({name, short})
    for plan in plans:
        problem = plan.problem
        words = {problem.site, problem.concerned_party, *places_in(f"{problem.title}。{problem.text}")}
        yield plan, {name for name in words | units.get(problem.pk, set()) if name}


def require_exemplar(actor: Actor, problem: Problem, plan: Plan) -> None:
    """Refuse a source nobody would have been offered; to whoever may not see it, it does not exist."""
    source = plan.problem
    if not can_see(actor, source) or not _is_open(source):
        raise NotVisible(_("没有找到这份方案。"))
    if source.pk == problem.pk or source.state != State.CLOSED or plan.state != Plan.State.APPROVED:
        raise Refused(
            _("只能参考已销号问题的经批准的方案。"),
            accepted=_("请从“参考同类已销号问题的方案”里选。"),
            field="taken_from",
        )


def as_rows(plan: Plan, problem: Problem) -> list[dict[str, Any]]:
    """The structure as rows of the plan's form: days counted from today, never later than what a row stands under."""
    (outlines,) = outlines_of([plan]).values()
    latest = {"": problem.internal_deadline or problem.external_deadline}
    rows = []
    for one in outlines:
        above = latest.get(one.number.rpartition(".")[0], latest[""])
        deadline = min(today() + timedelta(days=one.days), above)
        latest[one.number] = deadline
        rows.append(
            {
                "depth": str(one.depth),
                "text": one.text,
                "unit": str(problem.lead_unit_id) if one.by_lead and problem.lead_unit_id else "",
                "deadline": deadline,
                "deliverable": one.deliverable,
            }
        )
    return rows
