"""Indexes that another one begins with, or that nobody asks, go; keys that are mostly null keep the rows that have one.

By name: to alter the fields would make every foreign key anew and look up all its rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DROP = [
    "DROP INDEX deadlines_clock_policy_id_9ac1ca16",
    "DROP INDEX deadlines_clock_lights_policy_id_c506c2e6",
]


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0003_pressing_clocks"),
        ("policies", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    model_name="clock",
                    name="lights_policy",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policy",
                    ),
                ),
                migrations.AlterField(
                    model_name="clock",
                    name="policy",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policy",
                    ),
                ),
            ],
        ),
    ]
