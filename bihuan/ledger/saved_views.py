"""The slices of the ledger somebody keeps for themselves."""

from __future__ import annotations

from django.db.models import QuerySet

from bihuan.journal.action import Actor
from bihuan.ledger.models import SavedView


def views_of(actor: Actor) -> QuerySet[SavedView]:
    """One's own, in their order; one that was dropped has lost its name."""
    found: QuerySet[SavedView] = SavedView.objects.filter(person=actor.person, name__gt="")
    return found.order_by("position", "id")
