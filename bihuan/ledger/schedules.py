"""How far the work on a problem should be by when, as its approved plan says: plans live in a room above, which answers here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import uuid

    from bihuan.ledger.models import Problem


class PlannedPart(NamedTuple):
    """One of the measures a plan is made of; all weigh the same. A milestone says (day, per cent), due by that day's end."""

    number: str
    start: date
    due: date
    milestones: tuple[tuple[date, int], ...] = ()

    def moved(self, by: timedelta) -> PlannedPart:
        """The same, put off as a whole."""
        milestones = tuple((day + by, percent) for day, percent in self.milestones)
        return self._replace(start=self.start + by, due=self.due + by, milestones=milestones)


Schedules = Callable[["Collection[Problem]"], "Mapping[uuid.UUID, tuple[PlannedPart, ...]]"]
_suppliers: list[Schedules] = []


def register_schedules(supplier: Schedules) -> None:
    """The room of the plans tells of those in force; called from its AppConfig.ready."""
    _suppliers[:] = [supplier]


def schedules_of(problems: Collection[Problem]) -> dict[uuid.UUID, tuple[PlannedPart, ...]]:
    """Problem -> the parts of its plan, where a plan says how far the work should be."""
    if not problems:
        return {}
    return {pk: parts for supplier in _suppliers for pk, parts in supplier(problems).items()}
