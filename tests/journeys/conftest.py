"""Journeys: whole stories in a browser, against a database of their own where transactions really commit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from bihuan.demo.founding import found_city
from tests.browsing import served
from tests.journeys import moved_clock
from tests.journeys.stepping import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["scene", "site"]
FIRST_DAY: Final = date(2026, 3, 2)


@pytest.fixture
def site(committed: str, uncollected_static: None) -> Iterator[str]:
    """The program, served on the test's own database."""
    with served() as address:
        yield address


@pytest.fixture
def scene(committed: str, settings, uncollected_static: None) -> Iterator[Scene]:
    """The demonstration city on its first day, and the program served on the city's own clock."""
    settings.MIDDLEWARE = [moved_clock.MIDDLEWARE, *settings.MIDDLEWARE]
    clock = moved_clock.start(FIRST_DAY)
    with clock.now():
        city = found_city()
    clock.on(1)
    with served() as address:
        yield Scene(city, clock, address)
