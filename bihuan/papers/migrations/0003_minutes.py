"""Minutes are a kind of document of their own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_circulars")]

    operations = [
        migrations.AlterField(
            model_name="paper",
            name="document_kind",
            field=models.CharField(
                choices=[
                    ("request_for_instructions", "请示"),
                    ("report", "报告"),
                    ("letter", "函"),
                    ("notice", "通知"),
                    ("official_reply", "批复"),
                    ("circular", "通报"),
                    ("minutes", "纪要"),
                    ("public_notice", "公示"),
                    ("record", "记录"),
                    ("form", "表单"),
                ],
                max_length=30,
                verbose_name="文种",
            ),
        )
    ]
