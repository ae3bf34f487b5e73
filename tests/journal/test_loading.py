"""Many rows at once come in by COPY, and are journalled, guarded and checked as one by one."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.errors import WriteOutsideAction
from bihuan.journal.expungement import Expungement
from bihuan.journal.identity import new_id
from bihuan.journal.loading import MANY, _left_alone, copy_in, load
from bihuan.journal.models import JournalEvent, StreamHead
from bihuan.journal.verify.whole import verify_journal

pytestmark = pytest.mark.django_db


def fresh(count: int, actor: Actor) -> list[Expungement]:
    return [
        Expungement(
            reason=f"第{at}条\t“引号”\\反斜杠\n换行",
            document_no="1",
            proposed_by=actor.person,
            proposed_at=current().now,
            rows={"甲": [at, None]},
        )
        for at in range(count)
    ]


@action("journal.test_make_many", may=anyone_signed_in)
def make_many(*, count: int, actor: Actor) -> list[Expungement]:
    rows = fresh(count, actor)
    current().born.update(row.pk for row in rows)
    return Expungement.objects.bulk_create(rows)


@action("journal.test_change_many", may=anyone_signed_in)
def change_many(records: list[Expungement], *, actor: Actor) -> None:
    for record in records:
        record.reason = "改过"
    Expungement.objects.save_all(records)


@action("journal.test_make_one_twice", may=anyone_signed_in)
def make_one_twice(*, actor: Actor) -> None:
    rows = fresh(MANY, actor)
    rows[-1].pk = rows[0].pk
    Expungement.objects.bulk_create(rows)


def clean() -> bool:
    return not verify_journal(processes=1, done={}, progress=lambda *_: None).wrong


@pytest.mark.parametrize("count", [MANY - 1, MANY, MANY + 1])
def test_every_row_is_stored_as_it_was_and_journalled_once(count: int, alice: Actor) -> None:
    made = make_many(count=count, actor=alice)
    stored = Expungement.objects.in_bulk([row.pk for row in made])
    assert all(stored[row.pk].reason == row.reason and stored[row.pk].rows == row.rows for row in made)
    assert JournalEvent.objects.filter(verb="journal.test_make_many").count() == count
    assert clean()


def test_many_streams_move_on_together(alice: Actor) -> None:
    made = make_many(count=MANY, actor=alice)
    change_many(made, actor=alice)
    heads = StreamHead.objects.filter(pk__in=[row.pk for row in made])
    assert set(heads.values_list("seq", flat=True)) == {2}
    assert clean()


def test_many_rows_take_no_more_statements_than_a_few(alice: Actor, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        make_many(count=MANY * 4, actor=alice)


def test_a_breach_of_a_constraint_leaves_nothing(alice: Actor) -> None:
    with pytest.raises(IntegrityError):
        make_one_twice(actor=alice)
    assert not Expungement.objects.exists()


def test_loading_outside_an_action_is_refused_by_python(alice: Actor) -> None:
    rows = [Expungement(reason="x", document_no="1", proposed_by=alice.person) for _ in range(MANY)]
    with pytest.raises(WriteOutsideAction):
        Expungement.objects.bulk_create(rows)


def test_loading_outside_an_action_is_refused_by_the_database() -> None:
    with pytest.raises(DatabaseError, match="outside an action"), transaction.atomic():
        copy_in(
            "default", "journal_stream_head", ("stream", "kind", "seq", "hash"), [(new_id(), "x", 1, b"")]
        )
    heads = [StreamHead(stream=new_id(), kind="x", seq=1, hash=b"")]
    with pytest.raises(DatabaseError, match="outside an action"), transaction.atomic():
        load(StreamHead, heads, connection.alias)


PLAIN = (
    models.CharField(max_length=9),
    models.TextField(),
    models.UUIDField(),
    models.DateField(),
    models.BooleanField(),
    models.IntegerField(),
    models.BigIntegerField(),
    models.PositiveIntegerField(),
    models.PositiveSmallIntegerField(),
)


@given(st.sampled_from(PLAIN), st.data())
def test_a_value_left_alone_is_what_its_field_would_save(field: models.Field, data: st.DataObject) -> None:
    value = data.draw(st.one_of([st.from_type(kind) for kind in _left_alone(field)]))
    saved = field.get_db_prep_save(value, connection)
    assert saved == value
    assert isinstance(saved, type(value))


def test_a_field_that_sets_itself_is_always_asked() -> None:
    assert _left_alone(models.DateField(auto_now=True)) == ()
    assert _left_alone(models.JSONField()) == ()
    assert _left_alone(PositionField()) == ()


class PositionField(models.CharField):
    """A field of somebody's own, which may save what it likes."""
