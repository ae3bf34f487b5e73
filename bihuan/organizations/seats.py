"""Who sits where today: the people to be told when something waits for a unit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bihuan.journal.action import current
from bihuan.organizations.models import PostKind, StandIn, Tenure, Unit, UnitKind
from bihuan.organizations.spans import in_force
from bihuan.organizations.vacancies import covers_of_units

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

RECEIVE: Final = frozenset({PostKind.LIAISON, PostKind.HANDLER, PostKind.SECTION_HEAD})
"""Who receives for a unit. Where there is nobody of these, its heads are told."""
HEADS: Final = frozenset({PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE})


def seats_of(units: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[tuple[str, uuid.UUID]]]:
    """(kind of post, person) of whoever holds or stands in today, in each unit and its own sections. Two statements."""
    wanted_units, day = set(units), current().today
    wanted = Q(post__unit__in=wanted_units) | Q(
        post__unit__kind=UnitKind.SECTION, post__unit__parent__in=wanted_units
    )
    seats: dict[uuid.UUID, set[tuple[str, uuid.UUID]]] = defaultdict(set)
    for model in (Tenure, StandIn):
        rows = model.objects.filter(wanted, in_force(day), post__closed_on=None)
        for unit, above, kind, person in rows.values_list(
            "post__unit", "post__unit__parent", "post__kind", "person"
        ):
            seats[unit if unit in wanted_units else above].add((kind, person))
    return seats


def receivers_of(units: Iterable[uuid.UUID], *, heads: bool) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Whom a message to each unit reaches: those who receive for it, its heads too where asked or where nobody does."""
    wanted = set(units)
    seats = seats_of(wanted)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for unit in wanted:
        told = {person for post, person in seats[unit] if post in RECEIVE}
        if heads or not told:
            told |= {person for post, person in seats[unit] if post in HEADS}
        found[unit] = told
    return found | _covered({unit for unit, told in found.items() if not told})


def _covered(silent: set[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """A message for a unit in which nobody is to be found reaches who answers in its stead."""
    if not silent:
        return {}
    covers = covers_of_units(Unit.objects.filter(pk__in=silent))
    return {unit: set(chair.people) for unit, chair in covers.items()}
