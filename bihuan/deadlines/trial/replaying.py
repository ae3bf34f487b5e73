"""What another version of lights or ladder would have made of a past. Pure, and by the rules the sweeps go by.

A past is told in stretches: what held of a clock from one moment until something a rule judges by was another. Lights are
counted by days, each by the light at its end. The ladder is asked whenever a stretch begins and on every day its rule
names, as the sweep does; a rung once proposed counts as settled after as many days as it took in fact, and at once where
it was never proposed, for nobody can say how long that would have taken.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.ladder.rules import Climbed, Facts, Rung, decide
from bihuan.deadlines.rules import Light, light_of
from bihuan.deadlines.running import ACCEPTANCE, NOTICE, RECTIFICATION, fitted

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from bihuan.calendars.rules import WorkingCalendar
    from bihuan.deadlines.ladder.rules import Ladder
    from bihuan.deadlines.rules import Clock, Thresholds

DAY: Final = timedelta(days=1)
EVENING: Final = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """What held of a clock from `since` on: its facts, and what was shown and counted then."""

    since: datetime
    facts: Clock
    light: Light
    yellows: int = 0
    returns: int = 0
    critical: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One clock from its beginning. `settled_after`: rung proposed in fact -> days until it was settled (None: never)."""

    key: Hashable
    kind: str
    started: date
    stretches: tuple[Stretch, ...]
    conduct_on: date | None = None
    """The day conduct was determined in the clock's round."""
    settled_after: Mapping[Rung, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of one light, both ends included."""

    first: date
    last: date
    light: Light

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Proposed:
    """A reminder sent or a rung proposed: on which clock, when, and (of reminders) which of its steps."""

    key: Hashable
    on: date
    rung: Rung
    number: int = 0


# ---- lights ----------------------------------------------------------------------------------------------------------


def lights_shown(past: Past, until: date) -> list[Span]:
    """The lights as they were, day by day."""
    return _joined(Span(first, last, one.light) for one, first, last in _by_days(past, until))


def lights_under(past: Past, thresholds: Thresholds, until: date) -> list[Span]:
    """The lights as these thresholds would have made them, from the same facts."""
    found: list[Span] = []
    for one, first, last in _by_days(past, until):
        fitting = _fitting(past, one.facts, thresholds)
        day = first
        while day <= last:
            evening = datetime.combine(day, EVENING, one.facts.due_at.tzinfo) if one.facts.due_at else None
            reading = light_of(one.facts, day, fitting, now=evening)
            change = reading.next_change
            end = last if change is None else min(last, max(day, change - DAY))
            found.append(Span(day, end, reading.light))
            day = end + DAY
    return _joined(found)


def _fitting(past: Past, facts: Clock, thresholds: Thresholds) -> Thresholds:
    """As a clock reads them: all but the rectification clock are short; to hours the rule fits them itself."""
    if past.kind == RECTIFICATION or facts.began_at is not None:
        return thresholds
    return fitted(thresholds, (facts.first_due - past.started).days)


def _by_days(past: Past, until: date) -> Iterator[tuple[Stretch, date, date]]:
    """The stretches that held at the end of some day, each with its first and last such day."""
    following = [one.since.date() - DAY for one in past.stretches[1:]]
    for one, last in zip(past.stretches, [*following, until], strict=True):
        if one.since.date() <= min(last, until):
            yield one, one.since.date(), min(last, until)


def _joined(spans: Iterator[Span] | list[Span]) -> list[Span]:
    found: list[Span] = []
    for one in spans:
        if found and found[-1].light is one.light:
            found[-1] = Span(found[-1].first, one.last, one.light)
        else:
            found.append(one)
    return found


# ---- the ladder ------------------------------------------------------------------------------------------------------


def rungs_under(case: Sequence[Past], ladder: Ladder, days: WorkingCalendar, until: date) -> list[Proposed]:
    """What this ladder would have sent and proposed in a case, in order; its clocks wait for each other, as they do."""
    return _Climb([past for past in case if past.kind != NOTICE], ladder, days, until).run()


@dataclass(slots=True)
class _Step:
    rung: Rung
    number: int
    due: date
    settled_on: date | None = None

    def is_settled(self, day: date) -> bool:
        return self.settled_on is not None and self.settled_on <= day


class _Climb:
    """One walk through the moments of a case."""

    def __init__(self, case: Sequence[Past], ladder: Ladder, days: WorkingCalendar, until: date) -> None:
        self.case, self.ladder, self.days, self.until = case, ladder, days, until
        self.present: list[Stretch | None] = [None] * len(case)
        self.steps: list[list[_Step]] = [[] for _past in case]
        self.found: list[Proposed] = []
        self._turn = count()
        # What changed at a moment is known before anybody looks, as all rows of one act are written together.
        self._queue: list[tuple[datetime, bool, int, int, Stretch | None]] = []

    def run(self) -> list[Proposed]:
        for index, past in enumerate(self.case):
            for one in past.stretches:
                self._push(one.since, index, one)
                if past.conduct_on is not None:
                    self._look_on(past.conduct_on, index, one.since)
        while self._queue:
            moment, _looks, _turn, index, new = heapq.heappop(self._queue)
            if moment.date() > self.until:
                break
            if new is not None:
                self._begin(index, new, moment)
            elif (held := self.present[index]) is not None:
                self._look(index, held, moment)
        return self.found

    def _push(self, moment: datetime, index: int, one: Stretch | None = None) -> None:
        heapq.heappush(self._queue, (moment, one is None, next(self._turn), index, one))

    def _look_on(self, day: date, index: int, moment: datetime) -> None:
        """Look on a day: from its midnight on, or in the evening of the present one."""
        at = time() if day > moment.date() else EVENING
        wanted = datetime.combine(max(day, moment.date()), at, moment.tzinfo)
        if wanted > moment:
            self._push(wanted, index)

    def _begin(self, index: int, one: Stretch, moment: datetime) -> None:
        self.present[index] = one
        if one.facts.ended_on is None:
            self._push(moment, index)
            return
        # What was proposed on a clock that ends is settled by that, and no longer keeps the others waiting.
        for step in self.steps[index]:
            if not step.is_settled(moment.date()):
                step.settled_on = moment.date()
        self._look_at_all(moment)

    def _look_at_all(self, moment: datetime) -> None:
        for index in range(len(self.case)):
            self._push(moment, index)

    def _look(self, index: int, held: Stretch, moment: datetime) -> None:
        day = moment.date()
        decision = decide(self._facts(index, held, day), self.ladder, day, self.days, now=moment)
        for firing in decision.fires:
            self._climb(index, _Step(firing.rung, firing.number, held.facts.due), moment)
        if decision.fires:
            self._push(moment, index)
        elif decision.next_look is not None:
            self._look_on(decision.next_look, index, moment)

    def _climb(self, index: int, step: _Step, moment: datetime) -> None:
        past, day = self.case[index], moment.date()
        self.found.append(Proposed(past.key, day, step.rung, step.number))
        self.steps[index].append(step)
        after = 0 if step.rung is Rung.REMINDER else past.settled_after.get(step.rung, 0)
        if after is None:
            return
        step.settled_on = day + timedelta(days=after)
        if step.rung is not Rung.REMINDER:
            for other in range(len(self.case)):
                self._look_on(step.settled_on, other, moment)

    def _facts(self, index: int, one: Stretch, day: date) -> Facts:
        past, mine = self.case[index], self.steps[index]
        sent = [step.number for step in mine if step.rung is Rung.REMINDER and step.due == one.facts.due]
        return Facts(
            rectification=past.kind == RECTIFICATION,
            running=one.facts.is_running,
            presses_lead=past.kind != ACCEPTANCE,
            started=past.started,
            due=one.facts.due,
            began_at=one.facts.began_at,
            due_at=one.facts.due_at,
            light=one.light,
            yellows=one.yellows,
            returns=one.returns,
            critical=one.critical,
            conduct=past.conduct_on is not None and past.conduct_on <= day,
            busy=any(
                not step.is_settled(day)
                for other, steps in enumerate(self.steps)
                if other != index
                for step in steps
            ),
            reminded=max(sent, default=None),
            climbed=tuple(
                Climbed(
                    rung=step.rung,
                    due=step.due,
                    settled_on=step.settled_on if step.is_settled(day) else None,
                )
                for step in mine
                if step.rung is not Rung.REMINDER
            ),
        )
