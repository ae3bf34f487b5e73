"""What if a version of a deadline had held for the cases of a period: who would have been late, and who would not.

Read-only, by the very rules that count days when a clock starts. A date promised outside or approved counts as it
stands, so clocks that keep one are told apart and not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from bihuan.deadlines.models import Clock
from bihuan.deadlines.readings import facts_of
from bihuan.deadlines.rules import was_late
from bihuan.deadlines.terms import CODES, Terms, events_behind
from bihuan.journal import timesource
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.policies.queries import chain_of
from bihuan.policies.rules import Case, covers, weight_of

if TYPE_CHECKING:
    from datetime import date

    from bihuan.deadlines.rules import Clock as Facts
    from bihuan.journal.action import Actor
    from bihuan.policies.models import Policy

MOST: Final = 5000
RELATED: Final = ("problem__source", "problem__sector", "problem__jurisdiction", "problem__batch", "policy")


@dataclass(frozen=True)
class Outcome:
    """One clock as it was and as it would have been: its day, and whether it was late; today, where it still runs."""

    clock: Clock
    due: tuple[date, date]
    late: tuple[bool, bool]

    @property
    def differs(self) -> bool:
        """Whether the version would have made or unmade lateness."""
        return self.late[0] != self.late[1]


@dataclass(frozen=True)
class Answer:
    """What the version would have made of the clocks it would have set, how many it could not have moved, and whether
    there were more than are looked at.
    """

    outcomes: list[Outcome]
    fixed: int
    more: bool

    def late(self, side: int) -> int:
        """How many were late (0), or would have been (1)."""
        return sum(one.late[side] for one in self.outcomes)


def what_if(policy: Policy, actor: Actor, since: date, until: date) -> Answer:
    """Count the clocks of a period again under a version, in force or still to come; nothing is written."""
    seen = visible(actor, Problem.objects.filter(jurisdiction__path__under=policy.jurisdiction.path))
    rows = Clock.objects.filter(
        kind=CODES[policy.code], started_on__range=(since, until), problem__in=seen
    ).select_related(*RELATED)
    found = list(rows.order_by("problem__problem_no", "round", "started_on")[: MOST + 1])
    terms = Terms(timesource.today())
    meant = [row for row in found[:MOST] if would_decide(policy, row.problem, row.policy)]
    counted = [row for row in meant if row.explanation.get("basis", {}).get("from") == "policy"]
    return Answer(
        [_outcome(policy, row, terms) for row in counted], len(meant) - len(counted), len(found) > MOST
    )


def would_decide(policy: Policy, problem: Problem, kept: Policy | None) -> bool:
    """Whether it would have been chosen over the version a clock keeps: the same scope, or a nearer fitting one."""
    case = Case(
        source=problem.source.code,
        sector=problem.sector.code,
        grade=problem.grade,
        supervision_level=problem.supervision_level,
    )
    if not covers(policy, case):
        return False
    places = chain_of(problem.jurisdiction)
    near = {place: -distance for distance, place in enumerate(places)}

    def rank(one: Policy) -> tuple[object, ...]:
        return (*weight_of(one), near.get(one.jurisdiction_id, -len(places)))

    return kept is None or rank(policy) >= rank(kept)


def _outcome(policy: Policy, row: Clock, terms: Terms) -> Outcome:
    kind = CODES[policy.code]
    found = terms.due_day(
        row.problem, kind, policy, events=events_behind(row), notice_until=None, promised=False
    )
    # Days the clock stood still were added to what was counted, and would have been to this.
    still = timedelta(days=row.suspended_days)
    would = replace(facts_of(row), due=found.day + still, due_at=found.at and found.at + still)
    return Outcome(row, (row.due, would.due), (_late(facts_of(row)), _late(would)))


def _late(facts: Facts) -> bool:
    """Whether the clock ended too late; one that still runs is judged as if it ended now."""
    if facts.ended_on is not None:
        return was_late(facts)
    moment = timezone.localtime(timesource.now())
    return was_late(replace(facts, ended_on=moment.date(), ended_at=moment))
