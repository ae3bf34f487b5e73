"""Who may edit a calendar. Posts and units live above, so that room registers the answer; until then nobody may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.calendars.models import CalendarYear
from bihuan.journal.action import Actor, NotAllowed

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from bihuan.journal.records import Record


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction that may keep days of its own, as the pages name it."""

    id: uuid.UUID
    name: str


_lineages: list[Callable[[Actor], Sequence[Place]]] = []
_editor_checks: list[Callable[[Actor, uuid.UUID | None], bool]] = []


def register_editor_check(check: Callable[[Actor, uuid.UUID | None], bool]) -> None:
    """Say who edits the calendar of a jurisdiction (None: the national one). Call it in the room's `ready`."""
    _editor_checks[:] = [check]


def register_lineage(lineage: Callable[[Actor], Sequence[Place]]) -> None:
    """Say which jurisdictions an actor's post lies in, nearest first. Call it in the room's `ready`."""
    _lineages[:] = [lineage]


def lineage_of(actor: Actor) -> list[Place]:
    """The jurisdictions above an actor, nearest first; none until somebody above this room says so."""
    return [place for lineage in _lineages for place in lineage(actor)]


def may_edit(actor: Actor, jurisdiction: uuid.UUID | None) -> bool:
    """Whether the actor keeps the calendar of this jurisdiction (None: the national one)."""
    return actor.system or any(check(actor, jurisdiction) for check in _editor_checks)


def may_edit_calendar(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Whoever keeps the calendar of every jurisdiction touched, and the program itself."""
    touched = {year.jurisdiction for year in subjects if isinstance(year, CalendarYear)}
    if not subjects:
        touched.add(arguments.get("jurisdiction"))
    if not all(may_edit(actor, jurisdiction) for jurisdiction in touched):
        raise NotAllowed(_("您无权修改这个地区的日历。"), accepted=_("请由该地区的整改办或系统管理员修改。"))
