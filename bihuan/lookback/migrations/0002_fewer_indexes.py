"""Indexes that another one begins with, or that nobody asks, go; keys that are mostly null keep the rows that have one.

By name: to alter the fields would make every foreign key anew and look up all its rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DROP = [
    "DROP INDEX lookback_lookback_accepted_unit_id_47b31742",
    "DROP INDEX lookback_lookback_file_id_9916874e",
]


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("lookback", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    model_name="lookback",
                    name="accepted_unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="lookback",
                    name="file",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.filereference",
                    ),
                ),
            ],
        ),
    ]
