"""What becomes of proposals whose clock has stopped: they lapse, for there is nothing left to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.deadlines.models import LadderStep
from bihuan.journal.action import current

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable


def lapse(clocks: Iterable[uuid.UUID]) -> None:
    """Inside an action: proposals of these clocks that nobody took up. What is before an approver lapses with it."""
    stopped = list(clocks)
    if not stopped:
        return
    rows = list(LadderStep.objects.filter(clock__in=stopped, state=LadderStep.State.PROPOSED).order_by("id"))
    current().lock(rows)
    for row in rows:
        if row.state == LadderStep.State.PROPOSED:
            row.state, row.settled_on = LadderStep.State.LAPSED, current().today
    LadderStep.objects.save_all(rows)
