"""The main job, driven through the pages by the people whose steps they are, with strangers at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.journal.verify.whole import verify_journal
from tests.journeys.main_job import Story

if TYPE_CHECKING:
    from tests.browsing import Visitors
    from tests.journeys.stepping import Scene

pytestmark = pytest.mark.journey


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
