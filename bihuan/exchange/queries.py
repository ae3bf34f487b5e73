"""Reading this room."""

from __future__ import annotations

from django.db.models import QuerySet

from bihuan.exchange.models import ApiKey
from bihuan.journal.action import Actor
from bihuan.journal.timesource import today


def keys_of(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the actor's own person, the newest first."""
    found: QuerySet[ApiKey] = ApiKey.objects.filter(person=actor.person)
    return found.select_related("post__unit").order_by("-made_at", "-id")


def opens(key: ApiKey) -> bool:
    """Whether programs still get in with it, as long as its person holds the post."""
    return key.withdrawn_at is None and key.expires_on >= today()
