"""The walls in the database: what Python promises, PostgreSQL enforces.

`fortify_database` runs after every migration, as the owner: every business table gets the trigger that refuses writes
outside an action, and the running role gets exactly the rights it needs.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from bihuan.journal.records import business_models

FUNCTION = """
CREATE OR REPLACE FUNCTION bihuan_refuse_outside_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('bihuan.action', true), '') = '' THEN
        RAISE EXCEPTION 'bihuan: % on % outside an action', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER bihuan_guard BEFORE {events} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION bihuan_refuse_outside_action()
"""
PARTITIONS = 16
JOURNAL_OWN = (
    "journal_event",
    "journal_stream_head",
    "journal_payload",
    "journal_personal_key",
    "journal_idempotency_key",
)
APPEND_ONLY = ("journal_event", "journal_access_entry", "journal_checkpoint")


def guarded_tables() -> list[str]:
    """Tables that may be written only inside an action."""
    return [*JOURNAL_OWN, *(model._meta.db_table for model in business_models())]


def _trigger(table: str) -> str:
    # A statement's triggers are those of the table it names: partitions have their own, or they would be a back door.
    # The parent takes no TRUNCATE trigger that they would inherit.
    events = "INSERT OR UPDATE OR DELETE" + ("" if table == "journal_event" else " OR TRUNCATE")
    return TRIGGER.format(events=events, table=table)


def fortify_database(using: str) -> None:
    """Attach the guards to every business table that exists and grant the running role its rights."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "journal_stream_head" not in tables:
            return
        cursor.execute(FUNCTION)
        for table in [*(name for name in guarded_tables() if name in tables), *partitions()]:
            cursor.execute(_trigger(table))
        # In one transaction: a program that is running meanwhile never stands there without its rights.
        with transaction.atomic(using):
            _grant(cursor, connection.settings_dict["USER"])


def _grant(cursor: CursorWrapper, owner: str) -> None:
    """The running role reads and writes rows, and may only add to the journal and the access log."""
    role = settings.CONFIGURATION.database["USER"]
    if role == owner:
        return
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {role}",
        # What an earlier version or an operator granted goes first: the role has what stands here and nothing else.
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE DELETE ON journal_stream_head, journal_payload, journal_personal_key FROM {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        f"REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {{role}}",
        # Events come in through the table they belong to; a partition is only read, by verify.
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(partitions())} FROM {{role}}",
    ):
        cursor.execute(statement.format(role=connection_quote(cursor, role)))


def connection_quote(cursor: CursorWrapper, name: str) -> str:
    """A role's name as PostgreSQL wants it quoted."""
    return str(cursor.db.ops.quote_name(name))


def partitions() -> list[str]:
    """The names of the journal's hash partitions."""
    return [f"journal_event_p{number:02}" for number in range(PARTITIONS)]
