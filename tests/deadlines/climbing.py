"""Problems that have climbed the ladder, for the tests of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from bihuan.calendars.rules import add_working_days
from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder import conducting, taking
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.models import Conduct, LadderRequest, LadderStep
from bihuan.deadlines.terms import Terms
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from tests.rectification.conftest import Story


def sweep() -> tuple[int, int]:
    """What a night does."""
    sweep_all()
    return climb_all()


def overdue(story: Story, problem: Problem, working_days: int) -> None:
    """Go on to so many working days after the problem's deadline."""
    days = Terms(story.clock.today).calendar(problem)
    story.clock.go_on(
        (add_working_days(problem.external_deadline, working_days, days) - story.clock.today).days
    )


def steps(problem: Problem, **more: Any) -> list[LadderStep]:
    """What stands on the rectification's clock of a problem, in the order it came."""
    found = LadderStep.objects.filter(problem=problem, clock__kind="rectification", **more)
    return list(found.order_by("proposed_on", "id"))


def rungs(problem: Problem) -> list[tuple[str, str]]:
    """Rung and state of what was proposed."""
    return [(step.rung, step.state) for step in steps(problem) if step.rung != "reminder"]


def proposed(story: Story, problem: Problem, rung: str = "supervision_letter") -> LadderStep:
    """The rung as the program proposes it when its day has come."""
    story.clock.go_on(0)
    overdue(story, problem, {"supervision_letter": 5, "circular": 20}[rung])
    sweep()
    (step,) = steps(problem, rung=rung)
    return step


def taken(story: Story, *chosen: LadderStep) -> LadderRequest:
    """Asked for by the office, granted by whoever decides."""
    row = taking.take_up_rung(list(chosen), reason="逾期未整改。", actor=story.cast.coordinator.actor)
    story.decide(row.approval)
    row.refresh_from_db()
    return row


def opened(story: Story, problem: Problem, kind: str = "refused") -> Conduct:
    """Alleged by the office."""
    return conducting.open_conduct(
        problem,
        kind=kind,
        facts="两次督办后仍未开工。",
        basis="《政府督查工作条例》第二十五条。",
        actor=story.cast.coordinator.actor,
    )


def determined(story: Story, problem: Problem, finding: str = "refused") -> Conduct:
    """Alleged, not answered within the term, decided."""
    row = opened(story, problem)
    story.clock.go_on((row.reply_until - story.clock.today).days + 1)
    conducting.determine_conduct(
        row, finding=finding, opinion="事实清楚，没有申辩。", actor=story.cast.reviewer.actor
    )
    row.refresh_from_db()
    story.decide(row.approval)
    row.refresh_from_db()
    return row


def day(text: str) -> dt.date:
    """A date, shortly."""
    return dt.date.fromisoformat(text)
