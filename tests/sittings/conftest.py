"""Problems before a sitting."""

from __future__ import annotations

import pytest

from tests.rectification.conftest import clock
from tests.rectification.conftest import story as story_of_the_middle
from tests.static_files import plain_static

__all__ = ["clock", "plain_static", "story_of_the_middle"]


@pytest.fixture
def story(story_of_the_middle):
    return story_of_the_middle
