"""The alarm: a row for every post or unit that something waits for and in which nobody sits; told once to who covers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, TypeAlias

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, action, current
from bihuan.journal.action import system_only as the_program
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.models import StandIn, Tenure, Vacancy
from bihuan.organizations.registry import with_duties
from bihuan.organizations.rules import covering
from bihuan.organizations.spans import in_force
from bihuan.organizations.vacancies import lines_of, silent_units, vacant_posts

if TYPE_CHECKING:
    from collections.abc import Iterable

COVERED: Final = "organizations.covered"
ONE_AT_A_TIME: Final = 729_114_402

register_kind(COVERED, _("有 %(count)s 处岗位空缺，等待办理的事由您承担，直到有人任职。"))

Place: TypeAlias = tuple[uuid.UUID, uuid.UUID | None]
"""Unit and post; no post where it is the unit in which nobody answers."""


@action("organizations.keep_vacancies", may=the_program)
def keep_vacancies(*, actor: Actor) -> int:
    """Raise the alarm where something waits for nobody, end it where somebody sits again; returns how many changed.

    Done twice, or by two workers at once, it raises nothing twice.
    """
    act = current()
    _one_at_a_time()
    wanted = _waiting_for_nobody()
    standing = {(row.unit_id, row.post_id): row for row in Vacancy.objects.filter(until=None)}
    changed = [
        row for place, row in standing.items() if place not in wanted or row.falls_to_id != wanted[place]
    ]
    act.lock(changed)
    for row in changed:
        place = (row.unit_id, row.post_id)
        if place in wanted:
            row.falls_to_id = wanted[place]
        else:
            row.until = act.today
        row.save()
    new = [
        Vacancy(unit_id=place[0], post_id=place[1], falls_to_id=falls_to, since=act.today)
        for place, falls_to in sorted(wanted.items(), key=lambda one: str(one[0]))
        if place not in standing
    ]
    Vacancy.objects.bulk_create(new)
    _tell([*new, *(row for row in changed if row.until is None)])
    return len(changed) + len(new)


def _one_at_a_time() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _waiting_for_nobody() -> dict[Place, uuid.UUID | None]:
    """Every vacant post and silent unit something waits for, and the post it falls to."""
    day = current().today
    posts = list(vacant_posts(day).filter(with_duties(of_units=False)).select_related("unit"))
    units = list(silent_units(day).filter(with_duties(of_units=True)))
    lines = lines_of({unit.pk: unit for unit in [*units, *(post.unit for post in posts)]}.values())
    found: dict[Place, uuid.UUID | None] = {}
    for post in posts:
        chair = covering(lines[post.unit_id], vacant=post.pk)
        found[post.unit_id, post.pk] = chair.post if chair else None
    for unit in units:
        chair = covering(lines[unit.pk])
        found[unit.pk, None] = chair.post if chair else None
    return found


def _tell(rows: Iterable[Vacancy]) -> None:
    """Whoever covers is told, once for each vacancy that came to them."""
    posts = [row.falls_to_id for row in rows if row.falls_to_id is not None]
    day = current().today
    for model in (Tenure, StandIn):
        held = model.objects.filter(in_force(day), post__in=posts)
        for post, person in held.values_list("post", "person").order_by("post", "person"):
            queue_message(
                to_person=person,
                kind=COVERED,
                link=reverse("desk:home") + "#queue-vacancies",
                count=posts.count(post),
            )
