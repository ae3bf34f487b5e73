"""Writing down the next look-back, inside an open action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.journal.action import current
from bihuan.ledger.rigour import policy_of
from bihuan.lookback.models import Lookback
from bihuan.lookback.rules import Terms, next_due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.ledger.models import Problem

POLICY = "lookback"


def schedule_next(problems: Iterable[Problem]) -> list[Lookback]:
    """The next look-back of each ended problem, where policy wants one and none waits."""
    rows = [row for row in (_next_of(problem) for problem in problems) if row is not None]
    created: list[Lookback] = Lookback.objects.bulk_create(rows)
    return created


def _next_of(problem: Problem) -> Lookback | None:
    today = current().today
    known = list(Lookback.objects.filter(problem=problem, round=problem.round).order_by("on", "id"))
    if any(row.state == Lookback.State.SCHEDULED for row in known):
        return None
    held = [row.on for row in known if row.state == Lookback.State.HELD and row.on is not None]
    terms = Terms.from_record(policy_of(problem, POLICY).body)
    due = next_due(problem.closed_on or today, held, terms)
    if due is None:
        return None
    # A ledger taken over holds endings of years ago; what should have been looked at is looked at now.
    return Lookback(problem=problem, round=problem.round, due_on=max(due, today))
