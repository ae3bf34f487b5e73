"""The journal's own tables. None of them is a business row: only the machinery of this room writes here.

`JournalEvent` is partitioned and guarded; its table is made by hand in the first migration. Every column beside
`stream`, `seq`, `body` and `hash` is filled by a trigger from `body`, so that what is searched can never
differ from what was hashed.
"""

from __future__ import annotations

from django.db import models

from bihuan.journal.clockwatch import ClockMark
from bihuan.journal.expungement import Expungement
from bihuan.journal.fields import ExactJson

__all__ = [
    "AccessEntry",
    "Checkpoint",
    "ClockMark",
    "Expungement",
    "IdempotencyKey",
    "JournalEvent",
    "Payload",
    "PersonalKey",
    "StreamHead",
]


class StreamHead(models.Model):
    """The last event of each stream; locking this row is how an action owns a stream."""

    stream = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_stream_head"


class JournalEvent(models.Model):
    """One thing that happened to one stream. Append-only; `hash` chains it to its predecessor."""

    pk = models.CompositePrimaryKey("stream", "seq")
    stream = models.UUIDField()
    seq = models.PositiveIntegerField()
    body = ExactJson()
    hash = models.BinaryField()
    kind = models.TextField(editable=False)
    verb = models.TextField(editable=False)
    person = models.UUIDField(null=True, editable=False)
    batch = models.UUIDField(null=True, editable=False)
    occurred_at = models.DateTimeField(editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        managed = False
        db_table = "journal_event"


class PersonalKey(models.Model):
    """The data key of one person, wrapped by the installation's master key; destroying it erases all it sealed."""

    holder = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_personal_key"


class Payload(models.Model):
    """Content that lies beside the chain because one day it may have to go: free text, personal data.

    The event keeps this row's id and a salted digest. `content` is canonical JSON, encrypted when `holder` is set.
    """

    id = models.UUIDField(primary_key=True)
    stream = models.UUIDField(db_index=True)
    holder = models.ForeignKey(PersonalKey, on_delete=models.PROTECT, null=True, db_index=False)
    content = models.BinaryField(null=True)
    salt = models.BinaryField()
    digest = models.BinaryField()
    lookup = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_by = models.UUIDField(null=True)

    class Meta:
        db_table = "journal_payload"
        indexes = [
            models.Index(fields=["lookup"], name="payload_lookup", condition=models.Q(lookup__isnull=False)),
            models.Index(fields=["holder"], name="payload_holder", condition=models.Q(holder__isnull=False)),
        ]


class IdempotencyKey(models.Model):
    """A call that was done. The same key again gives the same answer and writes nothing."""

    key = models.CharField(max_length=200, primary_key=True)
    verb = models.CharField(max_length=80)
    arguments = models.BinaryField()
    result = models.JSONField(null=True)
    done_at = models.DateTimeField()

    class Meta:
        db_table = "journal_idempotency_key"


class Checkpoint(models.Model):
    """A signed Merkle root over all stream heads; the file beside it can be checked offline years later."""

    root = models.BinaryField()
    count = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField(db_index=True)
    file_name = models.CharField(max_length=120)
    verified = models.BooleanField()

    class Meta:
        db_table = "journal_checkpoint"


class AccessEntry(models.Model):
    """Who looked at, or was refused, what; written on its own connection so that a rollback cannot unwrite it."""

    at = models.DateTimeField(db_index=True)
    person = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    what = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=20)
    address = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_access_entry"
