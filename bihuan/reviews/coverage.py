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
from bihuan.reviews.rules import OWING

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

Row = ReviewRow.State


@dataclass(frozen=True)
class Covered:
    """One unit: its sheet, what became of its rows, and how many stood unchanged too often in a row (`stuck`)."""

    sheet: ReviewSheet
    states: Counter[str]
    stuck: int

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
        return self.sheet.review.state == MonthlyReview.State.ISSUED and self.sheet.state in OWING

    @property
    def late(self) -> bool:
        """Whether its day has passed without an answer; in a concluded call, whether it never came."""
        if self.sheet.state not in OWING or self.sheet.review.state == MonthlyReview.State.RECALLED:
            return False
        return self.sheet.review.due_on < today()


def coverage_of(review: MonthlyReview, actor: Actor) -> list[Covered]:
    """Every sheet of a call, in the order of the tree; two statements."""
    sheets = sheets_of(review)
    seen = visible(actor, Problem.objects.filter(review_rows__sheet__review=review)).values("pk")
    rows = ReviewRow.objects.filter(sheet__review=review, problem__in=seen)
    states: dict[object, Counter[str]] = defaultdict(Counter)
    stuck: Counter[object] = Counter()
    for sheet, state, times in rows.values_list("sheet", "state", "unchanged_times"):
        states[sheet][state] += 1
        stuck[sheet] += times >= review.unchanged_times
    return [Covered(sheet, states[sheet.pk], stuck[sheet.pk]) for sheet in sheets]


def stuck_rows(review: MonthlyReview, actor: Actor) -> list[ReviewRow]:
    """The problems that stood unchanged for so many calls that the office is to see them, the longest first."""
    rows = ReviewRow.objects.filter(sheet__review=review, unchanged_times__gte=review.unchanged_times)
    seen = visible(actor, Problem.objects.filter(pk__in=rows.values("problem"))).values("pk")
    found = rows.filter(problem__in=seen).select_related("problem", "sheet__unit")
    return list(found.order_by("-unchanged_times", "problem__external_deadline", "id"))
