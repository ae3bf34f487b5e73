"""What tests of reviews do over and over: call, fill in, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.reviews.actions import issue_review, prepare_review
from bihuan.reviews.answering import answer_sheet
from bihuan.reviews.calling import ReviewCall
from bihuan.reviews.comparing import Entry
from bihuan.reviews.lines import Line, lines_of
from bihuan.reviews.models import MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.rules import Cell

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from bihuan.organizations.models import Unit
    from tests.organizations.cast import Player
    from tests.rectification.conftest import Story


def draft_of(story: Story, **other: Any) -> MonthlyReview:
    """The call as its preparer leaves it."""
    call = ReviewCall(**({"title": "在办问题月调度"} | other))
    return prepare_review(jurisdiction=story.cast.city, call=call, actor=story.cast.coordinator.actor)


def issue(review: MonthlyReview, story: Story) -> MonthlyReview:
    """Sent out by the second person."""
    issue_review(review, actor=story.cast.reviewer.actor)
    return MonthlyReview.objects.select_related("jurisdiction").get(pk=review.pk)


def sheet_of(review: MonthlyReview, unit: Unit) -> ReviewSheet:
    found = ReviewSheet.objects.select_related("review__jurisdiction", "unit")
    return found.get(review=review, unit=unit)


def lines(sheet: ReviewSheet, player: Player) -> list[Line]:
    return lines_of(sheet, player.actor)


def line_about(sheet: ReviewSheet, problem: Problem, player: Player) -> Line:
    return next(line for line in lines(sheet, player) if line.problem.pk == problem.pk)


def entry(line: Line, **cells: str) -> Entry:
    """A line with some cells written; the others are not sent."""
    return Entry(key=line.key, cells={Cell(name).value: text for name, text in cells.items()})


def answer(sheet: ReviewSheet, player: Player, *entries: Entry, **more: Any) -> ReviewSheet:
    answer_sheet(sheet, entries=list(entries), **more, actor=player.actor)
    return sheet_of(sheet.review, sheet.unit)


def row_of(sheet: ReviewSheet, problem: Problem) -> ReviewRow:
    return ReviewRow.objects.get(sheet=sheet, problem=problem)
