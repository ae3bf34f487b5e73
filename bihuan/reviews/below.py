"""What stands under a unit in a call: the rows of those it handed tasks to, and what each of them last reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bihuan.journal.timesource import today
from bihuan.reviews.models import MonthlyReview, ReviewRow
from bihuan.reviews.rules import OWING
from bihuan.reviews.trees import homes_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import Measure, ProgressReport
    from bihuan.reviews.models import ReviewSheet
    from bihuan.reviews.trees import Tree

Row = ReviewRow.State


@dataclass(frozen=True, kw_only=True)
class Told:
    """A leaf of somebody below: the last word on it, and the row on which the call asks for it, if it does."""

    measure: Measure
    report: ProgressReport | None
    row: ReviewRow | None
    since: date | None

    @property
    def is_new(self) -> bool:
        """Whether something was reported since the call went out."""
        return self.report is not None and self.since is not None and self.report.on >= self.since

    @property
    def owes(self) -> bool:
        """Whether the unit has yet to answer for it in this call."""
        return self.row is not None and self.row.state == Row.OPEN and not self.is_new

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return self.owes and self.row is not None and (self.row.due_on or today()) < today()


def told_below(
    tree: Tree,
    home: uuid.UUID,
    row: ReviewRow,
    reports: Mapping[Any, ProgressReport],
    rows: Mapping[tuple[Any, Any], ReviewRow],
) -> tuple[Told, ...]:
    """What the leaves below say under a row, in the order of the plan."""
    return tuple(
        Told(
            measure=leaf,
            report=reports.get(leaf.pk) or reports.get(leaf.continues_id),
            row=rows.get((row.problem_id, tree.homes[leaf.unit_id])),
            since=row.sheet.review.issued_on,
        )
        for leaf in tree.leaves_below(home, leads=row.depth == 0)
    )


def rows_below(
    review: MonthlyReview, home: uuid.UUID, problems: Iterable[Problem]
) -> dict[tuple[Any, Any], ReviewRow]:
    """Problem and organ -> the row under this organ. One statement."""
    rows = ReviewRow.objects.filter(
        sheet__review=review, problem__in=list(problems), under__contains=[str(home)]
    )
    found = list(rows.select_related("sheet__unit"))
    homes = homes_of(row.sheet.unit for row in found)
    return {(row.problem_id, homes[row.sheet.unit_id]): row for row in found}


def sheets_below(sheet: ReviewSheet) -> list[ReviewSheet]:
    """Whoever still owes something to this sheet's unit, in the order of the tree."""
    home = homes_of([sheet.unit])[sheet.unit_id]
    owing = ReviewRow.objects.filter(
        sheet__review=sheet.review_id, state=Row.OPEN, under__contains=[str(home)]
    )
    rows = type(sheet).objects.filter(pk__in=owing.values("sheet"), state__in=OWING)
    found = list(rows.select_related("unit", "above").order_by("unit__path"))
    for one in found:
        one.review = sheet.review
    return found
