"""Which rung of the ladder is due for a clock, why, and on which day to look again if nothing happens.

Pure: today, policy, calendar and facts are passed in. A reminder is a matter of its deadline: each of its steps is sent
once, the latest that has come, and none any more once a rung above was proposed for that deadline. The rungs above are
a matter of the clock: each at most once, in order, one at a time; the next one only when the one before is settled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bihuan.calendars.rules import add_working_days, subtract_working_days, working_days_between
from bihuan.deadlines.rules import Light

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bihuan.calendars.rules import WorkingCalendar


class Rung(StrEnum):
    """From mild to severe."""

    REMINDER = "reminder"
    SUPERVISION_LETTER = "supervision_letter"
    CIRCULAR = "circular"
    ADMONITORY_TALK = "admonitory_talk"
    PUBLIC_LISTING = "public_listing"
    ACCOUNTABILITY = "accountability"

    @property
    def height(self) -> int:
        """Place from mild to severe."""
        return _IN_ORDER.index(self)


_IN_ORDER: Final = tuple(Rung)
UPPER: Final = _IN_ORDER[1:]


class Trigger(StrEnum):
    """What can call for a rung."""

    COMING = "coming"
    OVERDUE = "overdue"
    LIGHT = "light"
    YELLOWS = "yellows"
    RETURNS = "returns"


class Wait(StrEnum):
    """What a clock whose next rung cannot come yet waits for."""

    NOTHING = ""
    PROPOSAL = "proposal"
    """A rung already proposed is not settled."""
    CONDUCT = "conduct"
    """The next rung is called for, but no conduct has been determined."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminders:
    """When people are reminded: working days before the deadline, then after it, every so often, so many times."""

    every_clock: bool = True
    before: tuple[int, ...] = ()
    before_hours: int | None = None
    """Hours before the instant of a deadline that has one; in place of a reminder on the very day."""
    after: int | None = None
    every: int = 5
    most: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class RungTerms:
    """What a policy says of one rung above the reminder. None switches a condition off."""

    rung: Rung
    every_clock: bool = False
    after_days: int | None = None
    at_light: Light | None = None
    yellows: int | None = None
    returns: int | None = None
    gap_days: int = 0
    needs_conduct: bool = False

    @property
    def is_used(self) -> bool:
        """Whether anything can call for it at all."""
        return (self.after_days, self.at_light, self.yellows, self.returns) != (None, None, None, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """The whole ladder of a policy."""

    reminders: Reminders
    rungs: tuple[RungTerms, ...]
    starts_at: Rung = Rung.SUPERVISION_LETTER
    critical_starts_at: Rung = Rung.SUPERVISION_LETTER

    @classmethod
    def from_record(cls, body: Mapping[str, Any]) -> Ladder:
        """Read the body of a policy of the kind `ladder`."""
        told = body["reminder"]
        before = [told["before_days"], told["again_before_days"]]
        return cls(
            reminders=Reminders(
                every_clock=told["clocks"] == "every",
                before=tuple(days for days in before if days is not None),
                before_hours=told.get("before_hours"),
                after=told["after_days"],
                every=told["every_days"],
                most=told["most"],
            ),
            rungs=tuple(_terms_of(rung, body[rung.value]) for rung in UPPER),
            starts_at=Rung(body["starts_at"]),
            critical_starts_at=Rung(body["critical_starts_at"]),
        )


def _terms_of(rung: Rung, body: Mapping[str, Any]) -> RungTerms:
    return RungTerms(
        rung=rung,
        every_clock=body["clocks"] == "every",
        after_days=body["after_days"],
        at_light=None if body["at_light"] == "never" else Light(body["at_light"]),
        yellows=body["yellows"],
        returns=body["returns"],
        gap_days=body["gap_days"],
        needs_conduct=body["needs_conduct"],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Climbed:
    """A rung that was proposed on this clock: for which deadline, and the day it was settled (None: not yet)."""

    rung: Rung
    due: date
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of one clock and its case."""

    rectification: bool
    """Whether this is the clock of the rectification itself, which answers for what concerns the whole case."""
    running: bool
    presses_lead: bool = True
    """Whether it is the lead unit that must act; who accepts is reminded, not supervised."""
    started: date
    due: date
    began_at: datetime | None = None
    due_at: datetime | None = None
    """Where hours are counted: from when, and the instant within the day `due`."""
    light: Light = Light.GREEN
    yellows: int = 0
    returns: int = 0
    critical: bool = False
    conduct: bool = False
    """Whether conduct was determined in this round."""
    busy: bool = False
    """Whether another clock of the same case has a proposal that is not settled."""
    reminded: int | None = None
    """The last step of the reminders that was sent for this very deadline."""
    climbed: tuple[Climbed, ...] = ()


@dataclass(frozen=True, slots=True)
class Firing:
    """One rung to propose (or one reminder to send), what called for it, and the values it was judged by.

    `number` tells the steps of the reminders apart: -3 is three working days before, 0 on the day or some hours before
    its instant, 2 the second one after.
    """

    rung: Rung
    trigger: Trigger
    data: dict[str, int | str] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is due today, the first day on which to look again if nothing happens, and what holds the next rung up."""

    fires: tuple[Firing, ...] = ()
    next_look: date | None = None
    wait: Wait = Wait.NOTHING
    awaited: Rung | None = None
    """The rung that is next on this clock; None where there is none left."""


def decide(
    facts: Facts, ladder: Ladder, today: date, days: WorkingCalendar, *, now: datetime | None = None
) -> Decision:
    """What the ladder asks for today. A clock that is stopped or over asks for nothing.

    `now` matters only for a reminder some hours before; without it that one is looked for again within the day.
    """
    if not facts.running:
        return Decision()
    upper = _upper(facts, ladder, today, days)
    if any(one.due == facts.due for one in facts.climbed):
        return upper
    reminder, next_reminder = _reminder(facts, ladder.reminders, (today, now), days)
    if upper.fires:
        # What is proposed now silences the reminders of this deadline, so there is none to look forward to.
        next_reminder = None
    looks = [day for day in (upper.next_look, next_reminder) if day is not None]
    return Decision(
        (*([reminder] if reminder else []), *upper.fires),
        min(looks, default=None),
        upper.wait,
        upper.awaited,
    )


def _reminder(
    facts: Facts, reminders: Reminders, present: tuple[date, datetime | None], days: WorkingCalendar
) -> tuple[Firing | None, date | None]:
    today, now = present
    if not (facts.rectification or reminders.every_clock):
        return None, None
    latest: Firing | None = None
    for number, day, at in _moments(facts, reminders, days):
        if facts.reminded is not None and number <= facts.reminded:
            continue
        if day > today or (day == today and at is not None and (now is None or now < at)):
            return latest, day
        trigger = Trigger.COMING if number <= 0 else Trigger.OVERDUE
        counted = working_days_between(min(facts.due, today), max(facts.due, today), days)
        latest = Firing(
            Rung.REMINDER, trigger, {"due": facts.due.isoformat(), "working_days": counted}, number
        )
    return latest, None


def _moments(
    facts: Facts, reminders: Reminders, days: WorkingCalendar
) -> Iterator[tuple[int, date, datetime | None]]:
    """The steps with their days (and instants), in order. What would come before the clock began is none."""
    in_hours = _hours_before(facts, reminders)
    for count in sorted(reminders.before, reverse=True):
        day = subtract_working_days(facts.due, count, days)
        if day > facts.started and not (in_hours and day >= in_hours.date()):
            yield -count, day, None
    if in_hours is not None:
        yield 0, in_hours.date(), in_hours
    if reminders.after is None:
        return
    day = add_working_days(facts.due, reminders.after, days)
    for number in range(1, reminders.most + 1):
        yield number, day, None
        day = add_working_days(day, reminders.every, days)


def _hours_before(facts: Facts, reminders: Reminders) -> datetime | None:
    if reminders.before_hours is None or facts.due_at is None:
        return None
    at = facts.due_at - timedelta(hours=reminders.before_hours)
    return at if facts.began_at is None or at > facts.began_at else None


def _upper(facts: Facts, ladder: Ladder, today: date, days: WorkingCalendar) -> Decision:
    terms = _next_rung(facts, ladder) if facts.presses_lead else None
    if terms is None:
        return Decision()
    if facts.busy or any(one.settled_on is None for one in facts.climbed):
        return Decision(wait=Wait.PROPOSAL, awaited=terms.rung)
    earliest = _after_gap(facts, terms, days)
    firing = _called_for(facts, terms, today, days)
    if firing is None:
        by_time = None if terms.after_days is None else add_working_days(facts.due, terms.after_days, days)
        look = max(filter(None, (by_time, earliest))) if by_time else None
        return Decision(next_look=look, awaited=terms.rung)
    if earliest is not None and today < earliest:
        return Decision(next_look=earliest, awaited=terms.rung)
    if terms.needs_conduct and not facts.conduct:
        return Decision(wait=Wait.CONDUCT, awaited=terms.rung)
    return Decision((firing,), wait=Wait.PROPOSAL, awaited=terms.rung)


def _next_rung(facts: Facts, ladder: Ladder) -> RungTerms | None:
    """The lowest rung in use above all that were proposed; where the policy begins higher, from there."""
    start = ladder.critical_starts_at if facts.critical else ladder.starts_at
    reached = max((one.rung.height for one in facts.climbed), default=0)
    for terms in ladder.rungs:
        applies = terms.is_used and (facts.rectification or terms.every_clock)
        if applies and terms.rung.height > reached and terms.rung.height >= start.height:
            return terms
    return None


def _after_gap(facts: Facts, terms: RungTerms, days: WorkingCalendar) -> date | None:
    settled = [one.settled_on for one in facts.climbed if one.settled_on is not None]
    return add_working_days(max(settled), terms.gap_days, days) if settled else None


def _called_for(facts: Facts, terms: RungTerms, today: date, days: WorkingCalendar) -> Firing | None:
    """The first condition that is met; what concerns the whole case is told by the rectification's clock alone."""
    if terms.after_days is not None and today >= add_working_days(facts.due, terms.after_days, days):
        over = working_days_between(facts.due, today, days)
        data: dict[str, int | str] = {"due": facts.due.isoformat(), "working_days": over}
        return Firing(terms.rung, Trigger.OVERDUE, {**data, "threshold": terms.after_days})
    if terms.at_light is not None and facts.light.severity >= terms.at_light.severity:
        return Firing(terms.rung, Trigger.LIGHT, {"light": facts.light.value})
    if not facts.rectification:
        return None
    if terms.yellows is not None and facts.yellows >= terms.yellows:
        return Firing(terms.rung, Trigger.YELLOWS, {"count": facts.yellows, "threshold": terms.yellows})
    if terms.returns is not None and facts.returns >= terms.returns:
        return Firing(terms.rung, Trigger.RETURNS, {"count": facts.returns, "threshold": terms.returns})
    return None
