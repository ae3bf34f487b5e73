"""Who carries what of the plans in force of many problems; a section's task is its organ's. Two statements, three with sections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from bihuan.deadlines.schedule import by_milestones, scheduled_progress
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.organizations.models import Unit, UnitKind
from bihuan.organizations.remembering import by_id
from bihuan.organizations.tree import ids_on
from bihuan.rectification.measures import IN_FORCE
from bihuan.rectification.models import Measure, Plan
from bihuan.reviews.standing import Place, Task, places_below

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.ledger.models import Problem


@dataclass(frozen=True)
class Tree:
    """The measures of one problem's plan in force that count, in the order of their numbers, and the organ of each unit."""

    measures: Sequence[Measure] = ()
    homes: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)

    @property
    def leaves(self) -> list[Measure]:
        """What nobody works on below."""
        divided = {one.parent_id for one in self.measures}
        return [one for one in self.measures if one.pk not in divided]

    def own_leaves(self, home: uuid.UUID) -> list[Measure]:
        """What an organ itself reports on."""
        return [one for one in self.leaves if self.homes[one.unit_id] == home]

    def handed_on(self, home: uuid.UUID) -> list[Measure]:
        """What an organ carries and handed down whole or in parts: the topmost of each chain."""
        own = {one.pk for one in self.measures if self.homes[one.unit_id] == home}
        leaves = {one.pk for one in self.leaves}
        return [
            one
            for one in self.measures
            if one.pk in own and one.pk not in leaves and one.parent_id not in own
        ]

    def leaves_below(self, home: uuid.UUID, *, leads: bool) -> list[Measure]:
        """What others report on under an organ; under the lead that is everything it does not carry itself."""
        by_key = {one.pk: one for one in self.measures}

        def is_below(leaf: Measure) -> bool:
            one = leaf
            while one.parent_id is not None:
                one = by_key[one.parent_id]
                if self.homes[one.unit_id] == home:
                    return True
            return leads

        return [one for one in self.leaves if self.homes[one.unit_id] != home and is_below(one)]

    def places_below(self, lead: uuid.UUID) -> list[Place]:
        """Who below the lead is asked. A unit that was closed is not, and what is done is not asked about."""
        closed = {self.homes[one.unit_id] for one in self.measures if one.unit.closed_on is not None}
        tasks = [
            Task(
                one.pk,
                one.parent_id,
                self.homes[one.unit_id],
                one.state == Measure.State.OPEN and self.homes[one.unit_id] not in closed,
            )
            for one in self.measures
        ]
        return [
            replace(place, under=tuple(one for one in place.under if one not in closed))
            for place in places_below(lead, tasks)
            if place.unit not in closed
        ]


def trees_of(problems: Sequence[Problem], more: Iterable[Unit]) -> tuple[dict[Any, Tree], dict[Any, Any]]:
    """The tree of each problem that has one, and the organs of its units and of `more`."""
    plans = Plan.objects.filter(
        problem__in=problems, round=F("problem__round"), state__in=IN_FORCE
    ).values_list("pk", "problem")
    owner = dict(plans)
    standing = Measure.objects.filter(plan__in=owner).exclude(state=Measure.State.RETURNED)
    found: dict[Any, list[Measure]] = defaultdict(list)
    rows = list(standing.select_related("unit", "plan"))
    for row in sorted(rows, key=_by_number):
        found[owner[row.plan_id]].append(row)
    homes = homes_of([*(row.unit for row in rows), *more])
    return {problem: Tree(measures, homes) for problem, measures in found.items()}, homes


def scheduled_of(measure: Measure, problem: Problem) -> int | None:
    """How far a leaf should be today, by its milestones or evenly; nothing where it is done or time does not count."""
    if measure.state == Measure.State.DONE or problem.state != State.RECTIFYING:
        return None
    if measure.milestones:
        points = [(date.fromisoformat(on), percent) for on, percent in measure.milestones]
        return by_milestones(points, measure.deadline, today())
    approved = measure.plan.approved_at
    begun = measure.begun_on or (timezone.localdate(approved) if approved else None)
    start = begun or problem.assigned_on or problem.registered_on
    return scheduled_progress(min(start, measure.deadline), measure.deadline, today())


def _by_number(measure: Measure) -> list[int]:
    return [int(part) for part in measure.number.split(".") if part.isdigit()]


def homes_of(units: Iterable[Unit]) -> dict[Any, Any]:
    """Unit -> the organ it belongs to, as `home_of` finds it; one statement for all sections."""
    every = {unit.pk: unit for unit in units}
    sections = [unit for unit in every.values() if unit.kind == UnitKind.SECTION]
    ways = {unit.pk: ids_on(unit.path)[::-1] for unit in sections}
    above = by_id(Unit, {pk for way in ways.values() for pk in way}) if ways else {}
    found = {pk: pk for pk in every}
    for pk, way in ways.items():
        found[pk] = next((one for one in way if one in above and above[one].kind != UnitKind.SECTION), pk)
    return found
