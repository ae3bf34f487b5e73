"""What the desk shows, as the to-do feed tells it: the same piles by the same conditions, without a word of any case.

What runs in a restricted channel is left out altogether: that there is such a case is for its members' eyes, here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.queries import to_confirm_by, waiting_for
from bihuan.deadlines.ladder.queries import WAITS, steps_of_office
from bihuan.deadlines.models import PRESSES, Clock
from bihuan.desk.piles import due, lookbacks_due, to_accept, to_acknowledge
from bihuan.drives.queries import to_answer, to_move
from bihuan.exchange.waiting import Item, Waiting
from bihuan.ledger.listing import numbers_of
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.reviews import queries as reviews

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from bihuan.approvals.models import Step
    from bihuan.desk.piles import Pile
    from bihuan.journal.action import Actor

MOST: Final = 50


def waiting(actor: Actor) -> list[Waiting]:
    """Everything that waits for an actor, kind by kind, in the order of the desk."""
    mine = visible(actor, Problem.objects.filter(channel=None))
    acknowledge, accept, lookback, pressed = _of_problems(actor, mine)
    return [
        acknowledge,
        _steps("decide", _("待我批"), waiting_for(actor)),
        _steps("confirm", _("待我复核"), to_confirm_by(actor)),
        _ladder(actor),
        _drives(actor),
        _reviews(actor),
        accept,
        lookback,
        pressed,
    ]


def _of_problems(actor: Actor, mine: QuerySet[Problem]) -> list[Waiting]:
    """The piles of problems, counted in one pass."""
    piles = [to_acknowledge(actor, mine), to_accept(actor, mine), lookbacks_due(actor, mine), due(mine)]
    numbers = numbers_of(mine, {pile.key: pile.waiting for pile in piles})
    return [_pile(pile, mine, *numbers[pile.key]) for pile in piles]


def _pile(pile: Pile, mine: QuerySet[Problem], count: int, exact: bool) -> Waiting:  # noqa: FBT001  (a pair's half)
    rows = mine.filter(pile.waiting).order_by("external_deadline", "id") if count else mine.none()
    numbers = list(rows.values_list("pk", "problem_no")[:MOST])
    days = _due_days(pk for pk, _number in numbers)
    return Waiting(
        kind=pile.key,
        label=pile.title,
        count=count,
        exact=exact,
        link=_desk(pile.key),
        personal=pile.key in {"accept", "lookback"},
        items=[
            Item(number=number, link=reverse("desk:problem", args=[pk]), due=days.get(pk))
            for pk, number in numbers
        ],
    )


def _due_days(problems: Iterable[uuid.UUID]) -> dict[uuid.UUID, date]:
    """The next day on which a clock of a problem runs out."""
    clocks = Clock.objects.filter(PRESSES, problem__in=list(problems), due__isnull=False)
    return dict(clocks.values_list("problem").annotate(day=Min("due")).order_by())


def _steps(kind: str, label: str, found: QuerySet[Step]) -> Waiting:
    """Decisions have no number of their own, and the name of a step could say too much."""
    rows = list(found.values_list("approval_id", flat=True)[:MOST])
    return Waiting(
        kind=kind,
        label=label,
        count=len(rows) if len(rows) < MOST else found.count(),
        link=_desk(kind),
        personal=True,
        items=[Item(link=reverse("approvals:detail", args=[pk])) for pk in rows],
    )


def _ladder(actor: Actor) -> Waiting:
    found = steps_of_office(actor).filter(WAITS, problem__channel=None)
    rows: list[Any] = list(
        found.order_by("proposed_on", "id").values_list("problem_id", "problem__problem_no")[:MOST]
    )
    return Waiting(
        kind="ladder",
        label=_("待提请督办"),
        count=len(rows) if len(rows) < MOST else found.count(),
        link=reverse("deadlines:proposals"),
        items=[
            Item(number=number, link=reverse("desk:problem", args=[pk]) + "#ladder") for pk, number in rows
        ],
    )


def _drives(actor: Actor) -> Waiting:
    items = [
        Item(
            number=line.drive.batch.code,
            link=reverse("drives:line", args=[line.pk]),
            due=line.drive.due_on,
        )
        for line in to_answer(actor)
    ]
    items += [
        Item(
            number=one.drive.batch.code,
            link=reverse("drives:drive", args=[one.drive.pk]),
            due=one.drive.due_on,
        )
        for one in to_move(actor)
    ]
    return Waiting(
        kind="drives",
        label=_("自查"),
        count=len(items),
        link=reverse("drives:list"),
        personal=True,
        items=items[:MOST],
    )


def _reviews(actor: Actor) -> Waiting:
    items = [
        Item(link=reverse("reviews:sheet", args=[sheet.pk]), due=sheet.day)
        for sheet in reviews.to_answer(actor)
    ]
    items += [
        Item(link=reverse("reviews:review", args=[one.review.pk]), due=one.review.due_on)
        for one in reviews.to_move(actor)
    ]
    items += [
        Item(link=reverse("reviews:request", args=[request.pk]), due=request.due_on)
        for request in reviews.requests_waiting(actor)
    ]
    return Waiting(
        kind="reviews",
        label=_("月调度"),
        count=len(items),
        link=reverse("reviews:list"),
        personal=True,
        items=items[:MOST],
    )


def _desk(key: str) -> str:
    return f"{reverse('desk:home')}#queue-{key}"
