"""Reading what this room keeps: orders, plan trees, evidence, verdicts, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.rectification.models import AssignmentOrder, OrderItem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor


def order_items_seen(actor: Actor | None, order: AssignmentOrder) -> QuerySet[OrderItem]:
    """The rows of an order whose problems the actor may know of."""
    seen = visible(actor, Problem.objects.all())
    found: QuerySet[OrderItem] = OrderItem.objects.filter(order=order, problem__in=seen)
    return found.select_related("problem", "lead_unit").order_by("problem__problem_no")
