"""The unit tree as functions of a unit."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from bihuan.journal.ahead import remembered_in_block
from bihuan.organizations.ltree import path_under
from bihuan.organizations.remembering import by_id

if TYPE_CHECKING:
    from bihuan.organizations.models import Unit


def path_of(unit: Unit) -> str:
    """The unit's place in the tree, from its parent's."""
    return path_under(unit.parent.path if unit.parent else "", unit.pk)


def ids_on(path: str) -> list[uuid.UUID]:
    """The ids of the units on a path, from the root down to the unit itself."""
    return [uuid.UUID(hex=label) for label in path.split(".") if label]


@remembered_in_block
def upwards(unit: Unit) -> list[Unit]:
    """The unit, its parent, and so on to the root; one query."""
    ids = ids_on(unit.path)
    found = by_id(type(unit), ids)
    return [found[pk] for pk in reversed(ids) if pk in found]


def nearest_jurisdiction(unit: Unit) -> Unit | None:
    """The jurisdiction a unit belongs to: itself or the nearest unit above with a rectification office of its own."""
    if unit.is_jurisdiction:
        return unit
    return next((one for one in upwards(unit) if one.is_jurisdiction), None)


def home_of(unit: Unit) -> Unit:
    """The organ a section belongs to: the nearest unit at or above it that is more than a section (内设机构)."""
    from bihuan.organizations.models import UnitKind

    if unit.kind != UnitKind.SECTION:
        return unit
    return next((one for one in upwards(unit) if one.kind != UnitKind.SECTION), unit)
