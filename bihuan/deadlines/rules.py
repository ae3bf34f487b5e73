"""Which light a clock shows, why, and on which day it next changes if nothing happens.

Pure: today, policy and facts are passed in. A light is derived, never typed; the worst of what time left, progress
behind schedule, a judgment and a manual raise say. A deadline that is a date passes at the end of that day; one counted in
hours passes at its instant (`due_at`), which lies within the day `due`, and its lights change at instants too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bihuan.deadlines.achievability import Achievability, Judged
from bihuan.deadlines.schedule import (
    WHOLE,
    by_milestones,
    by_parts,
    first_day_at,
    last_point,
    scheduled_progress,
)
from bihuan.ledger.schedules import PlannedPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOUR: Final = timedelta(hours=1)
_MILDEST: Final = ("extended_at_least", "at_risk_at_least", "not_on_time_at_least")


class Light(StrEnum):
    """The colours, and no light at all. Off is not a severity: the clock is stopped or over."""

    OFF = "off"
    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def severity(self) -> int:
        """Place from mild to severe."""
        return _BY_SEVERITY.index(self)


_BY_SEVERITY: Final = (Light.OFF, Light.GREEN, Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED)


class Rule(StrEnum):
    """What can have its say about the light."""

    SUSPENDED = "suspended"
    ENDED = "ended"
    TIME_LEFT = "time_left"
    OVERDUE = "overdue"
    PROGRESS_GAP = "progress_gap"
    EXTENDED = "extended"
    RAISED = "raised"
    ACHIEVABILITY = "achievability"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """The numbers of a policy. None switches a rule off."""

    blue_days: int | None = 15
    yellow_days: int | None = 10
    orange_days: int | None = 3
    blue_part: int = 2
    """Of a short period, blue begins no earlier than in the last half (third, quarter …) of the whole."""
    yellow_part: int = 3
    orange_part: int = 4
    gap_yellow: int | None = 10
    """Percentage points behind schedule from which the light is yellow."""
    gap_orange: int | None = 30
    """Percentage points behind schedule beyond which it is orange."""
    extended_at_least: Light = Light.BLUE
    """Mildest light of a clock whose deadline was put off: green is not to be had by moving the date."""
    at_risk_at_least: Light = Light.YELLOW
    """Mildest light where keeping the deadline is judged to be at risk."""
    not_on_time_at_least: Light = Light.ORANGE
    """Mildest light where it is judged that the deadline will not be kept."""

    def __post_init__(self) -> None:
        days = [value for value in (self.blue_days, self.yellow_days, self.orange_days) if value is not None]
        gaps = [value for value in (self.gap_yellow, self.gap_orange) if value is not None]
        if any(value < 0 for value in days + gaps):
            raise ValueError("thresholds cannot be negative")
        if days != sorted(days, reverse=True):
            raise ValueError("blue must begin no later than yellow, and yellow no later than orange")
        parts = [self.blue_part, self.yellow_part, self.orange_part]
        if parts != sorted(parts) or self.blue_part < 1:
            raise ValueError(
                "in a short period too blue must begin no later than yellow, and yellow no later than orange"
            )
        if gaps != sorted(gaps):
            raise ValueError("the gap for yellow cannot exceed the gap for orange")
        if Light.OFF in {getattr(self, name) for name in _MILDEST}:
            raise ValueError("such a clock shows some light; green leaves the rule without effect")
        if self.at_risk_at_least.severity > self.not_on_time_at_least.severity:
            raise ValueError("a deadline at risk cannot be graver than one that will not be kept")

    @classmethod
    def from_record(cls, record: Mapping[str, int | str | None]) -> Thresholds:
        """Read a policy record's values; what it does not name keeps its default, a strange name is refused."""
        strange = set(record) - {known.name for known in fields(cls)}
        if strange:
            message = f"unknown thresholds: {', '.join(sorted(strange))}"
            raise ValueError(message)
        known_values: dict[str, Any] = {}
        for name, value in record.items():
            if name in _MILDEST:
                continue
            if type(value) is not int and (value is not None or name.endswith("_part")):
                message = f"{name} must be a whole number or null, not {value!r}"
                raise ValueError(message)
            known_values[name] = value
        known_values |= {name: Light(str(record[name])) for name in _MILDEST if record.get(name)}
        return cls(**known_values)

    @property
    def days_left(self) -> tuple[tuple[Light, int | None], ...]:
        """From how many days left each light of time is on, the worst first."""
        return (
            (Light.ORANGE, self.orange_days),
            (Light.YELLOW, self.yellow_days),
            (Light.BLUE, self.blue_days),
        )

    def part_of(self, light: Light) -> int:
        """In the last one of so many equal parts of a short period a light of time may begin."""
        return {Light.BLUE: self.blue_part, Light.YELLOW: self.yellow_part, Light.ORANGE: self.orange_part}[
            light
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The facts about one deadline. Changing it gives a new one; the first deadline stays for good."""

    start: date
    due: date
    first_due: date
    due_at: datetime | None = None
    """Where the policy counts hours: the instant, in the installation's zone, within the day `due`."""
    began_at: datetime | None = None
    """The instant those hours are counted from; without it the lights before the deadline change with the days."""
    progress: int | None = None
    """Per cent done as last reported; None where progress is not measured."""
    milestones: tuple[tuple[date, int], ...] = ()
    """Where a task says how far the work should be by which day; without any it is expected evenly."""
    parts: tuple[PlannedPart, ...] = ()
    """The measures of an approved plan, which together say how far the whole should be."""
    suspended_days: int = 0
    suspended_on: date | None = None
    ended_on: date | None = None
    ended_at: datetime | None = None
    """The instant within that day, where it is known."""
    raised_to: Light | None = None
    judged: Judged | None = None
    """Whether people think it will be kept, and who of them."""

    def __post_init__(self) -> None:
        if self.due_at is not None and (self.due_at.tzinfo is None or self.due_at.date() != self.due):
            raise ValueError("due_at must be an aware moment within the day it is due")
        if self.progress is not None and not 0 <= self.progress <= WHOLE:
            raise ValueError("progress is a percentage from 0 to 100")

    @property
    def is_running(self) -> bool:
        """Tell whether time counts."""
        return self.suspended_on is None and self.ended_on is None

    @property
    def is_extended(self) -> bool:
        """Tell whether the deadline was put off by more than the days the clock stood still."""
        return (self.due - self.first_due).days > self.suspended_days


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule's say: the light it asks for, and the values it judged by (fit for the journal)."""

    rule: Rule
    light: Light
    data: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The light on a given day."""

    light: Light
    next_change: date | None
    """First day on which the light is another one if nothing happens; None if it stays for good."""
    next_change_at: datetime | None
    """The instant within that day, where the change comes with an hour and not with midnight."""
    causes: tuple[Cause, ...]
    """Every rule that had a say, the decisive ones first."""


def light_of(clock: Clock, today: date, thresholds: Thresholds, *, now: datetime | None = None) -> Reading:
    """Read the light. `now` matters only on the day a clock counted in hours is due.

    Without `now` that day counts as not yet over, and `next_change` is then that very day, with its instant.
    """
    if now is not None and now.date() != today:
        message = f"{now} does not lie within {today}"
        raise ValueError(message)
    causes = _causes(clock, today, thresholds, now)
    light = _worst(causes)
    ordered = tuple(sorted(causes, key=lambda cause: -cause.light.severity))
    change = _next_change(clock, _Moment(today, now), thresholds, light) if clock.is_running else None
    return Reading(light, change and change.day, change and change.at, ordered)


def scheduled_on(clock: Clock, today: date) -> int:
    """What should be done on `today`: as the plan's parts say, by the milestones, or evenly."""
    if clock.parts:
        return by_parts(clock.parts, clock.due, today)
    if clock.milestones:
        return by_milestones(clock.milestones, clock.due, today)
    return scheduled_progress(clock.start, clock.due, today, clock.suspended_days)


def was_late(clock: Clock) -> bool:
    """Tell whether an ended clock was ended after its deadline; of one counted in hours, after its instant if known."""
    if clock.due_at is not None and clock.ended_at is not None:
        return clock.ended_at > clock.due_at
    return clock.ended_on is not None and clock.ended_on > clock.due


def _worst(causes: list[Cause]) -> Light:
    return max((cause.light for cause in causes), key=lambda light: light.severity)


def _causes(clock: Clock, today: date, thresholds: Thresholds, now: datetime | None) -> list[Cause]:
    if clock.ended_on is not None:
        return [Cause(Rule.ENDED, Light.OFF, {"on": clock.ended_on.isoformat()})]
    if clock.suspended_on is not None:
        return [Cause(Rule.SUSPENDED, Light.OFF, {"on": clock.suspended_on.isoformat()})]
    causes = [_by_time(clock, today, thresholds, now)]
    if clock.progress is not None:
        causes.append(_by_progress(clock, clock.progress, today, thresholds))
    if clock.is_extended:
        data: dict[str, int | str] = {"first_due": clock.first_due.isoformat(), "due": clock.due.isoformat()}
        causes.append(Cause(Rule.EXTENDED, thresholds.extended_at_least, data))
    if clock.raised_to is not None:
        causes.append(Cause(Rule.RAISED, clock.raised_to))
    if clock.judged is not None:
        causes.append(_by_judgment(clock.judged, thresholds))
    return causes


def _by_judgment(judged: Judged, thresholds: Thresholds) -> Cause:
    """A good word asks for green, and so never outweighs what time and progress ask for."""
    light = {
        Achievability.ON_TIME: Light.GREEN,
        Achievability.AT_RISK: thresholds.at_risk_at_least,
        Achievability.NOT_ON_TIME: thresholds.not_on_time_at_least,
    }[judged.word]
    return Cause(Rule.ACHIEVABILITY, light, {"word": judged.word.value, "by": judged.by.value})


def _by_time(clock: Clock, today: date, thresholds: Thresholds, now: datetime | None) -> Cause:
    if clock.due_at is not None and clock.began_at is not None:
        moment = now or datetime.combine(today, time(), clock.due_at.tzinfo)
        return _by_hours(clock.began_at, clock.due_at, moment, thresholds)
    left = (clock.due - today).days
    is_past = now is not None and clock.due_at is not None and now >= clock.due_at
    if left < 0 or is_past:
        return Cause(Rule.OVERDUE, Light.RED, {"due": clock.due.isoformat(), "days_over": max(0, -left)})
    data: dict[str, int | str] = {"due": clock.due.isoformat(), "days_left": left}
    for light, limit in thresholds.days_left:
        if limit is not None and left <= limit:
            return Cause(Rule.TIME_LEFT, light, {**data, "threshold": limit})
    return Cause(Rule.TIME_LEFT, Light.GREEN, data)


def _by_hours(began: datetime, due: datetime, moment: datetime, thresholds: Thresholds) -> Cause:
    data: dict[str, int | str] = {"due": due.date().isoformat(), "due_at": due.isoformat()}
    if moment >= due:
        return Cause(Rule.OVERDUE, Light.RED, {**data, "hours_over": (moment - due) // HOUR})
    data["hours_left"] = (due - moment) // HOUR
    for light, begins in _instants(began, due, thresholds):
        if moment >= begins:
            return Cause(Rule.TIME_LEFT, light, data)
    return Cause(Rule.TIME_LEFT, Light.GREEN, data)


def _instants(began: datetime, due: datetime, thresholds: Thresholds) -> Iterator[tuple[Light, datetime]]:
    """From which instant each light of time is on, the worst first: no earlier than the last part of the hours given."""
    for light, days in thresholds.days_left:
        if days is not None:
            yield light, due - min(timedelta(days=days), (due - began) / thresholds.part_of(light))


def _by_progress(clock: Clock, progress: int, today: date, thresholds: Thresholds) -> Cause:
    scheduled = scheduled_on(clock, today)
    gap = scheduled - progress
    data: dict[str, int | str] = {"scheduled": scheduled, "progress": progress, "gap": gap}
    if clock.parts:
        data |= _milestone(clock, today)
    if thresholds.gap_orange is not None and gap > thresholds.gap_orange:
        return Cause(Rule.PROGRESS_GAP, Light.ORANGE, {**data, "threshold": thresholds.gap_orange})
    if thresholds.gap_yellow is not None and gap >= thresholds.gap_yellow:
        return Cause(Rule.PROGRESS_GAP, Light.YELLOW, {**data, "threshold": thresholds.gap_yellow})
    return Cause(Rule.PROGRESS_GAP, Light.GREEN, data)


def _milestone(clock: Clock, today: date) -> dict[str, int | str]:
    """By which milestone of the plan it is measured; before the first one, by the plan as a whole."""
    point = last_point(clock.parts, today)
    if point is None:
        return {"measure": ""}
    return {"measure": point.number, "by": point.by.isoformat(), "percent": point.percent}


class _Moment(NamedTuple):
    """A day from its midnight on, or from an instant within it."""

    day: date
    at: datetime | None = None

    def is_after(self, present: _Moment) -> bool:
        if self.day != present.day:
            return self.day > present.day
        return self.at is not None and (present.at is None or self.at > present.at)


def _next_change(clock: Clock, present: _Moment, thresholds: Thresholds, light: Light) -> _Moment | None:
    """Between two candidates no rule changes its say, so the first candidate with another light is exact."""
    moments = [_Moment(day) for day in _days_of_change(clock, thresholds)]
    if clock.due_at is not None:
        moments.append(_Moment(clock.due, clock.due_at))
    if clock.due_at is not None and clock.began_at is not None:
        begins = (at for _, at in _instants(clock.began_at, clock.due_at, thresholds))
        moments += [_Moment(at.date(), at) for at in begins]
    for moment in sorted(
        moments, key=lambda one: (one.day, one.at is not None, one.at and one.at.timestamp())
    ):
        if (
            moment.is_after(present)
            and _worst(_causes(clock, moment.day, thresholds, moment.at)) is not light
        ):
            return moment
    return None


def _days_of_change(clock: Clock, thresholds: Thresholds) -> Iterator[date]:
    for _, limit in thresholds.days_left:
        if limit is not None:
            yield clock.due - timedelta(days=limit)
    yield clock.due + timedelta(days=1)
    if clock.progress is None:
        return
    if clock.milestones:
        yield from (day + timedelta(days=1) for day, _percent in clock.milestones)
        yield clock.due
        return
    # The gap becomes yellow at its threshold and orange one point beyond it.
    if thresholds.gap_yellow is not None:
        yield from _day_scheduled(clock, clock.progress + thresholds.gap_yellow)
    if thresholds.gap_orange is not None:
        yield from _day_scheduled(clock, clock.progress + thresholds.gap_orange + 1)


def _day_scheduled(clock: Clock, percent: int) -> Iterator[date]:
    """Give the first day on which `percent` should be done; none if that is more than the whole."""
    if percent > WHOLE:
        return
    if clock.parts:
        yield first_day_at(clock.parts, percent, clock.start, clock.due)
        return
    total = (clock.due - clock.start).days - clock.suspended_days
    if total > 0:
        # Ceiling division: the first whole day on which the rounded-down schedule reaches the per cent.
        elapsed = -(-percent * total // WHOLE)
        yield min(clock.due, clock.start + timedelta(days=elapsed + clock.suspended_days))
    yield clock.due
