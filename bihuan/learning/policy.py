"""Who trains and rolls back: the coordinator of the place. Its two desks may look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import NotVisible
from bihuan.learning.models import LearnedModel
from bihuan.organizations.authority import has_role, jurisdiction_of, requires_coordinator
from bihuan.organizations.models import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.action import Actor
    from bihuan.journal.records import Record

DESKS = (Role.COORDINATOR, Role.REVIEWER)


def place_of(actor: Actor | None) -> Unit | None:
    """The place whose classifier the actor may look at: their own, if they work at one of its desks."""
    if actor is None or actor.system or not has_role(actor, *DESKS):
        return None
    return jurisdiction_of(actor)


def _place(subjects: Sequence[Record], arguments: Mapping[str, Any]) -> Unit | None:
    models = [subject for subject in subjects if isinstance(subject, LearnedModel)]
    found = models[0].jurisdiction if models else arguments.get("jurisdiction")
    return found if isinstance(found, Unit) else None


_coordinator = requires_coordinator(_place)


def may_train(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The schedule, or the coordinator of the place; for other places a model does not exist."""
    if actor.system:
        return
    may_roll_back(actor, subjects, arguments)


def may_roll_back(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The coordinator of the place, in person."""
    place = _place(subjects, arguments)
    if subjects and place_of(actor) != place:
        raise NotVisible(_("没有找到这个模型。"))
    _coordinator(actor, subjects, arguments)
