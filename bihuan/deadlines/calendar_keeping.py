"""Who keeps which calendar: told to the room below, which knows neither units nor posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.calendars.policy import Place, register_editor_check, register_lineage
from bihuan.organizations.authority import has_role, is_coordinator, is_reviewer, jurisdiction_of
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.tree import ids_on

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Actor


def register() -> None:
    """Called once, when the program starts."""
    register_editor_check(keeps_calendar)
    register_lineage(places_above)


def keeps_calendar(actor: Actor, jurisdiction: uuid.UUID | None) -> bool:
    """The office of the place keeps its calendar; the national one falls to the office at the top of this ledger."""
    if has_role(actor, Role.SYSTEM_ADMINISTRATOR):
        return True
    if jurisdiction is None:
        places = places_above(actor)
        top = Unit.objects.filter(pk=places[-1].id).first() if places else None
    else:
        top = Unit.objects.filter(pk=jurisdiction, is_jurisdiction=True).first()
    return top is not None and (is_coordinator(actor, top) or is_reviewer(actor, top))


def places_above(actor: Actor) -> list[Place]:
    """The jurisdictions the actor's post lies in, nearest first."""
    own = jurisdiction_of(actor)
    if own is None:
        return []
    units = Unit.objects.filter(pk__in=ids_on(own.path), is_jurisdiction=True)
    return [Place(unit.pk, unit.name) for unit in sorted(units, key=lambda unit: -unit.path.count("."))]
