"""Marks by which equal and nearly equal words are found, and their making for the problems that stand.

They are derived columns: nothing of them is in the journal, so filling them in is no event. It is done in blocks, each
its own transaction, for a ledger may hold a million problems; a migration that was stopped begins again and ends alike.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models, transaction

from bihuan.ledger.wording import wording_of
from bihuan.text.sameness import digest_of, signature_of

BLOCK = 1000
FILL = """
UPDATE ledger_problem AS p SET text_digest = v.digest, signature = v.signature::int[]
FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS v(id, digest, signature) WHERE p.id = v.id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    problems = apps.get_model("ledger", "Problem").objects.using(connection.alias)
    ids = iter(list(problems.order_by("pk").values_list("pk", flat=True)))
    while block := list(islice(ids, BLOCK)):
        rows = [
            (pk, wording_of(title, text))
            for pk, title, text in problems.filter(pk__in=block).values_list("pk", "title", "text")
        ]
        keys = ["{" + ",".join(map(str, signature_of(words))) + "}" for _pk, words in rows]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.action', 'ledger.fill_derived', true)")
            cursor.execute(FILL, [[pk for pk, _ in rows], [digest_of(words) for _, words in rows], keys])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('ledger', '0007_task_forces')]

    operations = [
        migrations.AddField('problem', 'text_digest', models.BigIntegerField(default=0, editable=False), preserve_default=False),
        migrations.AddField(
            'problem',
            'signature',
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=None),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex('problem', models.Index(fields=['text_digest'], name='problem_text_digest')),
        migrations.AddIndex('problem', django.contrib.postgres.indexes.GinIndex(fields=['signature'], name='problem_signature')),
        migrations.AddIndex('finding', models.Index(condition=models.Q(('source_no', ''), _negated=True), fields=['source_no'], name='finding_source_no')),
    ]
