"""A problem that was closed, for somebody to look back at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from bihuan.lookback import actions
from bihuan.lookback.models import Lookback
from tests.rectification.conftest import clock, fresh
from tests.rectification.conftest import story as story_of_the_middle

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from tests.organizations.cast import Player
    from tests.rectification.conftest import Story

__all__ = ["clock", "story_of_the_middle"]


@pytest.fixture
def story(story_of_the_middle):
    return story_of_the_middle


def closed(story: Story, **more: Any) -> Problem:
    """A problem at the end of its round; a week has passed since."""
    problem = story.under_review(**more)
    story.close(problem)
    story.clock.go_on(7)
    return fresh([problem])[0]


def waiting(problem: Problem) -> Lookback:
    """The look-back that is planned."""
    return Lookback.objects.get(problem=problem, state="scheduled")


def sent(story: Story, problem: Problem) -> Lookback:
    """The audit office is sent to look."""
    lookback = waiting(problem)
    actions.assign_lookback([lookback], unit=story.cast.audit, actor=story.cast.coordinator.actor)
    return waiting(problem)


def look(
    story: Story, lookback: Lookback, *, kept: bool = True, by: Player | None = None, **more: Any
) -> None:
    """Somebody looks, today."""
    verb = actions.hold if kept else actions.rebound
    facts = {"opinion": "现场抽查漏损率。", "on": story.clock.today}
    verb(lookback, **(facts | more), actor=(by or story.cast.inspector).actor)


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)
