"""What a closed unit still answers for: the sheet by which it goes to the successor, and who may send it there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.lifecycle_words import Who
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.pages.marks import due_of
from bihuan.ledger.sight import require_sight, visible
from bihuan.organizations.authority import is_coordinator, is_reviewer
from bihuan.rectification.focus import works_above
from bihuan.rectification.models import DutyMove, Measure, Plan
from bihuan.rectification.moving_rules import MOVED
from bihuan.rectification.policy import not_yours, problems_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from bihuan.journal.action import Actor
    from bihuan.journal.records import Record
    from bihuan.organizations.models import Unit

LIVE_PLANS: Final = (Plan.State.APPROVED, Plan.State.DIVIDED, Plan.State.SUBMITTED, Plan.State.DRAFT)
"""Plans whose tasks somebody will have to do: in force, or on their way to be."""
ROLES: Final = (*MOVED, InvolvementRole.ACCEPTOR)


def may_move(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The office of the problems' place, or of one above it. Administrators see no problems, so they move none."""
    problems = problems_of(subjects)
    require_sight(actor, problems)
    # Many problems are of one place.
    for problem in {problem.jurisdiction_id: problem for problem in problems}.values():
        if not actor.system and not _keeps(actor, problem):
            raise not_yours(Who.OFFICE, problem)


def _keeps(actor: Actor, problem: Problem) -> bool:
    place = problem.jurisdiction
    return is_coordinator(actor, place) or is_reviewer(actor, place) or works_above(actor, problem)


def left_by(unit: Unit) -> QuerySet[Problem]:
    """Open problems in which the unit still has a part: answers, helps, was handed something down, governs the place."""
    rows = Involvement.objects.filter(problem=OuterRef("pk"), unit=unit, role__in=ROLES, until=None)
    tasks = open_tasks(unit).filter(plan__problem=OuterRef("pk"))
    named = Q(lead_unit=unit) | Q(sector_authority=unit) | Q(territorial_unit=unit)
    found: QuerySet[Problem] = Problem.objects.filter(
        named | Exists(rows.order_by()) | Exists(tasks.order_by()), state__in=OPEN
    )
    return found.select_related("source", "sector", "jurisdiction", "lead_unit").order_by("problem_no")


def left_behind() -> Q:
    """Of a unit: it is closed, and an open problem still leads to it or has it in a role; what the sheet would show."""
    leads = Problem.objects.filter(lead_unit=OuterRef("pk"), state__in=OPEN)
    rows = Involvement.objects.filter(
        unit=OuterRef("pk"), role__in=ROLES, until=None, problem__state__in=OPEN
    )
    return Q(Exists(leads.order_by()) | Exists(rows.order_by()), closed_on__isnull=False)


def open_tasks(unit: Unit) -> QuerySet[Measure]:
    """The tasks that wait for the unit; what it has done stays under its name."""
    found: QuerySet[Measure] = Measure.objects.filter(
        unit=unit, state=Measure.State.OPEN, plan__state__in=LIVE_PLANS
    )
    return found


@dataclass(frozen=True, kw_only=True)
class Left:
    """One row of the sheet: the problem, in which roles the unit stands, how many of its tasks are open."""

    problem: Problem
    roles: tuple[str, ...]
    tasks: int

    @property
    def due(self) -> dict[str, Any]:
        """The deadline with its first date and extensions, as a page draws it."""
        drawn = due_of(self.problem)
        if drawn.pop("piece") == "missing":
            return {"current": None, "missing": drawn["words"]}
        return drawn


def sheet_of(actor: Actor, unit: Unit, most: int) -> list[Left]:
    """What the unit left, as far as the actor sees it. Three statements."""
    problems = _kept(actor, list(visible(actor, left_by(unit))[:most]))
    roles: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = Involvement.objects.filter(problem__in=problems, unit=unit, role__in=ROLES, until=None)
    for row in rows.order_by("id"):
        roles[row.problem_id].append(str(row.get_role_display()))
    tasks = Counter(
        open_tasks(unit).filter(plan__problem__in=problems).values_list("plan__problem", flat=True)
    )
    return [
        Left(
            problem=problem,
            roles=tuple(roles[problem.pk]) or _named(problem, unit),
            tasks=tasks[problem.pk],
        )
        for problem in problems
    ]


def _kept(actor: Actor, problems: list[Problem]) -> list[Problem]:
    """Those of places whose office, or one above, the actor works in; each place is asked once."""
    places = {problem.jurisdiction_id: problem for problem in problems}
    kept = {place for place, problem in places.items() if _keeps(actor, problem)}
    return [problem for problem in problems if problem.jurisdiction_id in kept]


def _named(problem: Problem, unit: Unit) -> tuple[str, ...]:
    """Before an order is issued the lead unit is only named."""
    return (str(InvolvementRole.LEAD.label),) if problem.lead_unit_id == unit.pk else ()


def moves_of(problem: Problem) -> list[DutyMove]:
    """What of the problem went from closed units to their successors, oldest first."""
    return list(DutyMove.objects.filter(problem=problem).order_by("id"))


def was(move: DutyMove) -> str:
    """Which unit it was before, and until when."""
    return _("原%(unit)s，%(day)s 承接") % {"unit": move.unit_name, "day": move.moved_on.isoformat()}
