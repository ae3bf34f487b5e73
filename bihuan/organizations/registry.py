"""What a post still has to do, told by the rooms above: each registers a function that lists its open items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.models import Post


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
