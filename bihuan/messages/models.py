"""The outbox: what somebody is to be told, and how far each delivery has come.

These rows carry no business fact and are no streams: what happened is in the journal, a message only points there.
They are written in the transaction that causes them, so a rollback forgets them and a crash loses none.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id


class Message(models.Model):
    """A pointer for one person: how many of what kind, which number, where to look. Never the content itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to_person = models.UUIDField()
    kind = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["to_person", "-created_at"], name="message_to"),
            models.Index(
                fields=["to_person"], condition=models.Q(read_at__isnull=True), name="message_unread"
            ),
        ]
        constraints: ClassVar = [
            # What was not read yet is counted up instead of being said twice.
            models.UniqueConstraint(
                fields=["to_person", "kind", "number", "link"],
                condition=models.Q(read_at__isnull=True),
                name="one_unread_of_a_kind",
            ),
        ]


class DeliveryState(models.TextChoices):
    """How far a delivery has come. `uncertain`: the process died while sending; it is sent again, under one id."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("未送达")


class Delivery(models.Model):
    """One message on one way out of the program. The row is the marker: delivered once, never again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_on_a_channel")
        ]
