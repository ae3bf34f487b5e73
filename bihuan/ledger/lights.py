"""The light of a problem beside its row: clocks live in a room above, which says here how to ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uuid

    from bihuan.ledger.models import Problem

Lights = Callable[["Sequence[Problem]"], "Mapping[uuid.UUID, Mapping[str, Any]]"]
_suppliers: list[Lights] = []


def register_lights(supplier: Lights) -> None:
    """The room of the clocks gives the leading light of each problem; called from its AppConfig.ready."""
    _suppliers[:] = [supplier]


def lights_of(problems: Sequence[Problem]) -> dict[uuid.UUID, dict[str, Any]]:
    """Problem id -> its light as a cell of a table, for those that have one."""
    if not problems:
        return {}
    return {
        pk: {"piece": "light", **mark} for supplier in _suppliers for pk, mark in supplier(problems).items()
    }
