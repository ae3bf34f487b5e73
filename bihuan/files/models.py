"""Files: content addressed by its SHA-256, and references that carry sight."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bihuan.journal.records import Record


class Blob(Record):
    """Content, stored once. `kept` turns false when the content was expunged; the digest stays."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    kept = models.BooleanField(default=True)

    class Stream(Record.Stream):
        kind = "blob"


class FileReference(Record):
    """A file as somebody handed it in, in the context that decides who may see it.

    `subject_kind` and `subject` name the stream (a problem, a batch, an order) whose sight is this file's sight.
    """

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="references")
    name = models.CharField(max_length=255)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    expunged_at = models.DateTimeField(null=True)

    class Stream(Record.Stream):
        kind = "file"
        sealed: ClassVar = ("name",)
