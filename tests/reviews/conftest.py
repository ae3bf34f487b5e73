"""A call about two problems of the water bureau, as a draft and sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.ledger.models import Problem
from bihuan.reviews.models import MonthlyReview
from tests.rectification.conftest import clock, story
from tests.reviews.calls import draft_of, issue

if TYPE_CHECKING:
    from uuid import UUID

    from tests.kept_rows import Shelf
    from tests.rectification.conftest import Story

__all__ = ["clock", "story"]


@pytest.fixture
def called(story: Story, shelf: Shelf) -> tuple[UUID, UUID, UUID]:
    """Nearly every test begins so: a problem with a plan, a lesser one without, and the call about both, not sent."""

    def made() -> tuple[UUID, UUID, UUID, int]:
        problem, plain = story.rectifying(), story.rectifying(grade="minor")
        return problem.pk, plain.pk, draft_of(story).pk, story.serial

    problem, plain, review, story.serial = shelf.stage(("monthly review",), made)
    return problem, plain, review


@pytest.fixture
def problem(called: tuple[UUID, UUID, UUID]) -> Problem:
    """Under way, with a plan of one measure that is the water bureau's own."""
    return Problem.objects.get(pk=called[0])


@pytest.fixture
def plain(called: tuple[UUID, UUID, UUID]) -> Problem:
    """Under way without a plan: a lesser problem on the short path."""
    return Problem.objects.get(pk=called[1])


@pytest.fixture
def review(called: tuple[UUID, UUID, UUID]) -> MonthlyReview:
    """Prepared, not sent."""
    return MonthlyReview.objects.select_related("jurisdiction").get(pk=called[2])


@pytest.fixture
def issued(review: MonthlyReview, story: Story) -> MonthlyReview:
    """On its way."""
    return issue(review, story)
