"""Keeping the clocks of problems as their states call for: start, stop, suspend, resume, put off.

Called inside an open action (a reaction of this room); reads in a few queries for any number of problems.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.deadlines import changing, rules
from bihuan.deadlines.ladder.climbing import Climber
from bihuan.deadlines.ladder.lapsing import lapse
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.readings import OFF, facts_of, read, turned_yellow, written
from bihuan.deadlines.running import AT_WORK, clocks_in, is_suspended
from bihuan.deadlines.terms import LIGHTS, NEVER, Terms, events_of
from bihuan.journal.action import current
from bihuan.journal.ahead import rows_of
from bihuan.ledger.as_they_stand import as_they_stand
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.schedules import schedules_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bihuan.ledger.schedules import PlannedPart


@dataclass(frozen=True)
class Notices:
    """What just happened to public notices: problem -> last day of one that began; problems whose notice ended."""

    begun: Mapping[uuid.UUID, date] = field(default_factory=dict)
    ended: frozenset[uuid.UUID] = frozenset()


def keep(problems: Iterable[uuid.UUID], notices: Notices, at_hand: Iterable[Problem] = ()) -> list[Clock]:
    """Bring the clocks of these problems in line with their states; returns the rows written.

    `at_hand`: instances the caller was given, so that those just made are not read back.
    """
    act = current()
    found = as_they_stand(problems, at_hand, "source", "sector", "jurisdiction", "batch", "lead_unit")
    rows = _rows_of(found)
    at_work = [problem for problem in found if State(problem.state) in AT_WORK]
    keeper = Keeper(Terms(act.today), notices, schedules_of(at_work))
    for problem in found:
        keeper.keep(problem, rows[problem.pk])
    standing = [row for problem in found for row in rows[problem.pk]]
    # What was only just given its first clocks has climbed no rung.
    climber = Climber(keeper.terms, {row.problem_id for row in standing})
    for row in [*standing, *keeper.started]:
        climber.look(row)
    # What stops is written first: one clock of a kind runs, and a returned problem starts a second one.
    Clock.objects.save_all(standing)
    Clock.objects.bulk_create(keeper.started)
    lapse(row.pk for row in keeper.changed if row.state == ClockState.STOPPED)
    return [*keeper.changed, *keeper.started]


def _rows_of(problems: Iterable[Problem]) -> dict[uuid.UUID, list[Clock]]:
    by_id = {problem.pk: problem for problem in problems}
    rows: dict[uuid.UUID, list[Clock]] = defaultdict(list)
    for row in rows_of(Clock, "problem_id", by_id, "policy", "lights_policy", "ladder_policy"):
        row.problem = by_id[row.problem_id]
        rows[row.problem_id].append(row)
    return rows


class Keeper:
    """The work on one bundle of problems; collects what is to be written."""

    def __init__(
        self, terms: Terms, notices: Notices, schedules: Mapping[uuid.UUID, tuple[PlannedPart, ...]]
    ) -> None:
        self.terms = terms
        self.notices = notices
        self.schedules = schedules
        self.started: list[Clock] = []
        self.changed: list[Clock] = []

    def keep(self, problem: Problem, rows: Sequence[Clock]) -> None:
        """Start what should run and does not, stop what should not, and follow the facts for the rest."""
        today = current().today
        state = State(problem.state)
        open_rows = [row for row in rows if row.state != ClockState.STOPPED]
        wanted = clocks_in(
            state, notice_runs=self._notice_runs(problem, open_rows), plan_owed=problem.plan_owed
        )
        standing = {row.kind: row for row in open_rows if row.round == problem.round and row.kind in wanted}
        for row in open_rows:
            if row is not standing.get(row.kind) or self._begins_anew(row, problem):
                stop(row, today)
                standing.pop(row.kind, None)
                self.changed.append(row)
        for kind in sorted(wanted):
            if kind not in standing:
                self._start(problem, ClockKind(kind), rows)
            elif self._follow(standing[kind], problem, state):
                self.changed.append(standing[kind])

    def _notice_runs(self, problem: Problem, open_rows: Sequence[Clock]) -> bool:
        running = any(row.kind == ClockKind.NOTICE for row in open_rows)
        return problem.pk in self.notices.begun or (running and problem.pk not in self.notices.ended)

    def _begins_anew(self, row: Clock, problem: Problem) -> bool:
        """An assignment to another unit is another unit's time, even if nobody declined in between."""
        presses_lead = row.kind in {ClockKind.ACKNOWLEDGE, ClockKind.PLAN}
        return presses_lead and row.unit_id != problem.lead_unit_id

    def _start(self, problem: Problem, kind: ClockKind, rows: Sequence[Clock]) -> None:
        today = current().today
        policy = self.terms.policy(problem, f"deadline.{kind.value}")
        due = self.terms.due_day(
            problem,
            kind,
            policy,
            events=events_of(problem, _dated(problem, kind, rows, today)),
            notice_until=self.notices.begun.get(problem.pk),
        )
        begun = problem.assigned_on if kind in {ClockKind.RECTIFICATION, ClockKind.ACKNOWLEDGE} else None
        row = Clock.newly(
            problem=problem,
            kind=kind.value,
            round=problem.round,
            unit=problem.jurisdiction
            if kind in {ClockKind.ACCEPTANCE, ClockKind.NOTICE}
            else problem.lead_unit,
            # A ledger taken over may hold deadlines that lie before the day they were entered.
            started_on=min(begun or today, due.day),
            due=due.day,
            due_at=due.at,
            began_at=due.began,
            first_due=_first_due(problem, kind, due.day),
            light=OFF,
            explanation={"basis": due.basis},
            policy=policy,
            lights_policy=self.terms.policy(problem, LIGHTS),
            ladder_policy=self.terms.ladder(problem),
        )
        self._set_work(row, problem)
        if is_suspended(State(problem.state)):
            row.state, row.suspended_on = ClockState.SUSPENDED, today
        read(row, today, current().now)
        row.yellows = int(turned_yellow(rules.Light.OFF, rules.Light(row.light)))
        self.started.append(row)

    def _follow(self, row: Clock, problem: Problem, state: State) -> bool:
        """Take over what changed about the problem. Tells whether the row is another one now."""
        today = current().today
        before = (row.state, row.due, row.work_from, row.unit_id, row.schedule)
        if is_suspended(state) and row.state == ClockState.RUNNING:
            adopt(row, changing.suspended(facts_of(row), today))
            row.state = ClockState.SUSPENDED
        elif not is_suspended(state) and row.state == ClockState.SUSPENDED:
            adopt(row, changing.resumed(facts_of(row), today))
            row.state = ClockState.RUNNING
        if row.kind == ClockKind.RECTIFICATION:
            self._follow_deadline(row, problem)
            row.unit_id = problem.lead_unit_id
        self._set_work(row, problem)
        changed = before != (row.state, row.due, row.work_from, row.unit_id, row.schedule)
        return read(row, today, current().now) or changed

    def _follow_deadline(self, row: Clock, problem: Problem) -> None:
        """The date promised outside is the one that counts: put off by approval, or shifted by the days of a stop."""
        new = problem.external_deadline
        if new in {NEVER, row.due}:
            return
        counted = row.explanation.get("basis", {}).get("from") == "policy"
        row.due = max(new, row.started_on)
        row.due_at = row.began_at = None
        if counted:
            # Until now the date was only counted by policy; the first one promised is the first one.
            row.first_due = row.due
        # What was said of the earlier day says nothing of this one.
        row.unit_word, row.unit_word_on = "", None
        row.office_word, row.office_word_on, row.office_word_why = "", None, ""
        row.explanation = {**row.explanation, "basis": {"from": "external"}}

    def _set_work(self, row: Clock, problem: Problem) -> None:
        """Progress is expected from the day work began in this round, as long as there is work to do: as the plan has it."""
        if row.kind != ClockKind.RECTIFICATION:
            return
        if State(problem.state) not in AT_WORK:
            row.work_from = None
        elif row.work_from is None:
            row.work_from = max(row.started_on, min(current().today, row.due))
        row.schedule = written(self.schedules.get(problem.pk, ()))


def stop(row: Clock, on: date) -> None:
    """What the clock was for is done, or will not be done."""
    row.stopped_on = max(on, row.started_on)
    row.stopped_at = current().now if row.due_at is not None else None
    row.state = ClockState.STOPPED
    read(row, on)


def adopt(row: Clock, facts: rules.Clock) -> None:
    """Write back what a rule made of the clock."""
    row.due, row.due_at, row.began_at = facts.due, facts.due_at, facts.began_at
    row.suspended_on, row.suspended_days = facts.suspended_on, facts.suspended_days
    row.raised_to = facts.raised_to.value if facts.raised_to else ""


def _first_due(problem: Problem, kind: ClockKind, due: date) -> date:
    """The deadline first set stays on show; in a later round the first one is that of the round."""
    if kind is ClockKind.RECTIFICATION and problem.round == 1 and problem.first_deadline is not None:
        return min(problem.first_deadline, due)
    return due


def _dated(problem: Problem, kind: ClockKind, rows: Sequence[Clock], today: date) -> dict[str, date]:
    """The events of this round that other clocks have seen, and the one that starts this clock now."""
    here = {
        row.kind: row.stopped_on for row in rows if row.round == problem.round and row.stopped_on is not None
    }
    dated = {
        name: here[of]
        for name, of in (("acknowledged", ClockKind.ACKNOWLEDGE), ("plan_approved", ClockKind.PLAN))
        if of in here
    }
    starting = {
        ClockKind.PLAN: "acknowledged",
        ClockKind.ACCEPTANCE: "acceptance_applied",
        ClockKind.NOTICE: "noticed",
    }.get(kind)
    if starting is not None:
        dated[starting] = today
    return dated
