"""What a post or a unit still has to do, told by the rooms above: each registers a function that lists its open items,
and a condition by which the database finds posts and units that something waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    import uuid

    from django.utils.functional import _StrPromise

    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Person, Post


@dataclass(frozen=True)
class OpenItem:
    """One thing that waits for the holder of a post.

    `kind` names the sort of thing (``problem``, ``approval``), `number` is what people call it. Titles stay out:
    the list is kept for good, and a title may have to be expunged.
    """

    kind: str
    id: uuid.UUID
    number: str = ""
    waits_for: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it stands in a handover."""
        return {"kind": self.kind, "id": str(self.id), "number": self.number, "waits_for": self.waits_for}


Listing = Callable[["Post"], Iterable[OpenItem]]
_listings: dict[str, Listing] = {}


def register_open_items(name: str, listing: Listing) -> None:
    """A room says how to list the open items of a post; called from its AppConfig.ready."""
    _listings[name] = listing


def open_items_of(post: Post) -> list[OpenItem]:
    """Everything that waits for the post, room after room."""
    return [item for name in sorted(_listings) for item in _listings[name](post)]


PersonPage = Callable[["Actor", "Person"], str]
_person_pages: list[tuple[_StrPromise, PersonPage]] = []


def register_person_page(label: _StrPromise, address: PersonPage) -> None:
    """A room above has a page about a person; `address` gives it to whoever may open it, and nothing to others."""
    if label not in [known for known, _address in _person_pages]:
        _person_pages.append((label, address))


def pages_about(actor: Actor, person: Person) -> list[tuple[str, str]]:
    """(words, address) of the pages about a person the actor may open."""
    found = [(str(label), address(actor, person)) for label, address in _person_pages]
    return [(words, url) for words, url in found if url]


Condition = Callable[[], Q]
_duties: dict[str, tuple[Condition | None, Condition | None]] = {}


def register_duties(name: str, *, posts: Condition | None = None, units: Condition | None = None) -> None:
    """A room says which posts, and which units, something waits for: conditions on `Post` and on `Unit`."""
    _duties[name] = (posts, units)


def with_duties(*, of_units: bool) -> Q:
    """Posts (or units) that some room has something waiting for."""
    found = Q(pk__in=[])
    for name in sorted(_duties):
        condition = _duties[name][1 if of_units else 0]
        if condition is not None:
            found |= condition()
    return found
