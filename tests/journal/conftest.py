"""A cast for the journal's own tests: the room below every business knows no posts, so two made-up actors do."""

from __future__ import annotations

import pytest

from bihuan.journal.action import Actor
from bihuan.journal.identity import new_id


@pytest.fixture
def alice() -> Actor:
    return Actor(new_id(), "甲", post=new_id(), post_name="经办岗", unit=new_id(), unit_name="整改办")


@pytest.fixture
def bob() -> Actor:
    return Actor(new_id(), "乙", post=new_id(), post_name="审核岗", unit=new_id(), unit_name="整改办")
