"""What this room tells those below it: when a unit was told that somebody comes to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.lookback.models import Lookback
from bihuan.rectification.before_verdicts import register_visits
from bihuan.rectification.exemplars import register_held

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date

    from bihuan.ledger.models import Problem


def register() -> None:
    """Called once, when the program starts."""
    register_visits(visits_to)
    register_held(held_of)


def held_of(problems: Sequence[Problem]) -> set[uuid.UUID]:
    """Those whose last look-back found that they held."""
    rows = Lookback.objects.filter(
        problem__in=problems, state__in=[Lookback.State.HELD, Lookback.State.REBOUNDED]
    )
    last = dict(rows.order_by("on", "id").values_list("problem_id", "state"))
    return {problem for problem, state in last.items() if state == Lookback.State.HELD}


def visits_to(problem: Problem) -> list[date]:
    """The days of look-backs at any problem of the same lead unit that were sent out and not kept covert."""
    if problem.lead_unit_id is None:
        return []
    sent = Lookback.objects.filter(
        problem__lead_unit=problem.lead_unit_id, inspector_unit__isnull=False, covert=False
    ).exclude(state=Lookback.State.DROPPED)
    return list(sent.values_list("due_on", flat=True).distinct())
