"""The outbox: what somebody is to be told.

These rows carry no business fact and are no streams: what happened is in the journal, a message only points there.
They are written in the transaction that causes them, so a rollback forgets them and a crash loses none. How a message
leaves the program, if at all, is the `outlets` room's affair: it looks for what is not `routed` yet.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

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
    # Whether somebody has looked after the ways out of the program since it was last counted up.
    routed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["to_person", "-created_at"], name="message_to"),
            models.Index(
                fields=["to_person"], condition=models.Q(read_at__isnull=True), name="message_unread"
            ),
            models.Index(fields=["created_at"], condition=models.Q(routed=False), name="message_not_routed"),
        ]
        constraints: ClassVar = [
            # What was not read yet is counted up instead of being said twice.
            models.UniqueConstraint(
                fields=["to_person", "kind", "number", "link"],
                condition=models.Q(read_at__isnull=True),
                name="one_unread_of_a_kind",
            ),
        ]
