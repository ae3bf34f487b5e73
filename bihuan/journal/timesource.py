"""The one clock business code may ask.

A moved clock works only in tests and in a data folder marked as a demonstration; anywhere else moving it is refused.
`recorded_at` in the journal is never moved: it always comes from the database.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from bihuan.journal.errors import ActionError

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


class ClockMayNotMove(ActionError):
    """Only a demonstration or a test may live at another time."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved.get() or timezone.now()


def today() -> date:
    """The local day of the installation's one zone."""
    return timezone.localdate(now())


def clock_may_move() -> bool:
    """True in tests and in a data folder marked *demonstration*."""
    return "pytest" in sys.modules or bool(settings.CONFIGURATION.demonstration)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block at another moment; refused outside tests and demonstrations."""
    if not clock_may_move():
        raise ClockMayNotMove("The clock moves only in tests and in a data folder marked as a demonstration.")
    if timezone.is_naive(moment):
        raise ClockMayNotMove("A moved clock needs an aware moment, with its zone.")
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
