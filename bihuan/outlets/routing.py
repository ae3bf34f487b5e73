"""From messages to deliveries: who can be reached how, and when what is queued now may leave.

A message goes to each person by the nearest mail and the nearest short message outlet above their unit, if they have an
address for it and did not decline; and to the robots of their own unit's groups. What a robot says, it says once, however
many people of the unit are told the same.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from bihuan.journal import timesource
from bihuan.journal.action import Refused
from bihuan.messages.kinds import matter_of
from bihuan.messages.models import Message
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Person, StandIn, Tenure, Unit, UnitKind
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import home_of
from bihuan.outlets.models import Delivery, MessageChoice, Outlet
from bihuan.outlets.terms import Terms, terms_at
from bihuan.outlets.ways import PERSONAL, ROBOTS, Way

BLOCK: Final = 500


def declining(matter: str, way: str) -> str:
    """How a choice is written down."""
    return f"{matter}/{way}"


def route() -> int:
    """Look after the messages nobody looked after yet; returns how many. Where there is no outlet, nothing is tried."""
    outlets = list(Outlet.objects.filter(on_since__isnull=False).select_related("unit"))
    if not outlets:
        return Message.objects.filter(routed=False).update(routed=True)
    count = 0
    while found := _route_block(outlets):
        count += found
    return count


def _route_block(outlets: Sequence[Outlet]) -> int:
    with transaction.atomic():
        waiting = Message.objects.select_for_update(skip_locked=True).filter(routed=False)
        messages = list(waiting.order_by("created_at")[:BLOCK])
        if not messages:
            return 0
        book = _Book.of(outlets, {message.to_person for message in messages})
        deliveries = [one for message in messages for one in book.deliveries_of(message)]
        # One that waits already will say how much it is when it leaves.
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(routed=True)
    return len(messages)


@dataclass
class _Book:
    """What is known of the people of a block, read once."""

    outlets: Sequence[Outlet]
    people: dict[uuid.UUID, Person]
    units: dict[uuid.UUID, list[Unit]]
    declined: dict[uuid.UUID, set[str]]
    terms: dict[uuid.UUID, Terms | None] = field(default_factory=dict)
    reach: dict[uuid.UUID, list[Outlet]] = field(default_factory=dict)

    @classmethod
    def of(cls, outlets: Sequence[Outlet], people: Iterable[uuid.UUID]) -> _Book:
        """Four statements, however many people."""
        wanted = set(people)
        choices = MessageChoice.objects.filter(person__in=wanted).values_list("person", "declined")
        return cls(
            outlets=outlets,
            people=Person.objects.in_bulk(wanted),
            units=units_of(wanted),
            declined={person: set(declined) for person, declined in choices},
        )

    def deliveries_of(self, message: Message) -> Iterator[Delivery]:
        """Every way out this message takes."""
        matter, moment = matter_of(message.kind), timesource.now()
        for outlet in self._outlets_for(message.to_person):
            terms = self._terms(outlet)
            if terms is None or outlet.on_since is None or message.created_at < outlet.on_since:
                continue
            if not self._carries(outlet, message.to_person, matter, compulsory=terms.is_compulsory(matter)):
                continue
            urgent = terms.is_urgent(matter)
            yield Delivery(
                message=message,
                outlet=outlet,
                person=message.to_person if outlet.way in PERSONAL else None,
                urgent=urgent,
                due_at=terms.hours.due(timezone.localtime(moment), urgent=urgent),
            )

    def _outlets_for(self, person: uuid.UUID) -> list[Outlet]:
        if person not in self.reach:
            self.reach[person] = outlets_reaching(self.units.get(person, []), self.outlets)
        return self.reach[person]

    def _carries(self, outlet: Outlet, person: uuid.UUID, matter: str, *, compulsory: bool) -> bool:
        if outlet.matters and matter not in outlet.matters:
            return False
        if outlet.way in ROBOTS:
            return True
        declined = declining(matter, outlet.way) in self.declined.get(person, ())
        return address_reference(self.people.get(person), outlet.way) is not None and (
            compulsory or not declined
        )

    def _terms(self, outlet: Outlet) -> Terms | None:
        """The terms at an outlet's unit. A place without rules of its own or above it sends nothing outside."""
        if outlet.unit_id not in self.terms:
            try:
                found = terms_at(outlet.unit, timesource.today())
            except Refused:
                found = None
            self.terms[outlet.unit_id] = found
        return self.terms[outlet.unit_id]


def address_reference(person: Person | None, way: str) -> uuid.UUID | None:
    """Where the person's sealed address for a way lies; None where they have none or left."""
    if person is None or person.left_on is not None:
        return None
    found: uuid.UUID | None = person.email if way == Way.MAIL else person.mobile
    return found


def units_of(people: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Unit]]:
    """The units in which people hold a post or stand in for its holder today; what they hold themselves comes first."""
    found: dict[uuid.UUID, list[Unit]] = defaultdict(list)
    for model in (Tenure, StandIn):
        rows = model.objects.filter(
            in_force(timesource.today()), person__in=set(people), post__closed_on=None
        )
        for row in rows.select_related("post__unit__parent").order_by("since", "id"):
            found[row.person_id].append(row.post.unit)
    return found


def _organ_of(unit: Unit) -> Unit:
    """What a section belongs to; its parent was read with it and is nearly always the one."""
    above = unit.parent if unit.kind == UnitKind.SECTION else None
    return unit if above is None else home_of(above)


def outlets_reaching(units: Sequence[Unit], outlets: Iterable[Outlet]) -> list[Outlet]:
    """The nearest mail and short message outlet above the first unit that has one, and the robots of these units."""
    given = list(outlets)
    homes = {pk for unit in units for pk in (unit.pk, _organ_of(unit).pk)}
    chosen = [one for one in given if one.way in ROBOTS and one.unit_id in homes]
    for way in sorted(PERSONAL):
        for unit in units:
            above = [one for one in given if one.way == way and is_under(unit.path, one.unit.path)]
            if above:
                chosen.append(max(above, key=lambda one: (len(one.unit.path), one.pk)))
                break
    return chosen


def local(moment: datetime) -> datetime:
    """The moment in the installation's zone, in which offices set their hours."""
    return timezone.localtime(moment)
