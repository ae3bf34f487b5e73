"""Many changed rows are stored with one statement, as they would be one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.expungement import Expungement
from bihuan.journal.verify.whole import verify_journal
from bihuan.organizations.models import Unit

pytestmark = pytest.mark.django_db
ODD = ["", "NULL", "null", "{", "}", ",", '"', "'", "\\", "\\N", "\n", "\t", " ", "%s", "甲", "𠮷", '{a,"b"}']
texts = st.lists(st.sampled_from(ODD), max_size=6).map("".join)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {
        "reason": texts,
        "document_no": texts,
        "rows": st.dictionaries(texts, values, max_size=3),
        "holder": st.none() | st.uuids(),
        "confirmed_at": st.none() | st.integers(0, 2**32 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
    }
)


@action("journal.test_write_rows", may=anyone_signed_in)
def make(*, count: int, actor: Actor) -> list[Expungement]:
    return [
        Expungement.objects.create(
            reason="旧", document_no="1", proposed_by=actor.person, proposed_at=current().now
        )
        for _turn in range(count)
    ]


@action("journal.test_change_rows", may=anyone_signed_in)
def change(records: list[Expungement], *, into: list[dict[str, Any]], actor: Actor) -> None:
    for record, new in zip(records, into, strict=True):
        for name, value in new.items():
            setattr(record, name, value)
    Expungement.objects.save_all(records)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(rows, min_size=1, max_size=4))
def test_what_is_stored_is_what_was_set(alice: Actor, into: list[dict[str, Any]]) -> None:
    records = make(count=len(into), actor=alice)
    change(records, into=into, actor=alice)
    stored = Expungement.objects.in_bulk([record.pk for record in records])
    for record, new in zip(records, into, strict=True):
        assert {name: getattr(stored[record.pk], name) for name in new} == new


def test_the_journal_tells_the_same(alice: Actor) -> None:
    records = make(count=3, actor=alice)
    change(records, into=[{"reason": f"新{at}", "rows": {"甲": [at]}} for at in range(3)], actor=alice)
    assert not verify_journal(processes=1, done={}, progress=lambda *_: None).wrong


def test_any_number_of_rows_is_one_statement_a_thousand(alice: Actor, django_assert_num_queries) -> None:
    from bihuan.journal.storing import store

    records = make(count=5, actor=alice)
    for record in records:
        record.reason = "新"

    @action("journal.test_store", may=anyone_signed_in)
    def stored(*, actor: Actor) -> None:
        with django_assert_num_queries(1):
            store(Expungement, records, ["reason"], "default")

    stored(actor=alice)


def test_a_column_without_an_array_of_its_own_is_stored_too(cast, alice: Actor) -> None:
    """The path of a unit is an ltree; it goes the long way."""
    from bihuan.organizations import actions as organizations

    organizations.move_unit(cast.station, parent=cast.ecology, reason="划转", actor=cast.system)
    moved = Unit.objects.get(pk=cast.station.pk)
    assert moved.path.startswith(Unit.objects.get(pk=cast.ecology.pk).path)
