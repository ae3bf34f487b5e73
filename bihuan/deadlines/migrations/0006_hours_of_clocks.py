"""The instants of clocks that count hours: from when, until when, and when within the day the light changes."""

from __future__ import annotations

from django.db import migrations, models

INSTANTS = ("began_at", "next_change_at", "stopped_at")


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0005_ladder_and_conduct"),
    ]

    operations = [
        migrations.AddField(model_name="clock", name=name, field=models.DateTimeField(null=True))
        for name in INSTANTS
    ]
