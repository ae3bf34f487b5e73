"""What this room tells those below it: when a unit was told that somebody comes to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.lookback.models import Lookback
from bihuan.rectification.before_verdicts import register_visits

if TYPE_CHECKING:
    from datetime import date

    from bihuan.ledger.models import Problem


def register() -> None:
    """Called once, when the program starts."""
    register_visits(visits_to)


def visits_to(problem: Problem) -> list[date]:
    """The days of look-backs at any problem of the same lead unit that were sent out and not kept covert."""
    if problem.lead_unit_id is None:
        return []
    sent = Lookback.objects.filter(
        problem__lead_unit=problem.lead_unit_id, inspector_unit__isnull=False, covert=False
    ).exclude(state=Lookback.State.DROPPED)
    return list(sent.values_list("due_on", flat=True).distinct())
