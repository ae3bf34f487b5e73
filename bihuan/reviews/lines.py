"""The sheet as somebody sees it: drawn from the ledger each time, so that nothing on it is a second copy.

A line a problem; where the plan in force gives the unit leaves of its own, a line a leaf, for progress is reported on
leaves. What is handed down or carried by others is read from the tree and cannot be written here: what those units last
said stands under the problem. Eight statements, however many lines there are, one more with sections.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.db.models import F

from bihuan.deadlines.judging import pressing_clocks
from bihuan.deadlines.queries import lights_for
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.rectification.models import ProgressReport
from bihuan.reviews.below import rows_below, told_below
from bihuan.reviews.models import MonthlyReview, ReviewRow
from bihuan.reviews.policy import rows_seen
from bihuan.reviews.rules import OF_PROBLEM, PROGRESS, Cell, Values, normalised
from bihuan.reviews.slices import REPORTS, is_still_asked
from bihuan.reviews.trees import Tree, trees_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.deadlines.models import Clock
    from bihuan.deadlines.queries import LightFacts
    from bihuan.journal.action import Actor
    from bihuan.rectification.models import Measure
    from bihuan.reviews.below import Told
    from bihuan.reviews.models import ReviewSheet

SALT: Final = "bihuan.reviews.line"
Place = tuple[uuid.UUID, uuid.UUID | None]
"""A line's row, and its measure."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. `first` of its problem; `leads`: the first on the lead's sheet, which alone carries what is said of the whole.

    `left`: no longer this unit's to report on. `below`: what units below reported, with the first line.
    """

    row: ReviewRow
    problem: Problem
    measure: Measure | None
    first: bool
    leads: bool
    left: bool
    below: tuple[Told, ...]
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
    rows = list(rows_seen(actor, sheet).order_by("problem__external_deadline", "problem_id"))
    wanted = Problem.objects.filter(pk__in=[row.problem_id for row in rows])
    known = {one.pk: one for one in visible(actor, wanted).select_related("lead_unit", "jurisdiction")}
    known |= {pk: one for pk, one in (at_hand or {}).items() if pk in known}
    seen = [row for row in rows if row.problem_id in known]
    facts = _Facts(list(known.values()), sheet)
    is_open = sheet.review.state == MonthlyReview.State.ISSUED
    lines: list[Line] = []
    for row in seen:
        row.problem, row.sheet = known[row.problem_id], sheet
        lines += facts.lines_of(row, is_open=is_open)
    return lines


class _Facts:
    """What the ledger knows of many problems at once."""

    def __init__(self, problems: Sequence[Problem], sheet: ReviewSheet) -> None:
        self.unit = sheet.unit
        self.lights = lights_for(problems)
        self.clocks = pressing_clocks(problems)
        self.trees, homes = trees_of(problems, [sheet.unit])
        self.home = homes[sheet.unit_id]
        self.reports, self.latest = _reports(problems)
        self.rows_below = rows_below(sheet.review, self.home, problems)

    def lines_of(self, row: ReviewRow, *, is_open: bool) -> Iterable[Line]:
        problem, tree = row.problem, self.trees.get(row.problem_id, Tree())
        leaves = tree.own_leaves(self.home)
        left = not is_still_asked(row, self.unit.pk, leaves)
        handed_on = [] if leaves or row.depth == 0 else tree.handed_on(self.home)
        shown: list[Measure | None] = [*leaves, *handed_on]
        for number, measure in enumerate(shown or [None]):
            report = self._report(problem, measure)
            first, leads = number == 0, number == 0 and row.depth == 0
            cells = self._open_cells(row, measure, leads=leads) if is_open and not left else frozenset()
            yield Line(
                row=row,
                problem=problem,
                measure=measure,
                first=first,
                leads=leads,
                left=left,
                below=told_below(tree, self.home, row, self.reports, self.rows_below) if first else (),
                now=self._values(row, measure, report, leads=leads),
                open_cells=cells,
                reported_on=report.on if report else None,
                clock=self.clocks.get(problem.pk),
                light=self.lights.get(problem.pk),
            )

    def _report(self, problem: Problem, measure: Measure | None) -> ProgressReport | None:
        """The last word on the leaf; without leaves of its own that of the whole tree."""
        if measure is None:
            return self.latest.get(problem.pk)
        return self.reports.get(measure.pk) or self.reports.get(measure.continues_id)

    def _values(
        self, row: ReviewRow, measure: Measure | None, report: ProgressReport | None, *, leads: bool
    ) -> Values:
        problem, clock = row.problem, self.clocks.get(row.problem_id)
        percent = measure.progress if measure else problem.progress
        # Whoever carried a part and carries it no more has no word on the whole.
        is_known = measure is not None or row.depth == 0
        return {
            Cell.PERCENT: str(percent) if is_known else "",
            Cell.FACTS: report.facts if report and is_known else "",
            Cell.NEXT_STEP: problem.next_step if leads else "",
            Cell.OBSTACLE: problem.reason_unfinished if leads else "",
            Cell.WORD: clock.unit_word if leads and clock else "",
        }

    def _open_cells(self, row: ReviewRow, measure: Measure | None, *, leads: bool) -> frozenset[Cell]:
        problem = row.problem
        cells = OF_PROBLEM if leads else frozenset()
        if problem.pk not in self.clocks:
            cells -= {Cell.WORD}
        tree = self.trees.get(problem.pk)
        is_leaf = tree is None if measure is None else tree is not None and measure in tree.leaves
        return cells | (PROGRESS if problem.state in REPORTS and is_leaf else frozenset())


def _reports(problems: Sequence[Problem]) -> tuple[dict[Any, ProgressReport], dict[Any, ProgressReport]]:
    """The last report of this round on each measure, and the last of all on each problem."""
    rows = ProgressReport.objects.filter(problem__in=problems, round=F("problem__round"))
    newest = rows.order_by("problem_id", "measure_id", "-on", "-id").distinct("problem_id", "measure_id")
    by_measure: dict[Any, ProgressReport] = {}
    latest: dict[Any, ProgressReport] = {}
    for row in newest:
        if row.measure_id is not None:
            by_measure[row.measure_id] = row
        standing = latest.get(row.problem_id)
        if standing is None or (row.on, row.pk) > (standing.on, standing.pk):
            latest[row.problem_id] = row
    return by_measure, latest
