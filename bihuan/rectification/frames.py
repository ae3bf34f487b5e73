"""What the order wrote of tasks and measures: the frame of the unit's plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.rules import frame_lines

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


@dataclass(frozen=True)
class Frame:
    """Lines a plan may add to and drop none of; empty where the order left it to the unit."""

    tasks: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


def frame_of(problem: Problem) -> Frame:
    """The frame of the plan of this round: of the last order issued. A round after a rebound is bound by none."""
    if problem.round > 1:
        return Frame()
    row = (
        OrderItem.objects.filter(problem=problem, order__state=AssignmentOrder.State.ISSUED)
        .order_by("-id")
        .only("task", "measure")
        .first()
    )
    return Frame(tuple(frame_lines(row.task)), tuple(frame_lines(row.measure))) if row else Frame()
