"""Between a clock's row and the ladder's rule: what the rule is told, when to ask it again, and what is proposed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from bihuan.deadlines.ladder import rules
from bihuan.deadlines.ladder.rules import Climbed, Decision, Facts, Ladder, Rung, decide
from bihuan.deadlines.models import Clock, ClockKind, ClockState, Conduct, LadderStep
from bihuan.deadlines.rules import Light
from bihuan.journal.action import current
from bihuan.journal.ahead import rows_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Hashable, Iterable

    from bihuan.deadlines.terms import Terms
    from bihuan.ledger.models import Problem

CRITICAL: Final = "critical"
UNSETTLED: Final = (LadderStep.State.PROPOSED, LadderStep.State.ASKED)


class Climber:
    """The ladder of one bundle of problems: two queries for however many, and alike clocks decided once."""

    def __init__(self, terms: Terms, problems: Iterable[uuid.UUID]) -> None:
        self.terms = terms
        self._now = timezone.localtime(current().now)
        ids = list(problems)
        self._steps: dict[uuid.UUID, list[LadderStep]] = defaultdict(list)
        self._conducts: set[tuple[uuid.UUID, int]] = set()
        self._ladders: dict[uuid.UUID, Ladder] = {}
        self._decided: dict[Hashable, Decision] = {}
        if not ids:
            return
        steps = rows_of(LadderStep, "problem_id", ids)
        for step in sorted(steps, key=lambda step: (step.proposed_on, step.id)):
            self._steps[step.problem_id].append(step)
        self._conducts = {
            (row.problem_id, row.round)
            for row in rows_of(Conduct, "problem_id", ids)
            if row.state == Conduct.State.DETERMINED
        }

    def look(self, row: Clock) -> None:
        """Set when the ladder is to be asked again. What is due already is proposed by the next run of the sweep."""
        found = self.decision(row)
        row.next_rung = self.terms.on if found.fires else found.next_look
        row.ladder_wait = found.wait.value if not found.fires else ""

    def climb(self, row: Clock) -> list[LadderStep]:
        """What is due on this clock, as new rows; and when to ask again once they stand."""
        fires = self.decision(row).fires
        steps = [self._step(row, firing) for firing in fires]
        self._steps[row.problem_id].extend(steps)
        self.look(row)
        return steps

    def decision(self, row: Clock) -> Decision:
        """What the ladder the clock keeps says today."""
        policy = row.ladder_policy
        if policy is None or row.kind == ClockKind.NOTICE:
            # A public notice only has to hang for its days: nobody is late with it.
            return Decision()
        facts = self.facts_of(row)
        alike = (facts, policy.pk, row.problem.jurisdiction_id)
        if alike not in self._decided:
            if policy.pk not in self._ladders:
                self._ladders[policy.pk] = Ladder.from_record(policy.body)
            days = self.terms.calendar(row.problem)
            self._decided[alike] = decide(facts, self._ladders[policy.pk], self.terms.on, days, now=self._now)
        return self._decided[alike]

    def facts_of(self, row: Clock) -> Facts:
        """The row as the rule sees it."""
        problem: Problem = row.problem
        steps = self._steps.get(row.problem_id, [])
        mine = [step for step in steps if step.clock_id == row.pk]
        sent = [step.number for step in mine if step.rung == Rung.REMINDER and step.due == row.due]
        return Facts(
            rectification=row.kind == ClockKind.RECTIFICATION,
            running=row.state == ClockState.RUNNING,
            presses_lead=row.kind != ClockKind.ACCEPTANCE,
            started=row.started_on,
            due=row.due,
            began_at=row.began_at,
            due_at=row.due_at and timezone.localtime(row.due_at),
            light=Light(row.light),
            yellows=row.yellows,
            returns=problem.returns,
            critical=problem.urgency == CRITICAL,
            conduct=(row.problem_id, row.round) in self._conducts,
            busy=any(step.clock_id != row.pk and step.state in UNSETTLED for step in steps),
            reminded=max(sent, default=None),
            climbed=tuple(
                Climbed(rung=Rung(step.rung), due=step.due, settled_on=step.settled_on)
                for step in mine
                if step.rung != Rung.REMINDER
            ),
        )

    def _step(self, row: Clock, firing: rules.Firing) -> LadderStep:
        reminds = firing.rung is Rung.REMINDER
        step: LadderStep = LadderStep.newly(
            problem=row.problem,
            clock=row,
            rung=firing.rung.value,
            number=firing.number,
            due=row.due,
            trigger=firing.trigger.value,
            facts=dict(firing.data),
            policy=row.ladder_policy,
            state=(LadderStep.State.SENT if reminds else LadderStep.State.PROPOSED).value,
            proposed_on=self.terms.on,
            settled_on=self.terms.on if reminds else None,
        )
        return step


def look_again(rows: Iterable[Clock], terms: Terms) -> None:
    """Set anew when the ladder is asked about these clocks, whose facts have just changed; the caller saves them."""
    clocks = list(rows)
    climber = Climber(terms, {row.problem_id for row in clocks})
    for row in clocks:
        climber.look(row)


def look_again_at(problems: Iterable[uuid.UUID], terms: Terms) -> None:
    """The same for all running clocks of these problems, read and saved here; inside an action that locked them."""
    rows = list(
        Clock.objects.filter(problem__in=list(problems), state=ClockState.RUNNING)
        .select_related("problem__jurisdiction", "ladder_policy")
        .order_by("id")
    )
    look_again(rows, terms)
    Clock.objects.save_all(rows)
