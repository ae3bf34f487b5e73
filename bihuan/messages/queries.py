"""A person's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.journal import timesource
from bihuan.messages.models import Message

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.db.models import QuerySet

PAGE = 50


def unread(person: uuid.UUID) -> QuerySet[Message]:
    """What a person has not read yet, newest first."""
    return Message.objects.filter(to_person=person, read_at__isnull=True).order_by("-created_at", "-id")


def unread_count(person: uuid.UUID) -> int:
    """How many; the number on the bell."""
    return unread(person).count()


def recent(person: uuid.UUID, *, before: uuid.UUID | None = None, size: int = PAGE) -> list[Message]:
    """A page of a person's messages, newest first; `before` is the last id of the page before."""
    found = Message.objects.filter(to_person=person)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:size])


def mark_read(person: uuid.UUID, messages: Iterable[uuid.UUID] | None = None) -> int:
    """A person has read some messages, or all of theirs. Nobody reads another's."""
    found = Message.objects.filter(to_person=person, read_at__isnull=True)
    if messages is not None:
        found = found.filter(pk__in=list(messages))
    return found.update(read_at=timesource.now())


def mark_link_read(person: uuid.UUID, link: str) -> int:
    """Looking at the page a message points to is reading it."""
    return Message.objects.filter(to_person=person, link=link, read_at__isnull=True).update(
        read_at=timesource.now()
    )
