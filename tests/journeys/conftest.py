"""Journeys: whole stories in a browser, against a database of their own where transactions really commit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsing import browser, chromium_browser, served

__all__ = ["browser", "chromium_browser", "site"]


@pytest.fixture
def site(committed: str) -> Iterator[str]:
    """The program, served on the test's own database."""
    with served() as address:
        yield address
