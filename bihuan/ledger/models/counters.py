"""How many problems there are of each kind of state, kept in the very transaction that changes one.

A counter counts by place, lead unit, state, readership and channel: what runs in a restricted channel never enters the
counters of everybody else. Nothing of this is a fact of its own: `bihuan verify --derived` counts again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bihuan.ledger.models.channels import RestrictedChannel
from bihuan.organizations.models import Unit

KEY = ("jurisdiction_id", "lead_unit_id", "state", "readership", "channel_id")


class Counted(models.Model):
    """The key of a counter. No constraint ties it to the units: counting must not queue behind who edits one."""

    jurisdiction = models.ForeignKey(
        Unit, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    lead_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20)
    readership = models.CharField(max_length=20)
    channel = models.ForeignKey(
        RestrictedChannel,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    count = models.BigIntegerField()

    class Meta:
        abstract = True


class Counter(Counted):
    """What has been folded together."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "lead_unit", "state", "readership", "channel"],
                name="counter_once",
                nulls_distinct=False,
            )
        ]


class CounterDelta(Counted):
    """One more or one less, written by the database where a problem's row is written, and not folded yet."""
