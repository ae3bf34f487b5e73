"""A kind of list that came later than an installation is given to it once, from the first day of its other lists on."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.models import JournalEvent
from bihuan.ledger.actions import seed_taxonomy
from bihuan.ledger.actions.taxonomy import TERMS
from bihuan.ledger.models import Term
from bihuan.ledger.supplying import NAME, supply_lists
from bihuan.text.starting_taxonomy import MONEY_WAYS

pytestmark = pytest.mark.django_db
FIRST_DAY = dt.date(2025, 1, 1)


def test_a_list_that_came_later_is_given_once(cast, monkeypatch):
    with monkeypatch.context() as before:
        before.delitem(TERMS, "money_way")
        seed_taxonomy(valid_from=FIRST_DAY, actor=cast.system)
    kept = set(Term.objects.values_list("pk", flat=True))
    supply_lists()
    ways = Term.objects.filter(kind="money_way").order_by("position")
    assert [one.code for one in ways] == [one.code for one in MONEY_WAYS]
    assert {one.valid_from for one in ways} == {FIRST_DAY}
    assert NAME in str(JournalEvent.objects.filter(verb="ledger.seed_taxonomy").latest("recorded_at").body)
    supply_lists()
    assert set(Term.objects.exclude(kind="money_way").values_list("pk", flat=True)) == kept
    assert Term.objects.count() == len(kept) + len(MONEY_WAYS)


def test_where_no_list_was_planted_none_is_given(cast):
    supply_lists()
    assert not Term.objects.exists()
