"""Who sees which problems: one table, one indexed join, and the same rule in Python for one problem at a time.

A problem is seen through an involvement that holds today: of a unit in a subtree the actor sees, of a body the actor
sits in, or of the actor's own post. Work secrets are seen only by units, bodies and posts involved themselves, and by
the rectification office of their place. What runs in a restricted channel is seen by the channel's members alone,
involved or not: they are the posts that were named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotVisible
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.ledger.models import ChannelMember, Involvement, InvolvementRole, Problem, Readership
from bihuan.organizations.ltree import is_under
from bihuan.organizations.sight import Sight, sight_of
from bihuan.organizations.spans import in_force


def visible(actor: Actor | None, problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """The problems of a queryset the actor may know of."""
    sight = sight_of(actor)
    if sight.everything:
        return problems
    if sight.nothing:
        return problems.none()
    on = today()
    involved = Involvement.objects.filter(in_force(on), problem=OuterRef("pk"))
    members = ChannelMember.objects.filter(in_force(on), channel=OuterRef("channel"), post=sight.post)
    ordinary = Q(Exists(involved.filter(_anywhere(sight))), ~Q(readership=Readership.WORK_SECRET)) | Q(
        Exists(involved.filter(_directly(sight))), readership=Readership.WORK_SECRET
    )
    return problems.filter((Q(channel__isnull=True) & ordinary) | Q(Exists(members)))


def _anywhere(sight: Sight) -> Q:
    """Involvement of something the actor sees: a unit under one of the subtrees, a body, the post itself."""
    seen = Q(post=sight.post) | Q(body__in=sight.bodies)
    for path in sight.subtrees:
        seen |= Q(unit__path__under=path)
    return seen


def _directly(sight: Sight) -> Q:
    """Involvement of the actor's very unit, body or post, or of the office the actor works for."""
    seen = Q(post=sight.post) | Q(body__in=sight.bodies) | Q(unit=sight.unit)
    for path in sight.jurisdictions:
        seen |= Q(role=InvolvementRole.OFFICE, unit__path__under=path)
    return seen


def can_see(actor: Actor | None, problem: Problem) -> bool:
    """The same rule for one problem, said in Python; a property test holds the two together."""
    sight = sight_of(actor)
    if sight.everything:
        return True
    if sight.nothing:
        return False
    on = today()
    if problem.channel_id is not None:
        members = ChannelMember.objects.filter(in_force(on), channel=problem.channel_id)
        return sight.post in set(members.values_list("post_id", flat=True))
    rows = Involvement.objects.filter(in_force(on), problem=problem).select_related("unit")
    if problem.readership == Readership.WORK_SECRET:
        return any(_is_direct(sight, row) for row in rows)
    return any(_is_seen(sight, row) for row in rows)


def _is_seen(sight: Sight, row: Involvement) -> bool:
    if row.unit is not None:
        return any(is_under(row.unit.path, top) for top in sight.subtrees)
    return row.post_id == sight.post if row.post_id else row.body_id in sight.bodies


def _is_direct(sight: Sight, row: Involvement) -> bool:
    if row.unit is None:
        return _is_seen(sight, row)
    of_office = row.role == InvolvementRole.OFFICE
    return row.unit_id == sight.unit or (
        of_office and any(is_under(row.unit.path, top) for top in sight.jurisdictions)
    )


def require_sight(actor: Actor, problems: Iterable[Problem]) -> None:
    """Raise `NotVisible` if the actor may not even know of one of the problems."""
    wanted = {problem.pk for problem in problems}
    if actor.system or not wanted:
        return
    if visible(actor, Problem.objects.filter(pk__in=wanted)).count() != len(wanted):
        raise NotVisible(_("没有找到这个问题。"))


def sees_subjects(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """An authority: the subjects are problems the actor sees."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
