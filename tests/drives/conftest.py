"""A call in the small city, as a draft and sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.ledger.actions import seed_taxonomy
from bihuan.policies.actions import seed_policies
from tests.drives.calls import draft_of, issue
from tests.intake.conftest import DAY, SYSTEM

if TYPE_CHECKING:
    from bihuan.drives.models import Drive
    from tests.organizations.cast import Cast


@pytest.fixture
def lists(cast: Cast) -> None:
    """The office's lists and policies."""
    seed_taxonomy(valid_from=DAY, actor=SYSTEM)
    seed_policies(jurisdiction=cast.city, valid_from=DAY, actor=SYSTEM)


@pytest.fixture
def drive(lists: None, cast: Cast) -> Drive:
    """Prepared, not sent."""
    return draft_of(cast)


@pytest.fixture
def issued(drive: Drive, cast: Cast) -> Drive:
    """On its way."""
    return issue(drive, cast)
