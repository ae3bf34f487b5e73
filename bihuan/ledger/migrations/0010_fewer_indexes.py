"""Indexes that another one begins with, or that nobody asks, go; keys that are mostly null keep the rows that have one.

By name: to alter the fields would make every foreign key anew and look up all its rows.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

DROP = [
    "DROP INDEX ledger_finding_batch_id_b6c1d920",
    "DROP INDEX ledger_findinglink_problem_id_fc872de7",
    "DROP INDEX ledger_involvement_body_id_a7384d7b",
    "DROP INDEX ledger_involvement_post_id_d9bd0374",
    "DROP INDEX ledger_problem_batch_id_228bcc7e",
    "DROP INDEX ledger_problem_channel_id_e93f2b19",
    "DROP INDEX ledger_problem_deputy_in_charge_id_62497cd4",
    "DROP INDEX ledger_problem_handler_id_940ba9c4",
    "DROP INDEX ledger_problem_jurisdiction_id_57c739f2",
    "DROP INDEX ledger_problem_lead_unit_id_5b79523f",
    "DROP INDEX ledger_problem_merged_into_id_4974e1b7",
    "DROP INDEX ledger_problem_problem_no_9f119c30_like",
    "DROP INDEX ledger_problem_sector_authority_id_a34cbf94",
    "DROP INDEX ledger_problem_sponsor_id_0b6a51b9",
    "DROP INDEX ledger_problem_territorial_unit_id_c9b96cfc",
]
RENAME = "ALTER TABLE ledger_problem RENAME CONSTRAINT ledger_problem_problem_no_key TO problem_no_once"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_comparisons"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([*DROP, RENAME])],
            state_operations=[
                migrations.AlterField(
                    model_name="finding",
                    name="batch",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="ledger.batch",
                    ),
                ),
                migrations.AlterField(
                    model_name="findinglink",
                    name="problem",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding_links",
                        to="ledger.problem",
                    ),
                ),
                migrations.AlterField(
                    model_name="involvement",
                    name="body",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="organizations.body",
                    ),
                ),
                migrations.AlterField(
                    model_name="involvement",
                    name="post",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="involvements",
                        to="organizations.post",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="batch",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="ledger.batch",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="channel",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="ledger.restrictedchannel",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="deputy_in_charge",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.post",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="handler",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled",
                        to="organizations.post",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="jurisdiction",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems_here",
                        to="organizations.unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="lead_unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_problems",
                        to="organizations.unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="merged_into",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="ledger.problem",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="problem_no",
                    field=models.CharField(max_length=60, verbose_name="编号"),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="sector_authority",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="sponsor",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored",
                        to="organizations.post",
                    ),
                ),
                migrations.AlterField(
                    model_name="problem",
                    name="territorial_unit",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="problem",
                    constraint=models.UniqueConstraint(fields=("problem_no",), name="problem_no_once"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=models.Q(("body__isnull", False)), fields=["body"], name="involvement_body"
            ),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=models.Q(("post__isnull", False)), fields=["post"], name="involvement_post"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("sponsor__isnull", False)), fields=["sponsor"], name="problem_sponsor"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("handler__isnull", False)), fields=["handler"], name="problem_handler"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("channel__isnull", False)), fields=["channel"], name="problem_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="problem_merged_into",
            ),
        ),
    ]
