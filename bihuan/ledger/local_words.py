"""By which names the reader's own place knows the entries of the office's lists, and which of them it does not use.

Like the language, this belongs to the request: a county may call an inherited sector by a name of its own, and its
people read that name on every page. One small query a request, asked only where a label is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bihuan.organizations.sight import sight_of
from bihuan.organizations.tree import ids_on

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from bihuan.journal.action import Actor


class Wording(NamedTuple):
    """What a place made of an inherited entry."""

    zh: str
    en: str
    hidden: bool


class Place:
    """Where somebody reads from: the units on the way up from their own, nearest first; worked out when asked."""

    def __init__(self, reader: Callable[[], Actor | None]) -> None:
        self._reader = reader

    @cached_property
    def units(self) -> list[uuid.UUID]:
        """Their ids; none for the program itself and for administrators, who have no business here."""
        return list(reversed(ids_on(sight_of(self._reader()).unit_path)))

    @cached_property
    def wordings(self) -> dict[tuple[str, str], Wording]:
        """(list, code) -> what holds here; what stands nearer wins over what stands above it."""
        from bihuan.ledger.models import LocalWording

        rows = LocalWording.objects.filter(jurisdiction__in=self.units)
        found: dict[tuple[str, str], Wording] = {}
        for row in sorted(rows, key=lambda row: -self.units.index(row.jurisdiction_id)):
            if row.zh or row.hidden:
                found[row.list_name, row.code] = Wording(row.zh, row.en, row.hidden)
            else:
                found.pop((row.list_name, row.code), None)
        return found


_place: ContextVar[Place | None] = ContextVar("place_of_reader", default=None)


class ReadersPlace:
    """Middleware behind the one that says who acts: for the length of a request, labels are those of their place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _place.set(Place(lambda: getattr(request, "actor", None)))
        try:
            return self.get_response(request)
        finally:
            _place.reset(token)


def place_of_reader() -> Place | None:
    """Where the reader is; none outside a request."""
    return _place.get()


def words_here(list_name: str, code: str) -> tuple[str, str] | None:
    """The names the reader's place gave an entry, or nothing where it keeps the inherited ones."""
    place = _place.get()
    if place is None or not place.units:
        return None
    wording = place.wordings.get((list_name, code))
    return (wording.zh, wording.en) if wording is not None and wording.zh else None
