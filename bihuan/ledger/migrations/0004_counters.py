"""Counters of problems, kept by the database itself.

Whichever way a row of `ledger_problem` is written (an action, COPY, SQL behind everybody's back), the same statement
writes what it adds and takes away. Once a statement, not once a row: loading ten thousand problems costs a handful of
deltas. A statement that changes no counter's key writes none.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

KEY = "jurisdiction_id, lead_unit_id, state, readership, channel_id"

COUNT = f"""
CREATE FUNCTION ledger_count_problems() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ledger_counterdelta ({KEY}, count) SELECT {KEY}, count(*) FROM now_there GROUP BY {KEY};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO ledger_counterdelta ({KEY}, count) SELECT {KEY}, -count(*) FROM was_there GROUP BY {KEY};
    ELSE
        INSERT INTO ledger_counterdelta ({KEY}, count)
        SELECT {KEY}, sum(one) FROM (
            SELECT {KEY}, 1 AS one FROM now_there UNION ALL SELECT {KEY}, -1 FROM was_there
        ) AS moved GROUP BY {KEY} HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_count_new AFTER INSERT ON ledger_problem
    REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION ledger_count_problems();
CREATE TRIGGER ledger_count_changed AFTER UPDATE ON ledger_problem
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_count_problems();
CREATE TRIGGER ledger_count_gone AFTER DELETE ON ledger_problem
    REFERENCING OLD TABLE AS was_there FOR EACH STATEMENT EXECUTE FUNCTION ledger_count_problems();
INSERT INTO ledger_counter ({KEY}, count) SELECT {KEY}, count(*) FROM ledger_problem GROUP BY {KEY};
"""
FORGET = """
DROP TRIGGER ledger_count_new ON ledger_problem;
DROP TRIGGER ledger_count_changed ON ledger_problem;
DROP TRIGGER ledger_count_gone ON ledger_problem;
DROP FUNCTION ledger_count_problems();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_involvement_party'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CounterDelta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('readership', models.CharField(max_length=20)),
                ('count', models.BigIntegerField()),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedchannel')),
                ('jurisdiction', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('lead_unit', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('readership', models.CharField(max_length=20)),
                ('count', models.BigIntegerField()),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedchannel')),
                ('jurisdiction', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
                ('lead_unit', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jurisdiction', 'lead_unit', 'state', 'readership', 'channel'), name='counter_once', nulls_distinct=False)],
            },
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['closed_on'], name='problem_closed'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(condition=models.Q(('readership', 'work_secret')), fields=['state'], name='problem_secret'),
        ),
        migrations.RunSQL(COUNT, FORGET),
    ]
