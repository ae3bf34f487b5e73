"""A column added later stands in older rows with its default, of which no event speaks. That is no fault; anything else is."""

from __future__ import annotations

import json

import pytest

from bihuan.journal.action import Actor, action, anyone_signed_in
from bihuan.journal.canonical import canonical
from bihuan.journal.expungement import Expungement
from bihuan.journal.verify.report import Fault
from tests.journal.vandalism import body_of, faults, make_plain, rewrite, vandal, verify

COLUMN = "document_no"


@action("journal.test_number", may=anyone_signed_in)
def number(record: Expungement, *, document_no: str, actor: Actor) -> None:
    record.document_no = document_no
    record.save()


@pytest.fixture
def older(committed: str, alice: Actor) -> Expungement:
    """A row as it stands after a migration added the column: its event knows nothing of it, the row has the default."""
    record = make_plain(reason="旧", actor=alice)
    hold(committed, record, "")
    with vandal(committed) as owner:
        body = json.loads(body_of(owner, record.pk))
        del body["changes"][record.row_key][COLUMN]
        rewrite(owner, record.pk, {1: canonical(body).decode()})
    return record


def hold(name: str, record: Expungement, value: str) -> None:
    with vandal(name) as owner:
        owner.execute(f"UPDATE journal_expungement SET {COLUMN} = %s WHERE id = %s", [value, record.pk])


def test_an_older_row_with_the_default_is_clean(older: Expungement) -> None:
    assert verify().wrong == []


def test_an_older_row_with_anything_else_is_named(older: Expungement, committed: str) -> None:
    hold(committed, older, "9")
    assert faults() == {(Fault.ROW_ALTERED, older.row_key)}


def test_it_is_changed_later_like_any_other(older: Expungement, committed: str, alice: Actor) -> None:
    number(Expungement.objects.get(pk=older.pk), document_no="12", actor=alice)
    assert verify().wrong == []
    hold(committed, older, "")
    assert faults() == {(Fault.ROW_ALTERED, older.row_key)}


def test_a_row_that_was_made_with_the_column_does_not_fall_back_to_the_default(
    committed: str, alice: Actor
) -> None:
    record = make_plain(reason="新", actor=alice)
    hold(committed, record, "")
    assert faults() == {(Fault.ROW_ALTERED, record.row_key)}
