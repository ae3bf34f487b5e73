"""Indexes that another one begins with, or that nobody asks, go; keys that are mostly null keep the rows that have one.

By name: to alter the fields would make every foreign key anew and look up all its rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DROP = "DROP INDEX intake_stagedrow_run_id_76b3948b"


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0011_source_columns"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    model_name="stagedrow",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="intake.importrun",
                    ),
                ),
            ],
        ),
    ]
