"""Random histories of a case: what people ask, grant and edit, and what each of it may make of the days of its clocks."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bihuan.deadlines import actions
from bihuan.deadlines.ladder import taking
from bihuan.deadlines.models import Clock, LadderStep
from bihuan.journal.action import Refused
from bihuan.ledger.actions import edit_facts
from bihuan.rectification import actions as do
from tests.deadlines.reading import running
from tests.rectification.conftest import fresh

if TYPE_CHECKING:
    from uuid import UUID

    from bihuan.ledger.models import Problem
    from tests.rectification.conftest import Story

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "report", "extend", "suspend", "resume", "raise", "edit", "settle"]),
        st.integers(1, 25),
    ),
    min_size=3,
    max_size=12,
)
NO_DAYS = dt.timedelta()


def take(story: Story, problem: Problem, step: str, number: int) -> None:
    """One step of a random history; what the rules refuse as things stand is not taken."""
    with suppress(Refused):
        if step == "report":
            story.report(problem, measure=next(iter(story.measures(problem)), None), percent=4 * number)
        elif step == "extend":
            extension = do.ask_extension(
                problem,
                reason="雨季。",
                new_deadline=problem.external_deadline + dt.timedelta(days=number),
                new_plan="顺延。",
                actor=story.cast.handler.actor,
            )
            story.decide(extension.approval)
        elif step == "suspend":
            until = story.clock.today + dt.timedelta(days=number)
            suspension = do.ask_suspension(
                problem, reason="涉诉。", resume_by=until, actor=story.cast.handler.actor
            )
            story.decide(suspension.approval)
        elif step == "resume":
            do.resume(problem, reason="判决生效。", actor=story.cast.reviewer.actor)
        elif step == "raise":
            to = ("yellow", "orange", "red")[number % 3]
            actions.raise_light(
                problem, kind="rectification", to=to, reason="批示。", actor=story.cast.coordinator.actor
            )
        elif step == "edit":
            later = problem.external_deadline + dt.timedelta(days=number)
            edit_facts(problem, changes={"external_deadline": later}, actor=story.cast.coordinator.actor)
            raise AssertionError("a date was edited")
        elif step == "settle":
            settle(story, problem, take_it=bool(number % 2))


def settle(story: Story, problem: Problem, *, take_it: bool) -> None:
    """What the program has proposed is taken up and granted, or dismissed."""
    waiting = list(LadderStep.objects.filter(problem=problem, state="proposed"))
    if waiting and take_it:
        row = taking.take_up_rung(waiting, reason="逾期。", actor=story.cast.coordinator.actor)
        story.decide(row.approval)
    elif waiting:
        taking.dismiss_rung(waiting, reason="已说明。", actor=story.cast.coordinator.actor)


@dataclass(frozen=True)
class Days:
    """The days of a case at one moment: of its open clocks, of the case itself, of what is still to be done in it."""

    problem: Problem
    clocks: dict[str, Clock]
    measures: dict[UUID, dt.date]

    @classmethod
    def of(cls, story: Story, problem: Problem) -> Days:
        (now,) = fresh([problem])
        open_measures = {one.pk: one.deadline for one in story.measures(now) if one.state == "open"}
        return cls(now, running(now), open_measures)

    @property
    def stopped_on(self) -> dt.date | None:
        """Since when its time stands still."""
        return self.clocks["rectification"].suspended_on

    def check_after(self, before: Days, step: str, number: int, today: dt.date) -> None:
        """After one step each day is the one before, moved by exactly what was approved and by nothing else.

        What was approved is told by the step itself, by the problem's own count and by the days that went by: by none
        of the functions that move days.
        """
        stood_still, put_off = NO_DAYS, NO_DAYS
        if step == "resume" and before.stopped_on is not None and self.stopped_on is None:
            stood_still = today - before.stopped_on
        if self.problem.extensions > before.problem.extensions:
            assert (step, self.problem.extensions) == ("extend", before.problem.extensions + 1)
            put_off = dt.timedelta(days=number)
        self._check_clocks(before, stood_still, put_off)
        self._check_case(before, stood_still, put_off)

    def _check_clocks(self, before: Days, stood_still: dt.timedelta, put_off: dt.timedelta) -> None:
        for kind, clock in self.clocks.items():
            was = before.clocks[kind]
            moved = stood_still + (put_off if kind == "rectification" else NO_DAYS)
            assert clock.due == was.due + moved, kind
            assert clock.first_due == was.first_due, kind
            assert clock.suspended_days == was.suspended_days + stood_still.days, kind
            assert (clock.suspended_on is None) == (clock.state == "running"), kind

    def _check_case(self, before: Days, stood_still: dt.timedelta, put_off: dt.timedelta) -> None:
        now, was = self.problem, before.problem
        assert now.first_deadline == was.first_deadline
        assert now.external_deadline == was.external_deadline + stood_still + put_off
        assert now.external_deadline == self.clocks["rectification"].due
        if was.internal_deadline is not None:
            assert now.internal_deadline is not None
            assert was.internal_deadline + stood_still <= now.internal_deadline <= now.external_deadline
        for pk, day in self.measures.items():
            assert day == before.measures[pk] + stood_still
