"""What the log auditor reads: the access log, and the journal without its contents.

Contents of business streams stay with those who see the business. Which kinds of stream may be listed at all, each
room says for its own (`open_journal`), with a way to leave out what is restricted; nothing is listed by default.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from bihuan.journal import access
from bihuan.journal.action import VERBS
from bihuan.journal.models import AccessEntry, JournalEvent
from bihuan.organizations.models import Person, Post

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    Hidden = Callable[[], Any]

_open_kinds: dict[str, tuple[Any, Hidden | None]] = {}
PAGE = 50


def open_journal(kinds: Mapping[str, Any], *, hidden: Hidden | None = None) -> None:
    """List streams of these kinds (kind -> label) on the journal page.

    `hidden` gives the ids of the streams to leave out, as a queryset or a list.
    """
    for kind, label in kinds.items():
        _open_kinds[kind] = (label, hidden)


def kind_label(kind: str) -> Any:
    """What people call a kind of stream."""
    return _open_kinds.get(kind, (kind, None))[0]


@cache
def _verb_labels() -> dict[str, Any]:
    """The labels every room keeps beside its verbs, found as Django finds admin modules: no room can be forgotten."""
    found: dict[str, Any] = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.verbs"
        if app.name.startswith("bihuan.") and find_spec(name):
            labels = getattr(import_module(name), "LABELS", {})
            found.update({str(verb): label for verb, label in labels.items()})
    return found


def verb_label(verb: str) -> str:
    """What people call a verb, or a reaction, in the reader's language."""
    return str(_verb_labels().get(verb, verb))


def known_verbs() -> list[tuple[str, str]]:
    """(verb, label) of every registered action."""
    return [(verb, verb_label(verb)) for verb in sorted(VERBS)]


def journal_page(
    *, verb: str = "", name: str = "", before: tuple[datetime, uuid.UUID, int] | None = None
) -> list[JournalEvent]:
    """Events of the open kinds, newest first, one more than a page shows; `before` is the last row of the page before."""
    events = JournalEvent.objects.filter(kind__in=_open_kinds).defer("hash")
    for kind, (_label, hidden) in _open_kinds.items():
        if hidden is not None:
            events = events.exclude(kind=kind, stream__in=hidden())
    if verb:
        events = events.filter(verb=verb)
    if name:
        events = events.filter(person__in=people_named(name))
    if before is not None:
        at, stream, seq = before
        same = Q(recorded_at=at) & (Q(stream__lt=stream) | Q(stream=stream, seq__lt=seq))
        events = events.filter(Q(recorded_at__lt=at) | same).filter(recorded_at__lte=at)
    return list(events.order_by("-recorded_at", "-stream", "-seq")[: PAGE + 1])


def access_page(
    *, what: str = "", outcome: str = "", name: str = "", before: int | None = None
) -> list[AccessEntry]:
    """Entries of the access log, newest first, one more than a page shows."""
    # Read where it is written: the log has a connection of its own.
    entries = AccessEntry.objects.using(access.LOG)
    if what:
        entries = entries.filter(what__startswith=what)
    if outcome:
        entries = entries.filter(outcome=outcome)
    if name:
        entries = entries.filter(person__in=people_named(name))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(entries.order_by("-pk")[: PAGE + 1])


def people_named(name: str) -> list[uuid.UUID]:
    """The ids of the people whose name holds the words."""
    return list(Person.objects.filter(name__icontains=name).values_list("pk", flat=True))


def names_of(entries: Iterable[AccessEntry]) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, str]]:
    """The names of the persons and posts that entries mention."""
    found = list(entries)
    people = Person.objects.in_bulk({one.person for one in found if one.person})
    posts = Post.objects.in_bulk({one.post for one in found if one.post})
    return (
        {pk: person.name for pk, person in people.items()},
        {pk: post.name for pk, post in posts.items()},
    )
