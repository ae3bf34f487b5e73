"""By whose hand an act of a record was done: the leader's own, or that of whoever stood in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.organizations.models import Person
from bihuan.rectification.models import EnteredAs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bihuan.journal.models import JournalEvent


def whose_hand(
    person: Person, principal: uuid.UUID | None, hand: str, names: Mapping[uuid.UUID | None, str]
) -> str:
    """In the record of `person`: whether they did it themselves, for a `principal`, or `hand` did it for them."""
    if principal is None:
        return str(EnteredAs.THEMSELVES.label)
    if principal == person.pk:
        return _("由%(name)s代") % {"name": hand}
    return _("代%(person)s办理") % {"person": names.get(principal, "")}


def principal_of(event: JournalEvent) -> uuid.UUID | None:
    """Whom the hand of an event stood in for."""
    named = event.body["who"].get("on_behalf_of")
    return uuid.UUID(named) if named else None


def names_of(people: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """The names of these persons; no statement for nobody."""
    wanted = {one for one in people if one is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
