"""Who sees which problems: one table, one indexed join, and the same rule in Python for one problem at a time.

A problem is seen through an involvement that holds today: of a unit in a subtree the actor sees, of a body the actor
sits in, or of the actor's own post. Work secrets are seen only by units, bodies and posts involved themselves, and by
the rectification office of their place. What runs in a restricted channel is seen by the channel's members alone,
involved or not: they are the posts that were named.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotVisible
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.ledger.models import PARTY, ChannelMember, Involvement, InvolvementRole, Problem, Readership
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Unit
from bihuan.organizations.remembering import by_id, remembered
from bihuan.organizations.sight import Sight, sight_of
from bihuan.organizations.spans import in_force

FEW: Final = 40


def visible(actor: Actor | None, problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """The problems of a queryset the actor may know of.

    For a small unit the condition stands at the top of the WHERE, not under an OR: only so can the database choose
    between walking the list's index and asking row by row, and starting from the unit's few involvements.
    """
    sight = sight_of(actor)
    if sight.everything:
        return problems
    if sight.nothing:
        return problems.none()
    return problems.filter(_seen_with(sight, today()))


@remembered
def _seen_with(sight: Sight, on: date) -> Q:
    channels = channels_of(sight)
    involved = Q(Exists(_involved(sight)))
    if _named_units(sight) is None:
        involved = _in_places(sight) | involved
    ordinary = involved & Q(channel__isnull=True)
    return ordinary | Q(channel__in=channels) if channels else ordinary


def _in_places(sight: Sight) -> Q:
    """What is seen without asking for involvements: the office of its place is involved in every problem all its life,
    and whoever sees the place sees that office. It spares large sights a look at each row's involvements.
    """
    places = Unit.objects.filter(_under(sight.subtrees)).values("pk")
    return ~Q(readership=Readership.WORK_SECRET) & Q(jurisdiction__in=places)


def channels_of(sight: Sight) -> tuple[uuid.UUID, ...]:
    """The restricted channels the post in use belongs to today."""
    return _channels_of(sight.post, today())


@remembered
def _channels_of(post: uuid.UUID | None, on: date) -> tuple[uuid.UUID, ...]:
    members = ChannelMember.objects.filter(in_force(on), post=post)
    return tuple(sorted(set(members.values_list("channel_id", flat=True))))


def _involved(sight: Sight) -> QuerySet[Involvement]:
    """The involvements of today through which the outer query's problem is seen."""
    rows = Involvement.objects.filter(in_force(today()), problem=OuterRef("pk"))
    secret = ExpressionWrapper(OuterRef("readership"), output_field=CharField())
    rows = rows.alias(readership=secret, party=PARTY)
    found: QuerySet[Involvement] = rows.filter(
        _anywhere(sight), ~Q(readership=Readership.WORK_SECRET) | _directly(sight)
    )
    return found


def _anywhere(sight: Sight) -> Q:
    """Involvement of something the actor sees: a unit under one of the subtrees, a body, the post itself.

    A few units are named, so that the database knows from its statistics how much they have to do with and may begin
    at their involvements; many, and always those of an office, are asked for by their place in the tree.
    """
    few = _named_units(sight)
    if few is not None:
        return Q(party__in=[sight.post, *sight.bodies, *few])
    seen = Q(post=sight.post) | Q(body__in=sight.bodies)
    for path in sight.subtrees:
        seen |= Q(unit__path__under=path)
    return seen


def _named_units(sight: Sight) -> tuple[uuid.UUID, ...] | None:
    """The units in sight, if they are few and not those of an office."""
    return None if sight.jurisdictions else _units_of(sight.subtrees)


@remembered
def _units_of(subtrees: tuple[str, ...]) -> tuple[uuid.UUID, ...] | None:
    """The units under these paths, if they are few."""
    found = tuple(Unit.objects.filter(_under(subtrees)).values_list("pk", flat=True)[: FEW + 1])
    return found if len(found) <= FEW else None


def _under(subtrees: tuple[str, ...]) -> Q:
    under = Q(pk__in=[])
    for path in subtrees:
        under |= Q(path__under=path)
    return under


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
    if problem.channel_id is not None:
        return problem.channel_id in channels_of(sight)
    rows = involvements_of(problem)
    if problem.readership == Readership.WORK_SECRET:
        return any(_is_direct(sight, row) for row in rows)
    return any(_is_seen(sight, row) for row in rows)


@remembered
def involvements_of(problem: Problem) -> list[Involvement]:
    """Who has to do with the problem today, with their units."""
    rows = list(Involvement.objects.filter(in_force(today()), problem=problem))
    units = by_id(Unit, {row.unit_id for row in rows if row.unit_id})
    for row in rows:
        row.unit = units.get(row.unit_id)
    return rows


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
    wanted = {problem.pk: problem for problem in problems}
    if actor.system or not wanted:
        return
    if len(wanted) == 1:
        seen = all(can_see(actor, problem) for problem in wanted.values())
    else:
        seen = visible(actor, Problem.objects.filter(pk__in=wanted)).count() == len(wanted)
    if not seen:
        raise NotVisible(_("没有找到这个问题。"))


def sees_subjects(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """An authority: the subjects are problems the actor sees."""
    require_sight(actor, [subject for subject in subjects if isinstance(subject, Problem)])
