"""What may be done to a clock: put off, stopped, run again, ended, its light raised. Pure; each gives a new clock.

Errors:
    ClockError (ValueError)
    ├── NotLater        an extension must lead to a later date
    ├── NotHigher       a raise by hand may only make the light worse
    └── NotRunning      a clock that is stopped or ended cannot be stopped, extended or raised; or was never stopped
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bihuan.deadlines.rules import light_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from bihuan.deadlines.rules import Clock, Light, Thresholds


class ClockError(ValueError):
    """A clock cannot be changed in this way."""


class NotLater(ClockError):
    """The date an extension asks for is not after the present deadline."""


class NotHigher(ClockError):
    """The light asked for by hand is not worse than the one that is on."""


class NotRunning(ClockError):
    """The clock is in the wrong condition: stopped or ended where it should run, or the other way round."""


def extended(clock: Clock, due: date) -> Clock:
    """Return the clock with a later deadline. The first one stays, and so does a light raised by hand."""
    _must_run(clock)
    if due <= clock.due:
        message = f"an extension leads to a date after {clock.due}, not to {due}"
        raise NotLater(message)
    return replace(clock, due=due, due_at=None, began_at=None)


def suspended(clock: Clock, on: date) -> Clock:
    """Return the clock stopped on the day `on`."""
    _must_run(clock)
    return replace(clock, suspended_on=on)


def resumed(clock: Clock, on: date) -> Clock:
    """Return the clock running again from `on`: the days it stood still are added to the deadline."""
    if clock.suspended_on is None or clock.ended_on is not None:
        raise NotRunning("only a suspended clock can be resumed")
    still = (on - clock.suspended_on).days
    if still < 0:
        message = f"the clock was stopped on {clock.suspended_on}; it cannot run again from {on}"
        raise NotRunning(message)
    pause = timedelta(days=still)
    due_at = None if clock.due_at is None else clock.due_at + pause
    began_at = None if clock.began_at is None else clock.began_at + pause
    return replace(
        clock,
        suspended_on=None,
        suspended_days=clock.suspended_days + still,
        due=clock.due + pause,
        due_at=due_at,
        began_at=began_at,
        parts=tuple(part.moved(pause) for part in clock.parts),
    )


def ended(clock: Clock, on: date) -> Clock:
    """Return the clock ended on the day `on`: what it was for is done, or will not be done."""
    if clock.ended_on is not None:
        raise NotRunning("the clock has ended already")
    return replace(clock, ended_on=on)


def raised(
    clock: Clock, to: Light, today: date, thresholds: Thresholds, *, now: datetime | None = None
) -> Clock:
    """Return the clock with its light raised by hand. Lowering is not done by hand: it takes facts."""
    _must_run(clock)
    present = light_of(clock, today, thresholds, now=now).light
    if to.severity <= present.severity:
        message = f"the light is {present}; by hand it can only become worse, not {to}"
        raise NotHigher(message)
    return replace(clock, raised_to=to)


def _must_run(clock: Clock) -> None:
    if not clock.is_running:
        what = "has ended" if clock.ended_on is not None else "is suspended"
        message = f"the clock {what}"
        raise NotRunning(message)
