"""When a clock is due: the policy that says so, the events it counts from, and the working days of the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from bihuan.calendars.queries import calendar_for
from bihuan.calendars.rules import Term, WorkingCalendar, due, next_working_day
from bihuan.deadlines.models import Clock, ClockKind
from bihuan.journal import timesource
from bihuan.journal.open_action import current, is_open
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.organizations.tree import ids_on
from bihuan.policies.queries import PolicyBook, book_of, quote

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from bihuan.ledger.models import Problem
    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy

NEVER: Final = date.fromisoformat(NO_DEADLINE)
LIGHTS: Final = "lights"
LADDER: Final = "ladder"
CODES: Final[Mapping[str, ClockKind]] = {f"deadline.{kind.value}": kind for kind in ClockKind}
"""Policy code -> the clock it sets."""


@dataclass(frozen=True)
class DueDay:
    """When something is due, and what that rests on (plain values, kept with the clock)."""

    day: date
    at: datetime | None
    basis: dict[str, Any]
    began: datetime | None = None
    """Where hours are counted: the instant they are counted from."""


class Terms:
    """Policies and calendars read once for all the problems of one reaction, however many there are."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._books: dict[uuid.UUID, PolicyBook] = {}
        self._calendars: dict[uuid.UUID, WorkingCalendar] = {}
        self._chosen: dict[tuple[object, ...], Policy] = {}

    def policy(self, problem: Problem, code: str) -> Policy:
        """The version in force for this problem, quoted in the open action."""
        return quote(self.chosen(problem, code))

    def chosen(self, problem: Problem, code: str) -> Policy:
        """The version in force for this problem; chosen once for all that are alike."""
        alike = (
            code,
            problem.jurisdiction_id,
            problem.source_id,
            problem.sector_id,
            problem.grade,
            problem.supervision_level,
        )
        if alike not in self._chosen:
            self._chosen[alike] = self._book(problem.jurisdiction).choose(
                code,
                source=problem.source.code,
                sector=problem.sector.code,
                grade=problem.grade,
                supervision_level=problem.supervision_level,
            )
        return self._chosen[alike]

    def ladder(self, problem: Problem) -> Policy | None:
        """The ladder in force for this problem; a place may do without one."""
        if not self._book(problem.jurisdiction).policies.get(LADDER):
            return None
        return self.chosen(problem, LADDER)

    def _book(self, place: Unit) -> PolicyBook:
        if place.pk not in self._books:
            self._books[place.pk] = _book_for(place, self.on)
        return self._books[place.pk]

    def calendar(self, problem: Problem) -> WorkingCalendar:
        """The working days of the problem's place."""
        place = problem.jurisdiction
        if place.pk not in self._calendars:
            self._calendars[place.pk] = _days_of(place)
        return self._calendars[place.pk]

    def due_day(
        self,
        problem: Problem,
        kind: ClockKind,
        policy: Policy,
        *,
        events: Mapping[str, datetime],
        notice_until: date | None,
        promised: bool = True,
    ) -> DueDay:
        """A date promised outside or published counts as it stands; anything else is counted by the policy.

        Without `promised` the policy is asked even so: the clock was counted by one, whatever was promised since.
        """
        if kind is ClockKind.RECTIFICATION and problem.external_deadline != NEVER and promised:
            return DueDay(problem.external_deadline, None, {"from": "external"})
        if kind is ClockKind.NOTICE and notice_until is not None:
            # The notice may be ended once its last day has passed, so that is the day it falls due, not the last day itself.
            first_free = date.fromordinal(notice_until.toordinal() + 1)
            day = next_working_day(first_free, self.calendar(problem))
            return DueDay(day, None, {"from": "notice", "until": notice_until.isoformat()})
        return self._counted(problem, _term_of(policy, kind, problem), events)

    def counted_again(self, problem: Problem, basis: Mapping[str, Any]) -> DueDay:
        """What a term comes to by the calendar as it stands now; counted from the same day as before."""
        term = Term.from_record(basis["term"])
        start = basis.get("counted_from")
        return self._counted(
            problem, term, {term.starts_on: moment_of(date.fromisoformat(start))} if start else {}
        )

    def _counted(self, problem: Problem, term: Term, events: Mapping[str, datetime]) -> DueDay:
        basis: dict[str, Any] = {"from": "policy", "term": term.as_record()}
        days = self.calendar(problem)
        if term.starts_on and term.starts_on not in events:
            # An imported problem may lack the date a term counts from; a clock late by that is better than none.
            events = {**events, term.starts_on: _now()}
            basis["event_missing"] = True
        found = due(term, events, days)
        if found.counted_from is not None:
            basis["counted_from"] = found.counted_from.isoformat()
        if found.rolled_from is not None:
            basis["rolled_from"] = found.rolled_from.isoformat()
        if found.is_provisional:
            basis["provisional"] = True
        return DueDay(found.day, found.at, basis, events[term.starts_on] if found.at else None)


def ask_terms_ahead(place: Unit) -> None:
    """What the clocks of a place's problems will be counted by."""
    _book_for(place, current().today)
    _days_of(place)


def _book_for(place: Unit, on: date) -> PolicyBook:
    return book_of([*CODES, LIGHTS, LADDER], jurisdiction=place, on=on)


def _days_of(place: Unit) -> WorkingCalendar:
    return calendar_for(*reversed(ids_on(place.path)))


def _term_of(policy: Policy, kind: ClockKind, problem: Problem) -> Term:
    body = policy.body
    return Term.from_record(body[problem.rectification_kind] if kind is ClockKind.RECTIFICATION else body)


def moment_of(day: date) -> datetime:
    """The day as a moment of the installation's zone: what happens in the open action happens now.

    Of an earlier day only the date is known; terms in hours then count from its beginning.
    """
    now = _now()
    return now if day == now.date() else datetime.combine(day, time(), timezone.get_default_timezone())


def _now() -> datetime:
    """When the open action happens; this moment where something is only foreseen."""
    return timezone.localtime(current().now if is_open() else timesource.now())


def events_of(problem: Problem, dated: Mapping[str, date]) -> dict[str, datetime]:
    """What has happened to a problem by name, for terms to count from; `dated` are events other clocks know of.

    A later round begins when it was given to its unit: what happened before the first one starts no time of it.
    """
    anew = problem.round > 1
    received = problem.batch.received_on if problem.batch else None
    known: dict[str, date | None] = {
        "registered": problem.assigned_on if anew else problem.registered_on,
        "feedback_received": problem.assigned_on if anew and received else received,
        "assigned": problem.assigned_on,
        "closed": problem.closed_on,
        **dated,
    }
    return {name: moment_of(day) for name, day in known.items() if day is not None}


def events_behind(row: Clock) -> dict[str, datetime]:
    """What a clock that has begun could have been counted from; what its own term was counted from stands as it was."""
    begun = {name: moment_of(row.started_on) for name in ("acknowledged", "acceptance_applied", "noticed")}
    events = {**events_of(row.problem, {}), **begun}
    basis = row.explanation.get("basis", {})
    if "counted_from" in basis:
        starts_on = Term.from_record(basis["term"]).starts_on
        if row.began_at is not None:
            events[starts_on] = timezone.localtime(row.began_at) - timedelta(days=row.suspended_days)
        else:
            events[starts_on] = moment_of(date.fromisoformat(basis["counted_from"]))
    return events


def counted_deadline(problem: Problem) -> date:
    """The day by which policy wants a problem fixed whose time begins now, whatever was promised before."""
    terms = Terms(current().today)
    policy = terms.policy(problem, f"deadline.{ClockKind.RECTIFICATION.value}")
    term = _term_of(policy, ClockKind.RECTIFICATION, problem)
    now = timezone.localtime(current().now)
    return due(term, {term.starts_on: now}, terms.calendar(problem)).day
