"""The sheet as somebody sees it: drawn from the ledger each time, so that nothing on it is a second copy.

A line a problem; where the plan in force gives the unit leaves of its own, a line a leaf, for progress is reported on
leaves. What is handed down or carried by others is read from the tree and cannot be written here. Seven statements,
however many lines there are.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.db.models import F

from bihuan.deadlines.judging import pressing_clocks
from bihuan.deadlines.queries import lights_for
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import UnitKind
from bihuan.rectification.measures import IN_FORCE
from bihuan.rectification.models import Measure, Plan, ProgressReport
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.rules import OF_PROBLEM, PROGRESS, Cell, Values, normalised
from bihuan.reviews.slices import REPORTS, is_asked_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.deadlines.models import Clock
    from bihuan.deadlines.queries import LightFacts
    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Unit

SALT: Final = "bihuan.reviews.line"
Place = tuple[uuid.UUID, uuid.UUID | None]
"""A line's row, and its measure."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. `leads`: the first of its problem, which alone carries what is said of the whole problem."""

    row: ReviewRow
    problem: Problem
    measure: Measure | None
    leads: bool
    now: Values
    open_cells: frozenset[Cell]
    reported_on: date | None
    clock: Clock | None
    light: LightFacts | None

    @property
    def place(self) -> Place:
        return self.row.pk, self.measure.pk if self.measure else None

    @property
    def number(self) -> str:
        """The problem's number, and that of the measure."""
        return f"{self.problem.problem_no}-{self.measure.number}" if self.measure else self.problem.problem_no

    @property
    def what(self) -> str:
        """The problem, or the measure."""
        return self.measure.text if self.measure else self.problem.title

    @property
    def left(self) -> bool:
        """No longer this unit's to report on."""
        return not is_asked_of(self.problem, self.row.sheet.unit_id)

    @property
    def key(self) -> str:
        """Which line it is and what it says now, signed: what comes back is compared with what went out."""
        row, measure = self.place
        said = {cell.value: text for cell, text in normalised(self.now).items()}
        told = {"r": row.hex, "m": measure.hex if measure else "", "w": said}
        return signing.dumps(told, salt=SALT, compress=True)


def read_key(key: str) -> tuple[Place, Values] | None:
    """The line a key speaks of and what it said; None for one that was not made here or was changed."""
    try:
        told = signing.loads(key.strip(), salt=SALT)
        place = (uuid.UUID(told["r"]), uuid.UUID(told["m"]) if told["m"] else None)
        return place, {cell: str(told["w"][cell.value]) for cell in Cell}
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def lines_of(
    sheet: ReviewSheet, actor: Actor, *, at_hand: Mapping[uuid.UUID, Problem] | None = None
) -> list[Line]:
    """The lines of a sheet the actor may know of, in the order of the call. `at_hand`: problems that are locked."""
    rows = list(ReviewRow.objects.filter(sheet=sheet).order_by("problem__external_deadline", "problem_id"))
    wanted = Problem.objects.filter(pk__in=[row.problem_id for row in rows])
    known = {one.pk: one for one in visible(actor, wanted).select_related("lead_unit", "jurisdiction")}
    known |= {pk: one for pk, one in (at_hand or {}).items() if pk in known}
    seen = [row for row in rows if row.problem_id in known]
    facts = _Facts(list(known.values()), sheet.unit)
    is_open = sheet.review.state == MonthlyReview.State.ISSUED
    lines: list[Line] = []
    for row in seen:
        row.problem, row.sheet = known[row.problem_id], sheet
        lines += facts.lines_of(row, is_open=is_open)
    return lines


class _Facts:
    """What the ledger knows of many problems at once."""

    def __init__(self, problems: Sequence[Problem], unit: Unit) -> None:
        self.unit = unit
        self.lights = lights_for(problems)
        self.clocks = pressing_clocks(problems)
        self.leaves, self.planned = _leaves(problems, unit)
        self.reports, self.latest = _reports(problems)

    def lines_of(self, row: ReviewRow, *, is_open: bool) -> Iterable[Line]:
        problem = row.problem
        own: list[Measure | None] = [*self.leaves.get(problem.pk, ())]
        for number, measure in enumerate(own or [None]):
            report = self._report(problem, measure)
            leads = number == 0
            yield Line(
                row=row,
                problem=problem,
                measure=measure,
                leads=leads,
                now=self._values(problem, measure, report, leads=leads),
                open_cells=self._open_cells(problem, measure, leads=leads) if is_open else frozenset(),
                reported_on=report.on if report else None,
                clock=self.clocks.get(problem.pk),
                light=self.lights.get(problem.pk),
            )

    def _report(self, problem: Problem, measure: Measure | None) -> ProgressReport | None:
        """The last word on the leaf; without leaves of its own that of the whole tree."""
        if measure is None:
            return self.latest.get(problem.pk)
        return self.reports.get((problem.pk, measure.pk)) or self.reports.get(
            (problem.pk, measure.continues_id)
        )

    def _values(
        self, problem: Problem, measure: Measure | None, report: ProgressReport | None, *, leads: bool
    ) -> Values:
        clock = self.clocks.get(problem.pk)
        return {
            Cell.PERCENT: str(measure.progress if measure else problem.progress),
            Cell.FACTS: report.facts if report else "",
            Cell.NEXT_STEP: problem.next_step if leads else "",
            Cell.OBSTACLE: problem.reason_unfinished if leads else "",
            Cell.WORD: clock.unit_word if leads and clock else "",
        }

    def _open_cells(self, problem: Problem, measure: Measure | None, *, leads: bool) -> frozenset[Cell]:
        if not is_asked_of(problem, self.unit.pk):
            return frozenset()
        cells = OF_PROBLEM if leads else frozenset()
        if problem.pk not in self.clocks:
            cells -= {Cell.WORD}
        reports = problem.state in REPORTS and (measure is not None or problem.pk not in self.planned)
        return cells | (PROGRESS if reports else frozenset())


def _leaves(problems: Sequence[Problem], unit: Unit) -> tuple[dict[Any, list[Measure]], set[Any]]:
    """The unit's own leaves of each plan in force; and which problems have such a plan at all."""
    plans = Plan.objects.filter(
        problem__in=problems, round=F("problem__round"), state__in=IN_FORCE
    ).values_list("pk", "problem")
    owner = dict(plans)
    standing = Measure.objects.filter(plan__in=owner).exclude(state=Measure.State.RETURNED)
    rows = list(standing.select_related("unit"))
    parents = {row.parent_id for row in rows}
    found: dict[Any, list[Measure]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: [int(part) for part in one.number.split(".") if part.isdigit()]):
        if row.pk not in parents and _is_own(row.unit, unit):
            found[owner[row.plan_id]].append(row)
    return dict(found), {owner[row.plan_id] for row in rows}


def _is_own(carrier: Unit, unit: Unit) -> bool:
    return carrier.pk == unit.pk or (carrier.kind == UnitKind.SECTION and is_under(carrier.path, unit.path))


def _reports(
    problems: Sequence[Problem],
) -> tuple[dict[tuple[Any, Any], ProgressReport], dict[Any, ProgressReport]]:
    """The last report of this round on each measure, and the last of all on each problem."""
    rows = ProgressReport.objects.filter(problem__in=problems, round=F("problem__round"))
    newest = rows.order_by("problem_id", "measure_id", "-on", "-id").distinct("problem_id", "measure_id")
    by_measure = {(row.problem_id, row.measure_id): row for row in newest}
    latest: dict[Any, ProgressReport] = {}
    for row in by_measure.values():
        standing = latest.get(row.problem_id)
        if standing is None or (row.on, row.pk) > (standing.on, standing.pk):
            latest[row.problem_id] = row
    return by_measure, latest
