"""The slices of the ledger somebody keeps for themselves."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet

from bihuan.journal.action import Actor
from bihuan.ledger.models import SavedView

VIEW: Final = "view"


def in_address(view: SavedView) -> str:
    """The slice as an address asks for it, and that it was this view that was chosen: several may keep the same one."""
    return "&".join(filter(None, (view.query, urlencode({VIEW: view.pk}))))


def views_of(actor: Actor) -> QuerySet[SavedView]:
    """One's own, in their order; one that was dropped has lost its name."""
    found: QuerySet[SavedView] = SavedView.objects.filter(person=actor.person, name__gt="")
    return found.order_by("position", "id")
