"""Reading the ladder: the office's piles, and what stands on one problem."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.ladder.rules import UPPER, Rung, Wait
from bihuan.deadlines.models import Clock, ClockState, Conduct, Delisting, LadderStep
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.authority import has_role, jurisdiction_of
from bihuan.organizations.models import Role
from bihuan.organizations.remembering import remembered

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

WAITS: Final = Q(state=LadderStep.State.PROPOSED, clock__state=ClockState.RUNNING)
CONDUCT: Final = "conduct"


class Slice(StrEnum):
    """The piles beside those of each rung's proposals."""

    ASKED = "asked"
    SETTLED = "settled"


SLICE_LABELS: Final = {Slice.ASKED: _("待批"), Slice.SETTLED: _("已办")}


def steps_of_office(actor: Actor | None) -> QuerySet[LadderStep]:
    """Rungs above the reminder on problems of the actor's own place, for those of its office; for all others none."""
    steps: QuerySet[LadderStep] = LadderStep.objects.exclude(rung=Rung.REMINDER)
    if actor is None or not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return steps.none()
    mine = visible(actor, Problem.objects.filter(jurisdiction=jurisdiction_of(actor)))
    return steps.filter(problem__in=mine)


def sliced(steps: QuerySet[LadderStep], which: str) -> QuerySet[LadderStep]:
    """One pile: the proposals of a rung, the longest waiting first; what is before an approver; what is settled."""
    if which == Slice.ASKED:
        return steps.filter(state=LadderStep.State.ASKED).order_by("proposed_on", "id")
    if which == Slice.SETTLED:
        return steps.filter(settled_on__isnull=False).order_by("-settled_on", "-id")
    return steps.filter(WAITS, rung=which).order_by("proposed_on", "id")


def numbers_of(steps: QuerySet[LadderStep]) -> dict[str, int]:
    """How many wait in each pile; one query."""
    counts = {rung.value: Count("pk", filter=WAITS & Q(rung=rung)) for rung in UPPER}
    open_steps = steps.filter(state__in=[LadderStep.State.PROPOSED, LadderStep.State.ASKED])
    found: dict[str, int] = open_steps.aggregate(
        **counts, **{Slice.ASKED.value: Count("pk", filter=Q(state=LadderStep.State.ASKED))}
    )
    return found


def wanting_conduct(actor: Actor | None) -> QuerySet[Clock]:
    """Clocks whose next rung is called for, but waits for conduct to be determined; for the office of the place."""
    clocks: QuerySet[Clock] = Clock.objects.filter(state=ClockState.RUNNING, ladder_wait=Wait.CONDUCT)
    if actor is None or not has_role(actor, Role.COORDINATOR, Role.REVIEWER):
        return clocks.none()
    mine = visible(actor, Problem.objects.filter(jurisdiction=jurisdiction_of(actor)))
    return clocks.filter(problem__in=mine).order_by("due", "id")


def page_after(steps: QuerySet[LadderStep], which: str, cursor: str) -> QuerySet[LadderStep]:
    """The rows behind a keyset cursor ``<day>_<id>``; a damaged cursor leads to the first page."""
    day_text, _sep, id_text = cursor.partition("_")
    try:
        day, pk = date.fromisoformat(day_text), uuid.UUID(id_text)
    except ValueError:
        return steps
    if which == Slice.SETTLED:
        return steps.filter(Q(settled_on__lt=day) | Q(settled_on=day, pk__lt=pk))
    return steps.filter(Q(proposed_on__gt=day) | Q(proposed_on=day, pk__gt=pk))


def cursor_of(step: LadderStep, which: str) -> str:
    """Where a page that ends with this row goes on."""
    day = step.settled_on if which == Slice.SETTLED else step.proposed_on
    return f"{day}_{step.pk}"


@remembered
def steps_on(problem: Problem) -> list[LadderStep]:
    """Everything the ladder did about one problem, oldest first; one query."""
    found = LadderStep.objects.filter(problem=problem).select_related("clock", "policy")
    return list(found.order_by("proposed_on", "id"))


@remembered
def conducts_of(problem: Problem) -> list[Conduct]:
    """The determinations of conduct of one problem, newest first; one query."""
    found = Conduct.objects.filter(problem=problem).select_related("unit")
    return list(found.order_by("-opened_on", "-id"))


@remembered
def delistings_of(problem: Problem) -> list[Delisting]:
    """What was asked for on the way down, newest first; one query."""
    return list(Delisting.objects.filter(problem=problem).order_by("-asked_on", "-id"))


def open_conduct_of(problem: Problem) -> Conduct | None:
    """The determination that is under way."""
    under_way = (Conduct.State.OPENED, Conduct.State.ASKED)
    return next((row for row in conducts_of(problem) if row.state in under_way), None)
