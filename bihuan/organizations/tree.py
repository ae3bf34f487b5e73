"""The unit tree as functions of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.organizations.ltree import path_under

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit


def path_of(unit: Unit) -> str:
    """The unit's place in the tree, from its parent's."""
    return path_under(unit.parent.path if unit.parent else "", unit.pk)
