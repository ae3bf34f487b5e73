"""The facts proposals rest on, read for many problems at once: a few queries for each source and sector, none for a row."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count
from django.utils import timezone

from bihuan.calendars.rules import Term, due
from bihuan.journal.timesource import today
from bihuan.ledger.deciding import leading_group_posts
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.registering import role_of, stewards_of
from bihuan.organizations.queries import deputy_in_charge
from bihuan.organizations.rules import covers_sector
from bihuan.policies.queries import PolicyBook, book_of
from bihuan.rectification.handling.rules import (
    Facts,
    Pick,
    Terms,
    Why,
    authority_of,
    lead_of,
    supporting_of,
    wants_sponsor,
)
from bihuan.rectification.policy import open_units
from bihuan.rectification.terms import NEVER, calendar_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from bihuan.calendars.rules import WorkingCalendar
    from bihuan.organizations.models import Post, Unit

POLICY: Final = "handling"
TERMS: Final = "deadline.rectification"
Alike = tuple["uuid.UUID", "uuid.UUID"]


@dataclass(frozen=True)
class Proposed:
    """What the program proposes of one problem; each a pick with its reason, or nothing.

    `sponsor_wanted`: whether the rule asks for a leader in charge at all.
    """

    lead: Pick | None
    supporting: tuple[Pick, ...]
    authority: Pick | None
    deputy: Pick | None
    sponsor: Pick | None
    deadline: tuple[date, Why] | None
    sponsor_wanted: bool = False


def proposals_for(problems: Sequence[Problem]) -> dict[uuid.UUID, Proposed]:
    """Problem -> what is proposed of it."""
    reading = _Reading(problems)
    return {problem.pk: reading.proposed(problem) for problem in problems}


class _Reading:
    """The facts of one sheet: what is alike is read once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.on = today()
        self._deputies: dict[tuple[uuid.UUID, str], Post | None] = {}
        self._groups: dict[uuid.UUID, list[Post]] = {}
        self._books: dict[uuid.UUID, PolicyBook] = {}
        self._calendars: dict[uuid.UUID, WorkingCalendar] = {}
        self._bodies: dict[tuple[object, ...], dict[str, Any]] = {}
        self.bodies = {problem.pk: self._body(problem, POLICY) for problem in problems}
        self.stewards = {(p.source_id, p.sector_id): self._steward(p) for p in problems}
        self._read_history(problems)
        wanted = {unit for counts in (*self.led.values(), *self.helped.values()) for unit in counts}
        wanted |= {steward for steward in self.stewards.values() if steward}
        named = ("lead_unit_id", "territorial_unit_id", "sector_authority_id")
        wanted |= {unit for one in problems for name in named if (unit := getattr(one, name))}
        self.units: dict[uuid.UUID, Unit] = open_units(wanted)

    def _body(self, problem: Problem, code: str) -> dict[str, Any]:
        """The rule in force for the problem; read once for a place, chosen once for all that are alike."""
        place = problem.jurisdiction
        if place.pk not in self._books:
            self._books[place.pk] = book_of([POLICY, TERMS], jurisdiction=place, on=self.on)
        scope = {
            "source": problem.source.code,
            "sector": problem.sector.code,
            "grade": problem.grade,
            "supervision_level": problem.supervision_level,
        }
        alike = (place.pk, code, *scope.values())
        if alike not in self._bodies:
            self._bodies[alike] = dict(self._books[place.pk].choose(code, **scope).body)
        return self._bodies[alike]

    def _steward(self, problem: Problem) -> uuid.UUID | None:
        """The steward of the closest sector; one whose time has not come is not asked."""
        held = [
            one
            for one in stewards_of(problem, self.on)
            if role_of(one) is InvolvementRole.SECTOR_AUTHORITY and one.since <= self.on
        ]
        closest = max(held, key=lambda one: (len(one.code), one.since), default=None)
        return closest.unit_id if closest else None

    def _read_history(self, problems: Sequence[Problem]) -> None:
        """Who led and who helped in what was assigned of the same source and sector; restricted ones tell nothing."""
        self.cases: Counter[Alike] = Counter()
        self.led: dict[Alike, Counter[uuid.UUID]] = defaultdict(Counter)
        self.helped: dict[Alike, Counter[uuid.UUID]] = defaultdict(Counter)
        if not problems:
            return
        months = max(body["history_months"] for body in self.bodies.values())
        past = self._past(problems, _months_before(self.on, months))
        rows = past.values_list("source_id", "sector_id", "lead_unit_id").annotate(n=Count("pk")).order_by()
        for source, sector, unit, count in rows:
            self.cases[source, sector] += count
            self.led[source, sector][unit] += count
        helped = Involvement.objects.filter(
            problem__in=past, role=InvolvementRole.SUPPORTING, unit__isnull=False
        )
        pairs = helped.values_list("problem__source_id", "problem__sector_id", "unit_id")
        for source, sector, unit, count in pairs.annotate(n=Count("problem", distinct=True)).order_by():
            self.helped[source, sector][unit] += count

    def _past(self, problems: Sequence[Problem], since: date) -> QuerySet[Problem]:
        found: QuerySet[Problem] = Problem.objects.filter(
            jurisdiction__in={problem.jurisdiction_id for problem in problems},
            source__in={problem.source_id for problem in problems},
            sector__in={problem.sector_id for problem in problems},
            assigned_on__gte=since,
            lead_unit__isnull=False,
            channel__isnull=True,
        )
        return found

    def proposed(self, problem: Problem) -> Proposed:
        body, alike = self.bodies[problem.pk], (problem.source_id, problem.sector_id)
        steward = self.stewards[alike]
        facts = Facts(
            written=problem.lead_unit_id,
            steward=steward,
            territorial=problem.territorial_unit_id,
            cases=self.cases[alike],
            led=self.led[alike],
            helped=self.helped[alike],
            open_units=frozenset(self.units),
        )
        terms = Terms(body["least_cases"], body["least_percent"])
        lead = lead_of(facts, terms)
        wanted = wants_sponsor(problem.grade, body["sponsor_from"])
        return Proposed(
            lead=lead,
            supporting=supporting_of(facts, terms, lead.value if lead else None),
            authority=authority_of(facts, problem.sector_authority_id),
            deputy=self._deputy(lead.value, problem) if lead else None,
            sponsor=self._sponsor(problem) if wanted else None,
            deadline=self._deadline(problem),
            sponsor_wanted=wanted,
        )

    def _deputy(self, unit: uuid.UUID, problem: Problem) -> Pick | None:
        key = (unit, problem.sector.code)
        if key not in self._deputies:
            found = deputy_in_charge(self.units[unit], problem.sector.code, self.on)
            self._deputies[key] = found[0] if found else None
        return self._picked(self._deputies[key])

    def _sponsor(self, problem: Problem) -> Pick | None:
        """Who is charged already, else the member of the leading group whose portfolio covers the sector."""
        if problem.sponsor is not None and problem.sponsor.closed_on is None:
            return Pick(problem.sponsor.pk, Why.WRITTEN)
        place = problem.jurisdiction
        if place.pk not in self._groups:
            self._groups[place.pk] = leading_group_posts(place)
        fitting = [
            post for post in self._groups[place.pk] if covers_sector(post.portfolio, problem.sector.code)
        ]
        return self._picked(fitting[0] if fitting else None)

    def _deadline(self, problem: Problem) -> tuple[date, Why] | None:
        """What the source set, if it is still to come; else what the rule gives, counted from today."""
        if problem.external_deadline != NEVER:
            return (problem.external_deadline, Why.SOURCE) if problem.external_deadline > self.on else None
        term = Term.from_record(self._body(problem, TERMS)[problem.rectification_kind])
        place = problem.jurisdiction_id
        if place not in self._calendars:
            self._calendars[place] = calendar_of(problem)
        begins = timezone.make_aware(datetime.combine(self.on, time()))
        return due(term, {term.starts_on: begins}, self._calendars[place]).day, Why.TERM

    @staticmethod
    def _picked(post: Post | None) -> Pick | None:
        return Pick(post.pk, Why.PORTFOLIO) if post else None


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(max(1, years), month + 1, 1)
