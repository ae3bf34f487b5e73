"""Who may: questions about an actor's post, and authorities made of them for actions of every room to combine.

An action asks afresh each time: it decides on what holds now, not on what held when the page was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible, Refused, anyone_signed_in, system_only
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.organizations.models import Post, PostKind, Role, RoleGrant, Unit
from bihuan.organizations.remembering import remembered
from bihuan.organizations.rules import is_administrator
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of, nearest_jurisdiction

if TYPE_CHECKING:
    from bihuan.journal.action import Authority
    from bihuan.journal.records import Record

__all__ = [
    "all_of",
    "any_of",
    "anyone_signed_in",
    "has_role",
    "in_unit",
    "is_coordinator",
    "is_principal_of",
    "jurisdiction_of",
    "requires_coordinator",
    "requires_principal",
    "requires_role",
    "requires_unit",
    "roles_of",
    "system_only",
    "unit_of",
    "unit_subtree_of",
]

Subjects = Sequence["Record"]
Arguments = Mapping[str, Any]
UnitFrom = Callable[[Any, Arguments], Unit | None]


@remembered
def roles_of(actor: Actor) -> frozenset[str]:
    """The roles of the post the actor acts in, today."""
    if actor.post is None:
        return frozenset()
    grants = RoleGrant.objects.filter(in_force(today()), post=actor.post, post__closed_on__isnull=True)
    return frozenset(grants.values_list("role", flat=True))


def has_role(actor: Actor, *roles: Role) -> bool:
    """Whether the actor's post holds one of these roles."""
    return bool(roles_of(actor).intersection(roles))


def acts_as_administrator(actor: Actor) -> bool:
    """Whether the actor acts as one of the three administrators."""
    return is_administrator(roles_of(actor))


def may_expunge(actor: Actor) -> bool:
    """Whether the actor may propose or confirm that content is destroyed; who reads the logs may not."""
    return has_role(actor, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)


@remembered
def open_post_of(actor: Actor) -> Post | None:
    """The post the actor acts in, with its unit, while it exists."""
    found: Post | None = (
        Post.objects.select_related("unit").filter(pk=actor.post, closed_on__isnull=True).first()
        if actor.post
        else None
    )
    return found


@remembered
def unit_of(actor: Actor) -> Unit | None:
    """The unit of the actor's post as it stands now (the post may have moved since the actor was made)."""
    found: Unit | None = Unit.objects.filter(posts__pk=actor.post).first() if actor.post else None
    return found


def in_unit(actor: Actor, unit: Unit) -> bool:
    """Whether the actor sits in this unit or in one of its sections; a subordinate organ is not "in" it."""
    own = unit_of(actor)
    return own is not None and home_of(own).pk == home_of(unit).pk


def unit_subtree_of(actor: Actor) -> Any:
    """The actor's unit and all below it, as a queryset of units."""
    own = unit_of(actor)
    return Unit.objects.filter(path__under=own.path) if own else Unit.objects.none()


def jurisdiction_of(actor: Actor) -> Unit | None:
    """The jurisdiction the actor's post lies in."""
    own = unit_of(actor)
    return nearest_jurisdiction(own) if own else None


def is_coordinator(actor: Actor, place: Unit) -> bool:
    """Whether the actor prepares for the rectification office that `place` (a jurisdiction or any unit) belongs to."""
    return _in_office(actor, place, Role.COORDINATOR)


def is_reviewer(actor: Actor, place: Unit) -> bool:
    """Whether the actor reviews for the rectification office of that place."""
    return _in_office(actor, place, Role.REVIEWER)


def _in_office(actor: Actor, place: Unit, *roles: Role) -> bool:
    own, theirs = jurisdiction_of(actor), nearest_jurisdiction(place)
    return own is not None and own == theirs and has_role(actor, *roles)


def is_principal_of(actor: Actor, unit: Unit) -> bool:
    """Whether the actor sits in the principal's post of this unit."""
    if not Post.objects.filter(pk=actor.post, kind=PostKind.PRINCIPAL, closed_on__isnull=True).exists():
        return False
    return in_unit(actor, unit)


def requires_role(*roles: Role) -> Authority:
    """The actor's post holds one of the roles."""

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        if not has_role(actor, *roles):
            raise NotAllowed(
                _("您的岗位没有办理这件事的权限。"),
                accepted=_("由具有“%(roles)s”角色的岗位办理。")
                % {"roles": listed(str(r.label) for r in roles)},
            )

    return may


def requires_unit(unit_from: UnitFrom) -> Authority:
    """The actor sits in the unit that `unit_from(subjects, arguments)` names."""

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        unit = unit_from(subjects, arguments)
        if unit is None or not in_unit(actor, unit):
            raise _not_yours(unit)

    return may


def requires_principal(unit_from: UnitFrom) -> Authority:
    """The actor is the principal of the unit that `unit_from(subjects, arguments)` names."""

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        unit = unit_from(subjects, arguments)
        if unit is None or not is_principal_of(actor, unit):
            raise NotAllowed(
                _("这件事只能由单位主要负责人决定。"),
                accepted=_("请%(unit)s主要负责人办理。") % {"unit": unit.name if unit else ""},
            )

    return may


def requires_coordinator(place_from: UnitFrom, *roles: Role) -> Authority:
    """The actor works for the rectification office of the named place, as coordinator or in one of `roles`."""
    wanted = roles or (Role.COORDINATOR,)

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        place = place_from(subjects, arguments)
        if place is None or not _in_office(actor, place, *wanted):
            raise NotAllowed(_("这件事由本级整改办办理。"), accepted=_("请联系问题所属的整改办。"))

    return may


def _not_yours(unit: Unit | None) -> NotAllowed:
    return NotAllowed(
        _("这件事不由您所在的单位办理。"),
        accepted=_("由%(unit)s的岗位办理。") % {"unit": unit.name if unit else _("责任单位")},
    )


def any_of(*authorities: Authority) -> Authority:
    """One of the authorities is enough; if none is, the first one's refusal speaks."""

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        refusals: list[Refused] = []
        for authority in authorities:
            try:
                authority(actor, subjects, arguments)
            except (NotAllowed, NotVisible) as refusal:
                refusals.append(refusal)
            else:
                return
        raise refusals[0]

    return may


def all_of(*authorities: Authority) -> Authority:
    """Every one of the authorities is needed."""

    def may(actor: Actor, subjects: Subjects, arguments: Arguments) -> None:
        for authority in authorities:
            authority(actor, subjects, arguments)

    return may
