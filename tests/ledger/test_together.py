"""Two people have one problem open: the second is told what the first wrote, word for word, and nobody else is."""

from __future__ import annotations

import pytest

from bihuan.journal.action import NotAllowed, NotVisible
from bihuan.journal.errors import Stale
from bihuan.journal.models import StreamHead
from bihuan.ledger import actions as ledger
from tests.ledger.test_following import city, day, register

pytestmark = pytest.mark.django_db
__all__ = ["city", "day"]


@pytest.fixture
def opened(city):
    """A problem, and the last event of it that everybody has on their screen."""
    problem = register(city)
    ledger.edit_facts(problem, changes={"concerned_party": "乙公司"}, actor=city.coordinator.actor)
    seen = {problem.pk: StreamHead.objects.get(pk=problem.pk).seq}
    ledger.edit_facts(
        problem, changes={"concerned_party": "甲公司", "site": "北门"}, actor=city.coordinator.actor
    )
    return problem, seen


def edit(opened, actor):
    problem, seen = opened
    ledger.edit_facts.call(seen=seen)(problem, changes={"site": "东门"}, actor=actor)


def test_the_second_is_told_both_what_is_tracked_and_what_lies_beside_the_chain(city, opened):
    with pytest.raises(Stale) as stale:
        edit(opened, city.reviewer.actor)
    told = {change.field: (change.before, change.after) for change in stale.value.changes}
    assert told == {"site": ("", "北门"), "concerned_party": ("乙公司", "甲公司")}


@pytest.mark.parametrize(("name", "error"), [("outsider", NotVisible), ("sector_handler", NotAllowed)])
def test_nobody_learns_of_it_by_pretending_to_be_late(city, opened, name, error):
    with pytest.raises(error):
        edit(opened, getattr(city, name).actor)
