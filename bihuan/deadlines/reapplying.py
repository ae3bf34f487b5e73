"""Putting running clocks under another version of a policy, by a decision that names the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.deadlines import rules
from bihuan.deadlines.keeping import adopt
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.readings import facts_of, read
from bihuan.deadlines.terms import CODES, NEVER, Terms, events_of, moment_of
from bihuan.journal.action import current
from bihuan.ledger.models import Problem
from bihuan.policies.queries import quote

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.policies.models import Policy


def reapply(policy: Policy, cases: Sequence[uuid.UUID]) -> list[Clock]:
    """Apply a version of a deadline or of the lights to the clocks still open of these problems."""
    act = current()
    problems = list(
        Problem.objects.filter(pk__in=cases).select_related("source", "sector", "jurisdiction", "batch")
    )
    act.lock(problems)
    quote(policy)
    rows = Clock.objects.filter(problem__in=problems).exclude(state=ClockState.STOPPED)
    kind = CODES.get(policy.code)
    if kind is not None:
        rows = rows.filter(kind=kind)
    terms = Terms(act.today)
    changed = []
    for row in rows.select_related(
        "problem__source", "problem__jurisdiction", "problem__batch", "policy", "lights_policy"
    ):
        if kind is None:
            row.lights_policy = policy
        else:
            row.policy = policy
            _count_again(row, kind, policy, terms)
        read(row, act.today, act.now)
        changed.append(row)
    Clock.objects.save_all(changed)
    return changed


def _count_again(row: Clock, kind: ClockKind, policy: Policy, terms: Terms) -> None:
    """A version gives more time or leaves the date: nobody becomes late by a rule made afterwards."""
    if kind is ClockKind.RECTIFICATION and row.problem.external_deadline != NEVER:
        return
    if row.state != ClockState.RUNNING or "until" in row.explanation.get("basis", {}):
        return
    begun = {name: moment_of(row.started_on) for name in ("acknowledged", "acceptance_applied", "noticed")}
    found = terms.due_day(
        row.problem, kind, policy, events={**events_of(row.problem, {}), **begun}, notice_until=None
    )
    if found.day > row.due:
        adopt(row, rules.extended(facts_of(row), found.day))
        row.due_at = found.at
        row.explanation = {**row.explanation, "basis": found.basis}
