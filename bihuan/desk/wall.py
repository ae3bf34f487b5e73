"""签收墙: which unit has acknowledged all, some or none of what was assigned to it, when and by whom, and what is left.

Of one order, or of a whole office: there, what waits and what was assigned within the last days. Counted by the
database, a few statements however many problems there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from bihuan.calendars.queries import calendar_for
from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.deadlines.queries import facts_today
from bihuan.deadlines.remaining import Remaining, remaining
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import now, today
from bihuan.journal.wording import name_of
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import ids_on
from bihuan.rectification.models import AssignmentOrder, OrderItem, Pressing
from bihuan.rectification.queries import DECLINED, order_items_seen
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from bihuan.deadlines.queries import LightFacts
    from bihuan.journal.action import Actor

DAYS_SHOWN: Final = 30
"""How far back a page looks for what is done already: nothing is due, counted or decided by it, so it is no policy."""
PART: Final = 2000
NOT_YET: Final = (State.REGISTERED, State.PROPOSED, State.ASSIGNED)


@dataclass(frozen=True)
class Acknowledged:
    """The last time a unit acknowledged something: when, and who did."""

    at: datetime
    who: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One unit on the wall: how many were assigned to it, and what became of them."""

    unit: Unit
    assigned: int
    waiting: int
    declined: int
    left: Remaining | None = None
    light: LightFacts | None = None
    last: Acknowledged | None = None
    pressed_on: date | None = None

    @property
    def taken(self) -> int:
        """How many it acknowledged."""
        return self.assigned - self.waiting - self.declined


def wall_of_order(actor: Actor, order: AssignmentOrder) -> list[Line]:
    """The units of an issued order, who is most late first."""
    items = order_items_seen(actor, order)
    waiting = Q(problem__state=State.ASSIGNED) & ~Q(DECLINED)
    counted = _counted(items.order_by(), waiting, Q(DECLINED))
    still = Problem.objects.filter(pk__in=items.order_by().filter(waiting).values("problem"))
    done = Problem.objects.filter(pk__in=items.order_by().filter(~Q(DECLINED)).values("problem")).exclude(
        state__in=NOT_YET
    )
    return _lines(order.jurisdiction, counted, still, done)


def wall_of_office(actor: Actor, place: Unit) -> list[Line]:
    """The units an office waits for, and those that have acknowledged what it assigned lately."""
    since = today() - timedelta(days=DAYS_SHOWN)
    mine = visible(actor, Problem.objects.filter(jurisdiction=place, lead_unit__isnull=False))
    waiting = Q(state=State.ASSIGNED)
    declined = Q(state__in=[State.REGISTERED, State.PROPOSED], declines__gt=0)
    lately = mine.filter(waiting | Q(assigned_on__gte=since))
    done = lately.exclude(state__in=NOT_YET)
    return _lines(place, _counted(lately, waiting, declined), lately.filter(waiting), done)


def _counted(
    rows: QuerySet[OrderItem] | QuerySet[Problem], waiting: Q, declined: Q
) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Unit -> how many were assigned to it, still wait, were declined."""
    numbers = rows.values("lead_unit").annotate(
        n=Count("pk"), waiting=Count("pk", filter=waiting), declined=Count("pk", filter=declined)
    )
    return {row["lead_unit"]: (row["n"], row["waiting"], row["declined"]) for row in numbers.order_by()}


def _lines(
    place: Unit,
    counted: dict[uuid.UUID, tuple[int, int, int]],
    waiting: QuerySet[Problem],
    done: QuerySet[Problem],
) -> list[Line]:
    units = Unit.objects.in_bulk(counted)
    clocks, last, pressed = _first_clocks(waiting), _last_acknowledged(done), _pressed(waiting)
    days = calendar_for(*reversed(ids_on(place.path)))
    at = timezone.localtime(now())
    lines = []
    for pk, (assigned, still, declined) in counted.items():
        clock = clocks.get(pk)
        lines.append(
            Line(
                unit=units[pk],
                assigned=assigned,
                waiting=still,
                declined=declined,
                left=remaining(clock.due, _local(clock.due_at), at, days) if clock else None,
                light=facts_today(clock) if clock else None,
                last=last.get(pk),
                pressed_on=pressed.get(pk),
            )
        )
    return sorted(lines, key=most_late_first)


def _local(at: datetime | None) -> datetime | None:
    return timezone.localtime(at) if at else None


def most_late_first(line: Line) -> tuple[bool, float, int, str]:
    """Who has nothing left to acknowledge comes last; else whose term passes first, and of equals who has most."""
    passes = line.left.passes_at.timestamp() if line.left else float("inf")
    return (line.waiting == 0, passes, -line.waiting, str(line.unit))


def _first_clocks(waiting: QuerySet[Problem]) -> dict[uuid.UUID, Clock]:
    """Of each unit the clock that passes first."""
    rows = Clock.objects.filter(kind=ClockKind.ACKNOWLEDGE, problem__in=waiting.order_by().values("pk"))
    first = rows.exclude(state=ClockState.STOPPED).order_by(
        "problem__lead_unit", "due", F("due_at").asc(nulls_last=True), "id"
    )
    related = ("problem", "policy", "lights_policy")
    found = first.distinct("problem__lead_unit").select_related(*related)
    return {clock.problem.lead_unit_id: clock for clock in found}


def _last_acknowledged(done: QuerySet[Problem]) -> dict[uuid.UUID, Acknowledged]:
    """Of each unit when it last acknowledged something, and who did, from the journal."""
    leads = dict(done.order_by().values_list("pk", "lead_unit"))
    last: dict[uuid.UUID, tuple[datetime, uuid.UUID]] = {}
    for at, stream in _moments(list(leads)):
        unit = leads[stream]
        last[unit] = max(last.get(unit, (at, stream)), (at, stream))
    events = JournalEvent.objects.filter(
        stream__in=[stream for _at, stream in last.values()], verb=Verb.ACKNOWLEDGE
    )
    who = {(event.occurred_at, event.stream): name_of(event.body["who"]) for event in events}
    return {unit: Acknowledged(key[0], who[key]) for unit, key in last.items()}


def _moments(streams: list[uuid.UUID]) -> Iterable[tuple[datetime, uuid.UUID]]:
    for start in range(0, len(streams), PART):
        part = JournalEvent.objects.filter(stream__in=streams[start : start + PART], verb=Verb.ACKNOWLEDGE)
        yield from part.values_list("occurred_at", "stream")


def _pressed(waiting: QuerySet[Problem]) -> dict[uuid.UUID, date]:
    """Of each unit the last day it was pressed for something that still waits."""
    rows = Pressing.objects.filter(problem__in=waiting.order_by().values("pk"))
    return dict(rows.order_by().values_list("unit").annotate(last=Max("pressed_on")))
