"""Archives and letters wait for the scans inside them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0009_scans")]

    operations = [
        migrations.AddField("scan", "awaits", models.JSONField(default=dict)),
    ]
