"""Journeys: whole stories in a browser, against a database of their own where transactions really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browsing import served

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["site"]


@pytest.fixture
def site(committed: str, uncollected_static: None) -> Iterator[str]:
    """The program, served on the test's own database."""
    with served() as address:
        yield address
