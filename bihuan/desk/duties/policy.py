"""Who may read whose record: the leader, whoever enters for them, the office of the place, the principals above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import Problem
from bihuan.organizations.authority import open_post_of
from bihuan.organizations.models import Person, Post, PostKind
from bihuan.organizations.sight import sight_of

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

HEADS: Final = (PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE)
LEADS: Final = Q(kind__in=HEADS) | Q(
    Exists(Problem.objects.filter(sponsor=OuterRef("pk"), state__in=OPEN).order_by())
)
"""Of a post: its holder leads, by the kind of the post or because an open problem is in their charge."""


def leaders_posts(looker: Actor) -> QuerySet[Post]:
    """The leaders' posts whose records the looker may read."""
    sight, own = sight_of(looker), open_post_of(looker)
    if sight.nothing or own is None:
        return Post.objects.none()  # type: ignore[no-any-return]
    mine = Q(pk=own.pk)
    for path in sight.jurisdictions:
        mine |= Q(unit__path__under=path)
    if own.kind == PostKind.PRINCIPAL:
        mine |= Q(unit__path__under=own.unit.path)
    if own.kind == PostKind.SECRETARY and own.serves_id:
        mine |= Q(pk=own.serves_id)
    if own.kind == PostKind.LIAISON:
        mine |= Q(unit=own.unit_id)
    found: QuerySet[Post] = Post.objects.filter(mine & LEADS)
    return found


def may_read(looker: Actor, person: Person) -> bool:
    """Their own, or that of somebody who sits or sat in a post the looker may read."""
    if looker.person == person.pk and looker.on_behalf_of is None:
        return not sight_of(looker).nothing
    return bool(leaders_posts(looker).filter(tenures__person=person).exists())


def record_url(looker: Actor, person: Person) -> str:
    """Where the record of a leader is read, for those who may; nothing about people who lead nothing."""
    if not may_read(looker, person) or not Post.objects.filter(LEADS, tenures__person=person).exists():
        return ""
    return reverse("desk:duty_record", args=[person.pk])
