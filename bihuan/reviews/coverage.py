"""How each called unit answered: counted from its rows, for whoever may know of the problems on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.reviews.calling import sheets_of
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.trees import homes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.journal.action import Actor

Row = ReviewRow.State


@dataclass(frozen=True)
class Lower:
    """A unit that others ask in a call: its rows below, whom they stand under, and by when the next of them is due."""

    sheet: ReviewSheet
    states: Counter[str]
    under: frozenset[str]
    givers: tuple[str, ...]
    due_on: date | None

    @property
    def owes(self) -> bool:
        """Whether something of it was never answered."""
        return self.states[Row.OPEN] > 0 or self.sheet.state == ReviewSheet.State.PREPARED

    @property
    def late(self) -> bool:
        """Whether its day has passed without an answer; in a concluded call, whether it never came."""
        recalled = self.sheet.review.state == MonthlyReview.State.RECALLED
        return self.owes and not recalled and self.due_on is not None and self.due_on < today()


@dataclass(frozen=True)
class Covered:
    """One called unit: its sheet, what became of the rows the office asks for, how many stood unchanged too often (`stuck`).

    `open_rows`: whether one of all those rows is open; `lower`: who below has to report to it.
    """

    sheet: ReviewSheet
    states: Counter[str]
    stuck: int
    open_rows: bool
    lower: tuple[Lower, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def changed(self) -> int:
        return self.states[Row.CHANGED]

    @property
    def unchanged(self) -> int:
        return self.states[Row.UNCHANGED]

    @property
    def open(self) -> int:
        return self.states[Row.OPEN]

    @property
    def owes(self) -> bool:
        """Whether its answer is still due."""
        return self.sheet.review.state == MonthlyReview.State.ISSUED and self._owing

    @property
    def late(self) -> bool:
        """Whether its day has passed without an answer; in a concluded call, whether it never came."""
        if not self._owing or self.sheet.review.state == MonthlyReview.State.RECALLED:
            return False
        return self.sheet.review.due_on < today()

    @property
    def lower_done(self) -> int:
        """How many of those below have reported."""
        return sum(not one.owes for one in self.lower)

    @property
    def _owing(self) -> bool:
        return self.open_rows or self.sheet.state == ReviewSheet.State.PREPARED


def coverage_of(review: MonthlyReview, actor: Actor) -> list[Covered]:
    """Every called unit, in the order of the tree; four statements, one more with sections."""
    sheets = sheets_of(review)
    seen = visible(actor, Problem.objects.filter(review_rows__sheet__review=review)).values("pk")
    rows = list(ReviewRow.objects.filter(sheet__review=review, problem__in=seen))
    states: dict[object, Counter[str]] = defaultdict(Counter)
    stuck: Counter[object] = Counter()
    for row in rows:
        if row.depth == 0:
            states[row.sheet_id][row.state] += 1
            stuck[row.sheet_id] += row.unchanged_times >= review.unchanged_times
    owing = owing_office(review)
    homes = {unit: str(home) for unit, home in homes_of(sheet.unit for sheet in sheets).items()}
    lower = _lower_in(sheets, rows, {homes[sheet.unit_id]: sheet.unit.name for sheet in sheets})
    return [
        Covered(
            sheet,
            states[sheet.pk],
            stuck[sheet.pk],
            sheet.pk in owing,
            tuple(one for one in lower if homes[sheet.unit_id] in one.under),
        )
        for sheet in sheets
        if sheet.above_id is None
    ]


def owing_office(review: MonthlyReview) -> set[object]:
    """The sheets on which a row the office asks for is open, whoever looks. One statement."""
    rows = ReviewRow.objects.filter(sheet__review=review, depth=0, state=Row.OPEN)
    return set(rows.order_by().values_list("sheet", flat=True).distinct())


def _lower_in(
    sheets: Sequence[ReviewSheet], rows: Iterable[ReviewRow], names: Mapping[str, str]
) -> list[Lower]:
    """Who below has something to report, in the order of the tree. Who only hands on is asked nothing.

    `names`: organ -> what it is called; whoever hands down has a sheet in the same call.
    """
    of_sheet: dict[object, list[ReviewRow]] = defaultdict(list)
    for row in rows:
        if row.depth and row.state != Row.THROUGH:
            of_sheet[row.sheet_id].append(row)
    return [
        Lower(
            sheet,
            Counter(row.state for row in below),
            frozenset(unit for row in below for unit in row.under),
            tuple(dict.fromkeys(names.get(row.under[0], "") for row in below)),
            _next_day(below),
        )
        for sheet in sheets
        if (below := of_sheet.get(sheet.pk))
    ]


def _next_day(rows: Iterable[ReviewRow]) -> date | None:
    """By when the next of them is due; where none is open, by when they were."""
    days = [(row.state != Row.OPEN, row.due_on) for row in rows if row.due_on]
    return min(days)[1] if days else None


def stuck_rows(review: MonthlyReview, actor: Actor) -> list[ReviewRow]:
    """The problems that stood unchanged for so many calls that the office is to see them, the longest first."""
    rows = ReviewRow.objects.filter(
        sheet__review=review, depth=0, unchanged_times__gte=review.unchanged_times
    )
    seen = visible(actor, Problem.objects.filter(pk__in=rows.values("problem"))).values("pk")
    found = rows.filter(problem__in=seen).select_related("problem", "sheet__unit")
    return list(found.order_by("-unchanged_times", "problem__external_deadline", "id"))
