"""The main job, driven through the pages by the people whose steps they are, with strangers at every door."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from bihuan.demo.founding import found_city
from bihuan.journal.verify.whole import verify_journal
from tests.browsing import served
from tests.journeys import moved_clock
from tests.journeys.main_job import Scene, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browsing import Visitors

pytestmark = pytest.mark.journey

FIRST_DAY: Final = date(2026, 3, 2)
QUICK_HASHERS: Final = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def scene(committed: str, settings, uncollected_static: None) -> Iterator[Scene]:
    """The city on its first day, and the program served on the city's own clock."""
    settings.PASSWORD_HASHERS = QUICK_HASHERS
    settings.MIDDLEWARE = [moved_clock.MIDDLEWARE, *settings.MIDDLEWARE]
    clock = moved_clock.start(FIRST_DAY)
    with clock.now():
        city = found_city()
    clock.on(1)
    with served() as address:
        yield Scene(city, clock, address)


@pytest.fixture
def site(scene: Scene) -> str:
    return scene.address


def test_the_main_job_goes_through_the_pages(browser: Visitors, scene: Scene) -> None:
    story = Story(scene, browser)
    story.take_in()
    story.review()
    story.seal()
    story.propose()
    story.order()
    story.acknowledge()
    story.plan()
    story.work()
    story.accept()
    story.close()
    story.answer()
    story.look_back()
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert tally.wrong == []
