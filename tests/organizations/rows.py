"""Small things the tests of this room do again and again."""

from __future__ import annotations

from bihuan.journal.models import JournalEvent
from bihuan.organizations import actions


def again(row):
    """The row as it is stored now."""
    return type(row).objects.get(pk=row.pk)


def last_event(row):
    """The newest event of the row's stream."""
    return JournalEvent.objects.filter(stream=row.pk).order_by("-seq").first()


def new_unit(cast, **facts):
    """A department of the city, set up by the system administrator."""
    given = {"name": "新设局", "code": "NEW", "kind": "department", "level": 3, "parent": cast.city} | facts
    return actions.create_unit(**given, actor=cast.system_administrator.actor)


def newcomer(cast, name="新来"):
    """Somebody who holds nothing yet."""
    return actions.create_person(name=name, actor=cast.system_administrator.actor)
