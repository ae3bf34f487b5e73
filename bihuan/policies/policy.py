"""Who may make rules: the rectification office of the place they hold for; two of its posts never being one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bihuan.journal.records import Record
from bihuan.organizations.authority import has_role, jurisdiction_of, requires_coordinator
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.tree import ids_on
from bihuan.policies.models import Policy

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

Subjects = Sequence[Record]
Arguments = Mapping[str, Any]
OFFICE = (Role.COORDINATOR, Role.REVIEWER)


def _place(subjects: Subjects, arguments: Arguments) -> Unit | None:
    policies = [subject for subject in subjects if isinstance(subject, Policy)]
    if policies:
        return policies[0].jurisdiction
    found = arguments.get("jurisdiction")
    return found if isinstance(found, Unit) else None


_office = requires_coordinator(_place, *OFFICE)


def may_make(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
    """The program itself, or the office of the place."""
    if not actor.system:
        _office(actor, subjects, arguments)


def may_edit(actor: Actor, place: Unit) -> bool:
    """Whether the actor works for the rectification office of exactly this jurisdiction."""
    return jurisdiction_of(actor) == place and has_role(actor, *OFFICE)


def may_read(actor: Actor, place: Unit) -> bool:
    """Rules are no secret: whoever works below the place they hold for may read them."""
    if actor.system:
        return True
    own = Unit.objects.filter(pk=actor.unit).first() if actor.unit else None
    return own is not None and place.pk in ids_on(own.path)
