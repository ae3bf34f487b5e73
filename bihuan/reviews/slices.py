"""Which problems a review asks about: those at work in its place, and of them its slice."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from bihuan.rectification.models import Measure
    from bihuan.reviews.models import MonthlyReview, ReviewRow

UNDER_WAY: Final = frozenset({State.ASSIGNED, State.PLANNING, State.RECTIFYING, State.SUSPENDED})
"""The states in which the next word is the unit's; from acceptance on it is a judge's."""
REPORTS: Final = frozenset({State.RECTIFYING})
"""The states in which progress is reported; in the others only what comes next and what is in the way."""


def problems_asked(review: MonthlyReview) -> QuerySet[Problem]:
    """The problems of the slice today. What runs in a restricted channel is asked about there, never on a sheet."""
    found: QuerySet[Problem] = Problem.objects.filter(
        jurisdiction=review.jurisdiction_id,
        state__in=UNDER_WAY,
        lead_unit__isnull=False,
        lead_unit__closed_on=None,
        channel=None,
    )
    if review.sources:
        found = found.filter(source__code__in=review.sources)
    if review.grades:
        found = found.filter(grade__in=review.grades)
    if review.sectors:
        found = found.filter(reduce(or_, (_below(code) for code in review.sectors)))
    return found.select_related("lead_unit").order_by("lead_unit_id", "external_deadline", "id")


def _below(code: str) -> Q:
    return Q(sector__code=code) | Q(sector__code__startswith=f"{code}.")


def is_asked_of(problem: Problem, unit: object) -> bool:
    """Whether the problem is still this unit's to report on."""
    return problem.state in UNDER_WAY and problem.lead_unit_id == unit


def is_still_asked(row: ReviewRow, unit: object, leaves: Sequence[Measure]) -> bool:
    """The lead as long as the problem is its own; others as long as they carry a leaf, or what is below is theirs to see to."""
    if row.depth == 0:
        return is_asked_of(row.problem, unit)
    return row.problem.state in UNDER_WAY and (bool(leaves) or row.state == "through")
