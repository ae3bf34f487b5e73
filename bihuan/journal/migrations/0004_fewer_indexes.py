"""Indexes that another one begins with, or that nobody asks, go; keys that are mostly null keep the rows that have one.

By name: to alter the fields would make every foreign key anew and look up all its rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DROP = "DROP INDEX journal_payload_holder_id_04cada3c"


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_keys_are_only_destroyed"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    model_name="payload",
                    name="holder",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="journal.personalkey",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="payload",
            index=models.Index(
                condition=models.Q(("holder__isnull", False)), fields=["holder"], name="payload_holder"
            ),
        ),
    ]
