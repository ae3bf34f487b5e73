"""A person's key never changes: it can only be destroyed, once, and what it sealed with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

ONLY_DESTROY = """
CREATE FUNCTION bihuan_only_destroy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.wrapped IS NOT NULL OR NEW.destroyed_at IS NULL OR NEW.holder <> OLD.holder OR OLD.wrapped IS NULL THEN
        RAISE EXCEPTION 'bihuan: the key of % can only be destroyed', OLD.holder USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bihuan_only_destroy BEFORE UPDATE ON journal_personal_key
    FOR EACH ROW EXECUTE FUNCTION bihuan_only_destroy();
CREATE TRIGGER bihuan_no_delete BEFORE DELETE OR TRUNCATE ON journal_personal_key
    FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0002_event_table")]

    operations: ClassVar = [
        migrations.RunSQL(
            ONLY_DESTROY,
            "DROP TRIGGER bihuan_only_destroy ON journal_personal_key;"
            " DROP TRIGGER bihuan_no_delete ON journal_personal_key; DROP FUNCTION bihuan_only_destroy()",
        ),
    ]
