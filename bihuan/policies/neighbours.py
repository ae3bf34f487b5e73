"""What rooms above add to the page of a version: this room knows neither clocks nor problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bihuan.policies.models import Policy

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

Offers = Callable[[Policy], list[tuple[Any, str, Any, tuple[Any, ...], Any]]]
"""What may be done with a version: label, address, action, subjects, what follows."""
Table = Callable[["Actor", Policy], "tuple[Any, dict[str, Any]] | None"]
"""A heading and a table about a version, for those who may see it."""

_offers: list[Offers] = []
_tables: list[Table] = []


def register_offers(offers: Offers) -> None:
    """Add what a room above can do with a version."""
    if offers not in _offers:
        _offers.append(offers)


def register_table(draw: Table) -> None:
    """Add what a room above knows of a version."""
    if draw not in _tables:
        _tables.append(draw)


def offers_for(policy: Policy) -> list[Any]:
    """Everything the rooms above can do with this version."""
    return [offer for offers in _offers for offer in offers(policy)]


def tables_of(actor: Actor, policy: Policy) -> list[dict[str, Any]]:
    """Everything the rooms above tell this reader of this version."""
    drawn = [found for draw in _tables if (found := draw(actor, policy)) is not None]
    return [{"title": title, "table": table} for title, table in drawn]
