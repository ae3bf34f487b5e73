"""When something may leave: quiet hours, days on which nobody works, and the gathering of what comes together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Longer than any holiday: a calendar in which nobody ever works again must not hold a message for ever.
_FURTHEST: Final = 60
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """What a policy says about when messages leave. `works` tells whether people work on a day."""

    quiet_from: time
    quiet_until: time
    working_days_only: bool
    gather: timedelta
    works: Callable[[date], bool]

    @classmethod
    def of(cls, body: Mapping[str, object], works: Callable[[date], bool]) -> Hours:
        """Read off a policy's body."""
        return cls(
            quiet_from=time.fromisoformat(str(body["quiet_from"])),
            quiet_until=time.fromisoformat(str(body["quiet_until"])),
            working_days_only=bool(body["working_days_only"]),
            gather=timedelta(minutes=int(str(body["gather_minutes"]))),
            works=works,
        )

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nothing but the urgent may leave at a local moment."""
        return self._in_the_night(moment) or (self.working_days_only and not self.works(moment.date()))

    def _in_the_night(self, moment: datetime) -> bool:
        begins, ends, clock = self.quiet_from, self.quiet_until, moment.time()
        if begins <= ends:
            return begins <= clock < ends
        return clock >= begins or clock < ends

    def next_open(self, moment: datetime) -> datetime:
        """The first moment from this one on at which everything may leave."""
        last = moment + _FURTHEST * _A_DAY
        while self.is_quiet(moment) and moment < last:
            moment = self._end_of_quiet(moment)
        return moment

    def _end_of_quiet(self, moment: datetime) -> datetime:
        """Where the night a quiet moment lies in ends, or else the day nobody works on; later than the moment."""
        if not self._in_the_night(moment):
            return _at(moment, moment.date() + _A_DAY, time.min)
        day = moment.date() if moment.time() < self.quiet_until else moment.date() + _A_DAY
        return _at(moment, day, self.quiet_until)

    def due(self, moment: datetime, *, urgent: bool) -> datetime:
        """When something queued at a local moment leaves: the urgent at once, the rest gathered and never in quiet."""
        return moment if urgent else self.next_open(moment + self.gather)


def _at(moment: datetime, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=moment.tzinfo)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, two, four, at most an hour."""
    return timedelta(minutes=min(60, 2 ** max(0, attempts - 1)))
