"""Who covers where nobody sits: a duty addressed to a vacant post, or to a unit in which nobody answers, falls to the
nearest principal on the way up and never silently to nobody.

What is asked here holds today. The rows of `Vacancy` are the alarm: kept by the program for whoever has to fill the post.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.journal.timesource import today
from bihuan.organizations.models import Post, PostKind, StandIn, Tenure, Unit, UnitKind, Vacancy
from bihuan.organizations.remembering import remembered
from bihuan.organizations.rules import Chair, covering
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import ids_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bihuan.journal.action import Actor

ANSWER: Final = (
    PostKind.PRINCIPAL,
    PostKind.DEPUTY_IN_CHARGE,
    PostKind.SECTION_HEAD,
    PostKind.HANDLER,
    PostKind.LIAISON,
)
"""Posts that answer for their unit. Staff and secretaries do their own work, nobody else's."""


def seated(on: date) -> Q:
    """A condition on posts: somebody holds it on this day, or stands in."""
    return Q(Exists(Tenure.objects.filter(in_force(on), post=OuterRef("pk")))) | Q(
        Exists(StandIn.objects.filter(in_force(on), post=OuterRef("pk")))
    )


def vacant_posts(on: date) -> QuerySet[Post]:
    """Open posts of open units in which nobody sits on this day."""
    found: QuerySet[Post] = Post.objects.filter(~seated(on), closed_on=None, unit__closed_on=None)
    return found


def silent_units(on: date) -> QuerySet[Unit]:
    """Units, closed ones too, in which nobody answers on this day: neither there nor in one of its own sections."""
    own = Q(unit=OuterRef("pk")) | Q(unit__kind=UnitKind.SECTION, unit__parent=OuterRef("pk"))
    there = Post.objects.filter(own, seated(on), kind__in=ANSWER, closed_on=None)
    found: QuerySet[Unit] = Unit.objects.filter(~Exists(there))
    return found


def lines_of(units: Iterable[Unit]) -> dict[uuid.UUID, list[Chair]]:
    """Unit -> the principals' posts on the way up, its own first, with who sits in them. Two statements for any number."""
    ways = {unit.pk: list(reversed(ids_on(unit.path))) for unit in units}
    chairs = _chairs({pk for way in ways.values() for pk in way})
    return {unit: [chairs[pk] for pk in way if pk in chairs] for unit, way in ways.items()}


def _chairs(units: set[uuid.UUID]) -> Mapping[uuid.UUID, Chair]:
    posts: dict[uuid.UUID, uuid.UUID] = {}
    people: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for model in (Tenure, StandIn):
        rows = model.objects.filter(
            in_force(today()),
            post__unit__in=units,
            post__kind=PostKind.PRINCIPAL,
            post__closed_on=None,
            post__unit__closed_on=None,
        )
        for unit, post, person in rows.values_list("post__unit", "post", "person"):
            posts[unit] = post
            people[unit].add(person)
    return {unit: Chair(post, frozenset(people[unit])) for unit, post in posts.items()}


def cover_of(post: Post, barred: Iterable[uuid.UUID] = ()) -> Chair | None:
    """Who covers this post today: nobody while somebody sits in it, else the nearest principal who is not barred."""
    if not vacant_posts(today()).filter(pk=post.pk).exists():
        return None
    return covering(lines_of([post.unit])[post.unit_id], vacant=post.pk, barred=barred)


def covers_of_units(units: Iterable[Unit]) -> dict[uuid.UUID, Chair]:
    """For those of the units in which nobody answers today: who does instead."""
    wanted = list(units)
    silent = set(
        silent_units(today()).filter(pk__in=[unit.pk for unit in wanted]).values_list("pk", flat=True)
    )
    lines = lines_of(unit for unit in wanted if unit.pk in silent)
    found = {unit: covering(line) for unit, line in lines.items()}
    return {unit: chair for unit, chair in found.items() if chair is not None}


def posts_covered_by(post: uuid.UUID | None) -> QuerySet[Vacancy]:
    """The ids of posts the holder of this one covers, to be put into a larger question."""
    rows: QuerySet[Vacancy] = Vacancy.objects.filter(falls_to=post, until=None, post__isnull=False)
    return rows.values("post")  # type: ignore[return-value]  # a subquery


@remembered
def units_covered_by(actor: Actor) -> frozenset[uuid.UUID]:
    """The units the actor answers for because nobody in them does: asked of principals alone, one statement for most."""
    from bihuan.organizations.authority import open_post_of

    post = open_post_of(actor)
    if post is None or post.kind != PostKind.PRINCIPAL:
        return frozenset()
    rows = Vacancy.objects.filter(falls_to=post, until=None, post=None).select_related("unit")
    covered = [row.unit for row in rows]
    if not covered:
        return frozenset()
    return frozenset(unit for unit, chair in covers_of_units(covered).items() if chair.post == post.pk)


def look_again() -> None:
    """Have the alarms kept up to date as soon as the open action is committed."""
    from bihuan.journal.action import current
    from bihuan.organizations.jobs import keep_alarms_now

    current().defer(keep_alarms_now)
