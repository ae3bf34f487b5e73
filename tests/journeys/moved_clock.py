"""The moved clock, for a program that is served: every request happens at the moment the test has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.demo.clock import Clock
from bihuan.journal import timesource

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest, HttpResponse

CLOCKS: Final[list[Clock]] = []
MIDDLEWARE: Final = "tests.journeys.moved_clock.MovedClock"


def start(day: date) -> Clock:
    """A clock of one test; the requests that follow go by it."""
    CLOCKS[:] = [Clock(day)]
    return CLOCKS[0]


class MovedClock:
    """Outermost of all middleware. Each request has a thread of its own, where the clock stands at the real time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timesource.at(CLOCKS[0].moment):
            return self.get_response(request)
