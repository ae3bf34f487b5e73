"""A corrected file takes the place of the earlier one, which stays as a version; who handed that in keeps their part."""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import bihuan.journal.identity

BEFORE = import_module("bihuan.rectification.migrations.0002_independence")
ONCE_MORE = BEFORE.PARTS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
VERSIONS_TOO = ONCE_MORE.replace(
    "        OR EXISTS (SELECT 1 FROM rectification_acceptance a",
    """        OR EXISTS (SELECT 1 FROM rectification_evidence e
                JOIN rectification_evidenceversion v ON v.evidence_id = e.id
                WHERE e.problem_id = $1 AND e.round = $2 AND $3 IN (v.author, v.author_principal))
        OR EXISTS (SELECT 1 FROM rectification_acceptance a""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_file_facts"),
        ("rectification", "0013_panels"),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='版本'),
        ),
        migrations.AddField(
            model_name='evidenceuse',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='引用时的版本'),
        ),
        migrations.CreateModel(
            name='EvidenceVersion',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('caption', models.CharField(max_length=200, verbose_name='说明')),
                ('taken_on', models.DateField(null=True, verbose_name='形成日期')),
                ('author', models.UUIDField()),
                ('author_principal', models.UUIDField(null=True)),
                ('replaced_on', models.DateField(verbose_name='更换日期')),
                ('replaced_by', models.UUIDField()),
                ('reason', models.TextField(verbose_name='更换理由')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='rectification.evidence')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.filereference')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('evidence', 'number'), name='evidence_version_once')],
            },
        ),
        migrations.RunSQL(VERSIONS_TOO, ONCE_MORE),
    ]
