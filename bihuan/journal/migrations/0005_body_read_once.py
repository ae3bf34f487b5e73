"""The columns beside a body are read from it by a trigger that reads it once, where each column read it anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

READ = """
CREATE TYPE bihuan_event_who AS (person uuid);
CREATE TYPE bihuan_event_said AS (
    stream uuid, seq integer, kind text, verb text, who bihuan_event_who, batch uuid,
    occurred_at timestamptz, recorded_at timestamptz
);
CREATE FUNCTION bihuan_read_body() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said bihuan_event_said;
BEGIN
    said := json_populate_record(NULL::bihuan_event_said, NEW.body);
    IF said.stream IS DISTINCT FROM NEW.stream OR said.seq IS DISTINCT FROM NEW.seq THEN
        RAISE EXCEPTION 'bihuan: the body of event %/% is that of %/%', NEW.stream, NEW.seq, said.stream, said.seq
            USING ERRCODE = 'check_violation';
    END IF;
    -- Whatever was given for them is not asked: what is searched is what was hashed.
    NEW.kind := said.kind;
    NEW.verb := said.verb;
    NEW.person := (said.who).person;
    NEW.batch := said.batch;
    NEW.occurred_at := said.occurred_at;
    NEW.recorded_at := said.recorded_at;
    RETURN NEW;
END $$;
CREATE TRIGGER bihuan_read_body BEFORE INSERT ON journal_event FOR EACH ROW EXECUTE FUNCTION bihuan_read_body();
"""
# The rows that stand keep what they hold.
NO_LONGER_GENERATED = """
ALTER TABLE journal_event
    ALTER COLUMN kind DROP EXPRESSION,
    ALTER COLUMN verb DROP EXPRESSION,
    ALTER COLUMN person DROP EXPRESSION,
    ALTER COLUMN batch DROP EXPRESSION,
    ALTER COLUMN occurred_at DROP EXPRESSION,
    ALTER COLUMN recorded_at DROP EXPRESSION,
    DROP CONSTRAINT journal_event_check,
    DROP CONSTRAINT journal_event_check1;
DROP FUNCTION bihuan_instant(text);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0004_fewer_indexes")]

    operations: ClassVar = [migrations.RunSQL([READ, NO_LONGER_GENERATED])]
