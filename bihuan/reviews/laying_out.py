"""The sheets of a call and their rows: a unit has one sheet, whatever it leads and whatever others handed to it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bihuan.deadlines.queries import lights_for
from bihuan.deadlines.rules import Light
from bihuan.reviews.models import ReviewRow, ReviewSheet
from bihuan.reviews.periods import due_days
from bihuan.reviews.rules import state_of_sheet
from bihuan.reviews.terms import days_of
from bihuan.reviews.trees import trees_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bihuan.ledger.models import Problem
    from bihuan.reviews.models import MonthlyReview
    from bihuan.reviews.standing import Place


def lay_out(
    review: MonthlyReview, problems: Sequence[Problem], issued: date
) -> tuple[list[ReviewSheet], list[ReviewRow]]:
    """Sheets and rows, not stored. The lead of a problem is asked by the office, who carries its leaves by those above."""
    leads = [problem.lead_unit for problem in problems if problem.lead_unit is not None]
    trees, homes = trees_of(problems, leads) if review.below_days_before else ({}, {})
    lights = {pk: facts.light for pk, facts in lights_for(problems).items()}
    sheets, rows = _Sheets(review, homes), []
    for problem in problems:
        light = lights.get(problem.pk, Light.OFF.value)
        sheet = sheets.of_lead(problem.lead_unit_id)
        rows.append(ReviewRow(sheet=sheet, problem=problem, light=light, due_on=review.due_on))
    for problem in problems:
        light = lights.get(problem.pk, Light.OFF.value)
        tree = trees.get(problem.pk)
        for place in tree.places_below(homes[problem.lead_unit_id]) if tree else ():
            row = _row_below(place, problem)
            row.sheet, row.light = sheets.below(place), light
            rows.append(row)
    _set_days(review, rows, issued)
    return sheets.all(rows), rows


def _row_below(place: Place, problem: Problem) -> ReviewRow:
    state = ReviewRow.State.OPEN if place.carries else ReviewRow.State.THROUGH
    return ReviewRow(
        problem=problem, depth=place.depth, under=[str(unit) for unit in place.under], state=state
    )


def _set_days(review: MonthlyReview, rows: Sequence[ReviewRow], issued: date) -> None:
    days = due_days(
        review.due_on,
        issued,
        depth=max(row.depth for row in rows),
        days_before=review.below_days_before,
        days=days_of(review.jurisdiction),
    )
    for row in rows:
        row.due_on = days[row.depth]


class _Sheets:
    """One a unit; a section that leads keeps its own, and its organ's tasks stand on it."""

    def __init__(self, review: MonthlyReview, homes: dict[Any, Any]) -> None:
        self.review, self.homes = review, homes
        self.by_unit: dict[Any, ReviewSheet] = {}
        self.by_home: dict[Any, ReviewSheet] = {}

    def of_lead(self, unit: Any) -> ReviewSheet:
        """The sheet of a unit the office asks."""
        if unit not in self.by_unit:
            self.by_unit[unit] = ReviewSheet(review=self.review, unit_id=unit)
            self.by_home.setdefault(self.homes.get(unit, unit), self.by_unit[unit])
        return self.by_unit[unit]

    def below(self, place: Place) -> ReviewSheet:
        """The sheet of a unit that others ask; where the office asks it too, that very one."""
        if place.unit not in self.by_home:
            made = ReviewSheet(review=self.review, unit_id=place.unit, above_id=place.under[0])
            self.by_unit[place.unit] = self.by_home[place.unit] = made
        return self.by_home[place.unit]

    def all(self, rows: Iterable[ReviewRow]) -> list[ReviewSheet]:
        """Every sheet, with its state and its day as its rows have them."""
        of_sheet = defaultdict(list)
        for row in rows:
            of_sheet[row.sheet_id].append((row.state, row.due_on))
        for sheet in self.by_unit.values():
            settle_state(sheet, of_sheet[sheet.pk])
        return list(self.by_unit.values())


def settle_state(sheet: ReviewSheet, rows: Iterable[tuple[str, date | None]]) -> None:
    """Bring state and day of a sheet to what its rows say. The caller saves."""
    found = list(rows)
    sheet.state = state_of_sheet(state for state, _day in found)
    days = [day for state, day in found if day is not None and state == ReviewRow.State.OPEN]
    sheet.due_on = min(days or [day for _state, day in found if day is not None], default=sheet.due_on)
