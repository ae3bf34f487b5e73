"""Reading sittings. One is seen by the office and by whoever closes in its place, if they see all its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.authority import has_role, jurisdiction_of, unit_of
from bihuan.organizations.models import Body, BodyMember, Role
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import nearest_jurisdiction
from bihuan.rectification.models import ClosureSitting, SittingCase

if TYPE_CHECKING:
    from bihuan.journal.action import Actor


def sittings_seen(actor: Actor | None) -> QuerySet[ClosureSitting]:
    """The sittings of the places somebody works or decides for, none of whose problems is hidden from them."""
    hidden = SittingCase.objects.filter(sitting=OuterRef("pk")).exclude(
        problem__in=visible(actor, Problem.objects.all())
    )
    found: QuerySet[ClosureSitting] = ClosureSitting.objects.filter(_of_places(actor), ~Exists(hidden))
    return found


def _of_places(actor: Actor | None) -> Q:
    if actor is None:
        return Q(pk__in=[])
    if actor.system:
        return Q()
    own = Q(pk__in=[])
    if has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        own |= Q(jurisdiction=jurisdiction_of(actor))
    unit = unit_of(actor)
    place = nearest_jurisdiction(unit) if unit else None
    if place is not None and has_role(actor, Role.DECIDER):
        own |= Q(jurisdiction__path__under=place.path)
    if actor.post is not None:
        seats = BodyMember.objects.filter(
            in_force(today()),
            in_force(today(), "body__"),
            post=actor.post,
            role__in=[BodyMember.Role.CHAIR, BodyMember.Role.DEPUTY],
            body__kind=Body.Kind.LEADING_GROUP,
        )
        own |= Q(jurisdiction__in=seats.values("body__jurisdiction"))
    return own


def with_counts(sittings: QuerySet[ClosureSitting]) -> QuerySet[ClosureSitting]:
    """How many problems each has, and how many of them are marked; newest first."""
    counted: QuerySet[ClosureSitting] = sittings.annotate(
        count=Count("cases"), marked=Count("cases", filter=~Q(cases__outcome=""))
    )
    return counted.select_related("jurisdiction").order_by("-held_on", "-id")


def waiting_for_sitting(actor: Actor) -> QuerySet[Problem]:
    """What waits for closure review in the office's place and stands before no sitting."""
    if not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return Problem.objects.none()  # type: ignore[no-any-return]
    before = SittingCase.objects.filter(problem=OuterRef("pk"), open=True)
    waiting = Problem.objects.filter(
        ~Exists(before), state=State.CLOSURE_REVIEW, jurisdiction=jurisdiction_of(actor)
    )
    return visible(actor, waiting).order_by("problem_no")
