"""Reading look-backs: lists, what is due for whom, and what the page of one shows."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.lookback.models import Lookback
from bihuan.organizations.authority import jurisdiction_of, roles_of, unit_of
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

OFFICE: Final = frozenset({Role.COORDINATOR, Role.REVIEWER})


class Slice(StrEnum):
    """The four piles of the list."""

    DUE = "due"
    UNSENT = "unsent"
    WAITING = "waiting"
    DONE = "done"


SLICE_LABELS: Final = {
    Slice.DUE: _("已到期"),
    Slice.UNSENT: _("待派出"),
    Slice.WAITING: _("待核查"),
    Slice.DONE: _("已核查"),
}


def lookbacks_seen(actor: Actor | None) -> QuerySet[Lookback]:
    """The look-backs at problems the actor sees; what was dropped is told by the problem's own history."""
    seen: QuerySet[Lookback] = Lookback.objects.exclude(state=Lookback.State.DROPPED)
    return seen.filter(problem__in=visible(actor, Problem.objects.all())).select_related(
        "problem__lead_unit", "problem__source", "inspector_unit"
    )


def sliced(rows: QuerySet[Lookback], which: Slice) -> QuerySet[Lookback]:
    """One pile, in the order in which it is worked through."""
    waiting = rows.filter(state=Lookback.State.SCHEDULED).order_by("due_on", "id")
    if which is Slice.DUE:
        return waiting.filter(due_on__lte=today())
    if which is Slice.UNSENT:
        return waiting.filter(inspector_unit=None)
    if which is Slice.WAITING:
        return waiting
    return rows.exclude(state=Lookback.State.SCHEDULED).order_by("-on", "-id")


def page_after(rows: QuerySet[Lookback], which: Slice, cursor: str) -> QuerySet[Lookback]:
    """The rows behind a keyset cursor ``<day>_<id>``; a damaged cursor leads to the first page."""
    day_text, _sep, id_text = cursor.partition("_")
    try:
        day, pk = date.fromisoformat(day_text), uuid.UUID(id_text)
    except ValueError:
        return rows
    if which is Slice.DONE:
        return rows.filter(Q(on__lt=day) | Q(on=day, pk__lt=pk))
    return rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk))


def cursor_of(row: Lookback, which: Slice) -> str:
    """Where a page that ends with this row goes on."""
    day = row.on if which is Slice.DONE else row.due_on
    return f"{day}_{row.pk}"


def due_lookbacks(actor: Actor) -> QuerySet[Lookback]:
    """What waits for this very post: the inspector's own unit's that are due, or the office's not yet sent out."""
    roles = roles_of(actor)
    own, place = unit_of(actor), jurisdiction_of(actor)
    mine = Q()
    if Role.INSPECTOR in roles and own is not None:
        mine |= Q(inspector_unit__path__under=home_of(own).path)
    if roles & OFFICE and place is not None:
        mine |= Q(inspector_unit=None, problem__jurisdiction=place)
    if not mine:
        return Lookback.objects.none()  # type: ignore[no-any-return]
    due: QuerySet[Lookback] = Lookback.objects.filter(
        mine, state=Lookback.State.SCHEDULED, due_on__lte=today()
    )
    return due.filter(problem__in=visible(actor, Problem.objects.all())).order_by("due_on", "id")


def units_with_inspectors() -> QuerySet[Unit]:
    """The units that can be sent."""
    found: QuerySet[Unit] = Unit.objects.filter(
        in_force(today(), "posts__role_grants__"),
        posts__role_grants__role=Role.INSPECTOR,
        posts__closed_on=None,
        closed_on=None,
    )
    return found.distinct().order_by("level", "path")


def waiting_for(problem: Problem) -> Lookback | None:
    """The look-back that is planned for a problem."""
    found: Lookback | None = (
        Lookback.objects.filter(problem=problem, state=Lookback.State.SCHEDULED)
        .select_related("inspector_unit", "problem__jurisdiction")
        .first()
    )
    return found
