"""The journal's event table, by hand: partitioned by hash of stream, generated columns, append-only by trigger."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

PARTITIONS = 16

INSTANT = """
CREATE FUNCTION bihuan_instant(moment text) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- Immutable in truth: every moment in a body is written in UTC with its Z, so no session setting is asked.
AS $$ SELECT moment::timestamptz $$
"""

TABLE = """
CREATE TABLE journal_event (
    stream uuid NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    body json NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    kind text NOT NULL GENERATED ALWAYS AS (body->>'kind') STORED,
    verb text NOT NULL GENERATED ALWAYS AS (body->>'verb') STORED,
    person uuid GENERATED ALWAYS AS ((body->'who'->>'person')::uuid) STORED,
    batch uuid GENERATED ALWAYS AS ((body->>'batch')::uuid) STORED,
    occurred_at timestamptz NOT NULL GENERATED ALWAYS AS (bihuan_instant(body->>'occurred_at')) STORED,
    recorded_at timestamptz NOT NULL GENERATED ALWAYS AS (bihuan_instant(body->>'recorded_at')) STORED,
    PRIMARY KEY (stream, seq),
    CHECK ((body->>'stream')::uuid = stream),
    CHECK ((body->>'seq')::integer = seq)
) PARTITION BY HASH (stream);
CREATE INDEX journal_event_recorded ON journal_event (recorded_at);
CREATE INDEX journal_event_person ON journal_event (person, recorded_at) WHERE person IS NOT NULL;
CREATE INDEX journal_event_batch ON journal_event (batch) WHERE batch IS NOT NULL;
"""

FUNCTIONS = """
CREATE FUNCTION bihuan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bihuan: % is append-only, % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION bihuan_follow_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <= OLD.seq OR NEW.stream <> OLD.stream OR NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'bihuan: the head of stream % only moves forward', OLD.stream
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION bihuan_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A payload never changes; it can only be erased.
    IF NEW.content IS NOT NULL OR NEW.erased_at IS NULL
       OR (NEW.id, NEW.stream, NEW.salt, NEW.digest) IS DISTINCT FROM (OLD.id, OLD.stream, OLD.salt, OLD.digest) THEN
        RAISE EXCEPTION 'bihuan: payload % can only be erased', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER bihuan_append_only BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER bihuan_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_access_entry
    FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER bihuan_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER bihuan_no_delete BEFORE DELETE OR TRUNCATE ON journal_stream_head
    FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER bihuan_follow_head BEFORE UPDATE ON journal_stream_head
    FOR EACH ROW EXECUTE FUNCTION bihuan_follow_head();
CREATE TRIGGER bihuan_no_delete BEFORE DELETE OR TRUNCATE ON journal_payload
    FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
CREATE TRIGGER bihuan_only_erase BEFORE UPDATE ON journal_payload
    FOR EACH ROW EXECUTE FUNCTION bihuan_only_erase();
"""


def partition(number: int) -> str:
    name = f"journal_event_p{number:02}"
    return f"""
    CREATE TABLE {name} PARTITION OF journal_event FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number});
    CREATE TRIGGER bihuan_no_truncate BEFORE TRUNCATE ON {name}
        FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
    """


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL([INSTANT, FUNCTIONS, TABLE, TRIGGERS, *(partition(number) for number in range(PARTITIONS))]),
    ]
