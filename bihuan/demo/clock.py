"""The moved clock of the demonstration: events happen in office hours of the local zone, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from bihuan.journal import timesource

MORNING = time(9, 0)
STEP = timedelta(minutes=7)


class Clock:
    """A day, and a minute of it that goes on with every act."""

    def __init__(self, day: date) -> None:
        self.moment = _morning_of(day)

    @property
    def day(self) -> date:
        """The local day it is."""
        return timezone.localdate(self.moment)

    def go_to(self, day: date) -> None:
        """On to the morning of a day; never back."""
        self.moment = max(self.moment, _morning_of(day))

    def on(self, days: int) -> None:
        """So many days on."""
        self.go_to(self.day + timedelta(days=days))

    @contextmanager
    def now(self) -> Iterator[None]:
        """Act at this moment; the next act happens a little later."""
        with timesource.at(self.moment):
            yield
        self.moment += STEP


def _morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))
