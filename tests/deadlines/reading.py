"""What the tests of clocks look at: rows and events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.deadlines.models import Clock
from bihuan.journal.models import JournalEvent

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


def running(problem: Problem) -> dict[str, Clock]:
    """The open clocks of a problem, by kind."""
    rows = Clock.objects.filter(problem=problem).exclude(state="stopped")
    return {row.kind: row for row in rows.select_related("policy", "lights_policy", "problem")}


def stopped(problem: Problem, kind: str) -> list[Clock]:
    """The stopped clocks of one kind, the oldest first."""
    return list(Clock.objects.filter(problem=problem, kind=kind, state="stopped").order_by("id"))


def events(problem: Problem, verb: str = "") -> list[dict[str, Any]]:
    """The events of a problem's stream in order, perhaps of one verb only."""
    bodies = [row.body for row in JournalEvent.objects.filter(stream=problem.pk).order_by("seq")]
    return [body for body in bodies if not verb or body["verb"] == verb]
