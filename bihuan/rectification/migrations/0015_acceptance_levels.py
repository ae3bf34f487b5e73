"""Acceptance level after level: each level's acceptor is held to the same independence, and nobody judges at two levels."""

from __future__ import annotations

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import bihuan.journal.identity
import bihuan.organizations.ltree

PANELS = import_module("bihuan.rectification.migrations.0013_panels")

# Whoever found it done at a level below the last found it done.
ACCEPTED = PANELS.JUDGED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
LEVELS_TOO = ACCEPTED.replace(
    "        AND ($3 IN (a.acceptor, a.acceptor_principal) OR EXISTS (",
    """        AND ($3 IN (a.acceptor, a.acceptor_principal) OR EXISTS (
            SELECT 1 FROM rectification_acceptancelevel l
            WHERE l.acceptance_id = a.id AND $3 IN (l.acceptor, l.acceptor_principal)) OR EXISTS (""",
)
LEVEL = """
CREATE FUNCTION rectification_refuse_dependent_level() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged rectification_acceptance%ROWTYPE;
    path text;
BEGIN
    SELECT * INTO judged FROM rectification_acceptance WHERE id = NEW.acceptance_id;
    IF rectification_has_part(judged.problem_id, judged.round, NEW.acceptor)
       OR rectification_has_part(judged.problem_id, judged.round, NEW.acceptor_principal) THEN
        RAISE EXCEPTION 'bihuan: the acceptor of a level had a part in the work of this round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_independent';
    END IF;
    FOREACH path IN ARRAY NEW.doing_paths LOOP
        IF NEW.unit_path <@ path::ltree THEN
            RAISE EXCEPTION 'bihuan: the acceptor of a level stands under a doing unit'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_independent';
        END IF;
    END LOOP;
    IF rectification_accepted(judged.problem_id, judged.round - 1, NEW.acceptor)
       OR rectification_accepted(judged.problem_id, judged.round - 1, NEW.acceptor_principal) THEN
        RAISE EXCEPTION 'bihuan: the acceptor of a level accepted the round before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_independent';
    END IF;
    IF EXISTS (SELECT 1 FROM rectification_acceptancelevel other
               WHERE other.acceptance_id = NEW.acceptance_id AND other.id <> NEW.id
               AND (other.acceptor IN (NEW.acceptor, NEW.acceptor_principal)
                    OR other.acceptor_principal IN (NEW.acceptor, NEW.acceptor_principal))) THEN
        RAISE EXCEPTION 'bihuan: one person judged at two levels'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_independent';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER level_is_independent AFTER INSERT OR UPDATE ON rectification_acceptancelevel
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rectification_refuse_dependent_level();

CREATE FUNCTION rectification_refuse_level_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'accepted' AND EXISTS (
        SELECT 1 FROM rectification_acceptancelevel l WHERE l.acceptance_id = NEW.id
        AND (l.acceptor IN (NEW.acceptor, NEW.acceptor_principal)
             OR l.acceptor_principal IN (NEW.acceptor, NEW.acceptor_principal))) THEN
        RAISE EXCEPTION 'bihuan: one person judged at two levels'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'level_is_independent';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER levels_by_different_people AFTER INSERT OR UPDATE ON rectification_acceptance
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rectification_refuse_level_again();
"""
AFTERWARDS = PANELS.MEMBERS_TOO
LEVELS_AT_WORK = AFTERWARDS.replace(
    "    RETURN NULL;",
    """    IF EXISTS (SELECT 1 FROM rectification_acceptance a
               JOIN rectification_acceptancelevel l ON l.acceptance_id = a.id
               WHERE a.problem_id = NEW.problem_id AND a.round = NEW.round
               AND (rectification_has_part(a.problem_id, a.round, l.acceptor)
                    OR rectification_has_part(a.problem_id, a.round, l.acceptor_principal))) THEN
        RAISE EXCEPTION 'bihuan: whoever judged a level of this round may not work in it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptor_is_independent';
    END IF;
    RETURN NULL;""",
)
BACK = (
    ACCEPTED
    + AFTERWARDS
    + """
DROP FUNCTION rectification_refuse_level_again() CASCADE;
DROP FUNCTION rectification_refuse_dependent_level() CASCADE;
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_file_facts"),
        ("organizations", "0002_vacancies"),
        ("rectification", "0014_evidence_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptanceLevel',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField(verbose_name='层级')),
                ('unit_path', bihuan.organizations.ltree.LtreeField()),
                ('doing_paths', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('acceptor', models.UUIDField()),
                ('acceptor_principal', models.UUIDField(null=True)),
                ('gates', models.JSONField(default=dict, verbose_name='五关')),
                ('on_site', models.BooleanField(default=False, verbose_name='现场核查')),
                ('opinion', models.TextField(verbose_name='验收意见')),
                ('decided_on', models.DateField()),
                ('acceptance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='rectification.acceptance')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.filereference')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('acceptance', 'level'), name='level_passed_once')],
            },
        ),
        migrations.RunSQL(LEVELS_TOO + LEVEL + LEVELS_AT_WORK, BACK),
    ]
