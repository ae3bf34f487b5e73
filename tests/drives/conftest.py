"""A call in the small city, as a draft and sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.drives.calls import draft_of, issue

if TYPE_CHECKING:
    from bihuan.drives.models import Drive
    from tests.organizations.cast import Cast


@pytest.fixture
def drive(lists: None, cast: Cast) -> Drive:
    """Prepared, not sent."""
    return draft_of(cast)


@pytest.fixture
def issued(drive: Drive, cast: Cast) -> Drive:
    """On its way."""
    return issue(drive, cast)
