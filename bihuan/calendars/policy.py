"""Who may edit a calendar. Posts and units live above, so that room registers the answer; until then nobody may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.calendars.models import CalendarYear
from bihuan.journal.action import Actor, NotAllowed

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from bihuan.journal.records import Record

_editor_checks: list[Callable[[Actor, uuid.UUID | None], bool]] = []


def register_editor_check(check: Callable[[Actor, uuid.UUID | None], bool]) -> None:
    """Say who edits the calendar of a jurisdiction (None: the national one). Call it in the room's `ready`."""
    _editor_checks[:] = [check]


def may_edit_calendar(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Whoever keeps the calendar of every jurisdiction touched, and the program itself."""
    if actor.system:
        return
    touched = {year.jurisdiction for year in subjects if isinstance(year, CalendarYear)}
    if not subjects:
        touched.add(arguments.get("jurisdiction"))
    if not _editor_checks or not all(_editor_checks[0](actor, jurisdiction) for jurisdiction in touched):
        raise NotAllowed(_("您无权修改这个地区的日历。"), accepted=_("请由该地区的整改办或系统管理员修改。"))
