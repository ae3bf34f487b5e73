"""Reading outlets: for their administrator, and for the people they reach."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from bihuan.journal import timesource
from bihuan.journal.action import Refused
from bihuan.messages.kinds import Matter
from bihuan.outlets.models import Dispatch, DispatchState, MessageChoice, Outlet
from bihuan.outlets.routing import outlets_reaching, units_of
from bihuan.outlets.terms import terms_at
from bihuan.outlets.ways import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = 50


@dataclass(frozen=True)
class Health:
    """How an outlet fares: when it last got through, how much waits, how much was given up."""

    last: datetime | None = None
    waiting: int = 0
    failed: int = 0


def health_of(outlets: Iterable[Outlet]) -> dict[uuid.UUID, Health]:
    """The health of each; two statements."""
    found = list(outlets)
    rows = Dispatch.objects.filter(outlet__in=found).values("outlet").order_by()
    told = rows.annotate(
        last=Max("tried_at", filter=Q(state=DispatchState.DELIVERED)),
        waiting=Count("pk", filter=Q(state__in=[DispatchState.WAITING, DispatchState.SENDING])),
        failed=Count("pk", filter=Q(state=DispatchState.FAILED, trial=False)),
    )
    by_outlet = {row["outlet"]: Health(row["last"], row["waiting"], row["failed"]) for row in told}
    return {outlet.pk: by_outlet.get(outlet.pk, Health()) for outlet in found}


def troubles_of(outlet: Outlet) -> list[Dispatch]:
    """What did not go out, or not yet at the first attempt; the newest first."""
    trouble = Q(state=DispatchState.FAILED) | Q(state=DispatchState.WAITING, attempts__gt=0)
    found = Dispatch.objects.filter(trouble, outlet=outlet).annotate(count=Count("deliveries"))
    return list(found.order_by("-made_at", "-id")[:PAGE])


def last_trial(outlet: Outlet) -> Dispatch | None:
    """The newest trial."""
    return Dispatch.objects.filter(outlet=outlet, trial=True).order_by("-made_at", "-id").first()


def reaching(person: uuid.UUID) -> list[Outlet]:
    """The outlets that are on and reach a person for themselves, by way."""
    outlets = Outlet.objects.filter(on_since__isnull=False, way__in=PERSONAL).select_related("unit")
    return outlets_reaching(units_of([person]).get(person, []), outlets)


def compulsory_for(person: uuid.UUID) -> frozenset[str]:
    """The matters a person cannot decline: those that are compulsory at an outlet that reaches them."""
    found: set[str] = set()
    for outlet in reaching(person):
        try:
            terms = terms_at(outlet.unit, timesource.today())
        except Refused:
            continue
        found.update(matter for matter in Matter if terms.is_compulsory(matter))
    return frozenset(found)


def declined_by(person: uuid.UUID) -> frozenset[str]:
    """What a person switched off."""
    choice = MessageChoice.objects.filter(person=person).first()
    return frozenset(choice.declined) if choice else frozenset()
