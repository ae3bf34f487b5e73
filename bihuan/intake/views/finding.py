"""Finding the batch or document a page is about: outsiders get the same answer as for one that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from bihuan.intake.models import IntakeDocument
from bihuan.intake.policy import has_desk, sees_batch
from bihuan.journal import access
from bihuan.ledger.models import Batch

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from bihuan.journal.action import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; somebody without a post has nothing to do here."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Http404
    return actor


def require_desk(request: HttpRequest) -> Actor:
    """The actor, if they work at one of the two desks."""
    actor = actor_of(request)
    if not has_desk(actor):
        raise Http404
    return actor


def find_batch(request: HttpRequest, pk: UUID) -> Batch:
    """The batch, if it exists for the actor."""
    actor = actor_of(request)
    found: Batch | None = (
        Batch.objects.select_related("source", "jurisdiction", "channel").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    if not sees_batch(actor, found):
        access.record(actor, "refused:intake.batch", outcome="NotVisible", subjects=[found])
        raise Http404
    if found.channel_id is not None:
        access.record(actor, "restricted:intake.batch", subjects=[found])
    return found


def find_document(request: HttpRequest, pk: UUID) -> IntakeDocument:
    """The document, if its batch exists for the actor."""
    document: IntakeDocument | None = (
        IntakeDocument.objects.select_related("file__blob").filter(pk=pk).first()
    )
    if document is None:
        actor_of(request)
        raise Http404
    document.batch = find_batch(request, document.batch_id)
    return document
