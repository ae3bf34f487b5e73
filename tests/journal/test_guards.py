"""What the running role may do to the journal, asked of the database itself, for the table and every partition."""

from __future__ import annotations

import json
import uuid

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from bihuan.journal import vault
from bihuan.journal.action import Actor
from bihuan.journal.canonical import canonical
from bihuan.journal.expungement import Expungement
from bihuan.journal.guards import guarded_tables, partitions
from bihuan.journal.identity import new_id
from bihuan.journal.models import PersonalKey
from bihuan.journal.records import business_models
from tests.journal.test_verify import make

pytestmark = pytest.mark.django_db
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights_on(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) AS p WHERE has_table_privilege(current_user, %s, p)",
            [list(PRIVILEGES), table],
        )
        return {privilege for (privilege,) in cursor.fetchall()}


def one(statement: str, *parameters: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def forge(statement: str) -> None:
    """Run it as the running role, which may name an action that is none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'forged', true)")
        cursor.execute(statement)


def test_the_partitions_are_those_the_guards_know() -> None:
    stored = one(
        "SELECT array_agg(inhrelid::regclass::text ORDER BY 1) FROM pg_inherits"
        " WHERE inhparent = 'journal_event'::regclass"
    )
    assert stored == partitions()


def test_events_can_be_read_and_added_and_nothing_else() -> None:
    assert rights_on("journal_event") == {"SELECT", "INSERT"}
    assert {name: rights_on(name) for name in partitions()} == {name: {"SELECT"} for name in partitions()}


def test_no_table_can_be_emptied_or_given_triggers_by_the_running_role() -> None:
    for table in [*guarded_tables(), "journal_access_entry", "journal_checkpoint"]:
        assert not rights_on(table) & {"TRUNCATE", "TRIGGER", "REFERENCES"}, table


def test_the_running_role_owns_nothing_and_cannot_become_who_does() -> None:
    owner = settings.CONFIGURATION.owner_database["USER"]
    assert one("SELECT pg_has_role(current_user, %s, 'MEMBER')", owner) is False
    assert (
        one("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        is False
    )
    owned = (
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user"
    )
    assert one(f"{owned} AND relkind IN ('r', 'p') AND relpersistence = 'p'") == 0


def test_every_partition_refuses_change_removal_and_emptying_by_itself() -> None:
    """Even for the owner, as long as the triggers are on: the trigger of the parent guards the parent."""
    wanted = {"bihuan_append_only", "bihuan_no_truncate", "bihuan_guard"}
    for name in partitions():
        found = one(
            "SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')",
            name,
        )
        assert wanted <= set(found), name


def test_every_business_table_has_its_guard_switched_on() -> None:
    for model in business_models():
        enabled = one(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'bihuan_guard'"
            " AND tgenabled IN ('O', 'A')",
            model._meta.db_table,
        )
        assert enabled == 1, model


def test_an_event_does_not_come_in_by_a_partition(alice: Actor) -> None:
    make(reason="x", actor=alice)
    for name in partitions():
        with pytest.raises(DatabaseError):
            forge(
                f"INSERT INTO {name} (stream, seq, body, hash) SELECT stream, seq + 1, body, hash FROM {name}"
            )


def test_a_key_is_only_ever_destroyed(alice: Actor) -> None:
    holder = new_id()
    make(reason="x", mobile="13800001234", holder=holder, actor=alice)
    for change in ("wrapped = '\\x00'", "wrapped = NULL", "destroyed_at = now()"):
        with pytest.raises(DatabaseError):
            forge(f"UPDATE journal_personal_key SET {change} WHERE holder = '{holder}'")
    assert PersonalKey.objects.get(pk=holder).wrapped is not None
    assert vault.find_personal("mobile", "13800001234")


BESIDE = ("kind", "verb", "person", "batch", "occurred_at", "recorded_at")
COLUMNS = ", ".join(BESIDE)
LIES = ("x", "x.y", new_id(), new_id(), "1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z")


def next_event(record: Expungement) -> tuple[uuid.UUID, str]:
    """A well-formed event that could follow the first of the record's stream."""
    body = json.loads(str(one("SELECT body::text FROM journal_event WHERE stream = %s", record.pk)))
    return record.pk, canonical({**body, "seq": 2}).decode()


def beside(stream: uuid.UUID, seq: int) -> object:
    return one(f"SELECT ({COLUMNS})::text FROM journal_event WHERE (stream, seq) = (%s, %s)", stream, seq)


@pytest.mark.parametrize("by_copy", [True, False])
def test_columns_beside_a_body_say_what_the_body_says_whatever_is_given_for_them(
    alice: Actor, *, by_copy: bool
) -> None:
    stream, text = next_event(make(reason="x", actor=alice))
    row = (stream, 2, text, bytes(32), *LIES)
    into = f"journal_event (stream, seq, body, hash, {COLUMNS})"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'forged', true)")
        if by_copy:
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                copy.write_row(row)
        else:
            cursor.execute(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(row))})", row)
    assert beside(stream, 2) == beside(stream, 1)


@pytest.mark.parametrize("changed", [{"stream": str(new_id())}, {"seq": 3}, {"stream": None}, {"seq": None}])
def test_a_body_of_another_event_is_refused(alice: Actor, changed: dict[str, object]) -> None:
    stream, text = next_event(make(reason="x", actor=alice))
    body = canonical({**json.loads(text), **changed}).decode()
    values = f"'{stream}', 2, '{body}', decode(repeat('00', 32), 'hex')"
    with pytest.raises(IntegrityError, match="the body of event"):
        forge(f"INSERT INTO journal_event (stream, seq, body, hash) VALUES ({values})")
