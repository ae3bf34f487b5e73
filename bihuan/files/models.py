"""Files: content addressed by its SHA-256, and references that carry sight."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

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

    def __str__(self) -> str:
        return self.name


class PreviewSize(models.TextChoices):
    """How large a preview is: for a list, or to look at."""

    THUMBNAIL = "thumbnail", _("缩略图")
    PAGE = "page", _("大图")


class Preview(models.Model):
    """What a preview job found: a cache beside the ledger, made again whenever it is lost, so it has no journal.

    `failure` is a short code (``too_large``, ``damaged``, ``time``) where no picture could be made.
    """

    sha256 = models.CharField(max_length=64)
    size = models.CharField(max_length=12, choices=PreviewSize.choices)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "size"], name="one_preview_of_a_size"),
        ]


class FileFacts(models.Model):
    """What a content says of itself: a cache beside the ledger like `Preview`, and gone with the content.

    Of a picture: when, where and with what it was taken, and by what others like it are found
    (`bihuan.files.picture_hashes`). Of a document: the day it is signed with, the day its file was begun, and whether it
    is a general paper (a regulation, minutes), which may rightly stand behind many things. `failure` is a short code.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    failure = models.CharField(max_length=20, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    device = models.CharField(max_length=80, blank=True)
    signed_on = models.DateField(null=True)
    begun_on = models.DateField(null=True)
    general = models.BooleanField(default=False)
    hashes = ArrayField(models.BigIntegerField(), default=list)
    keys = ArrayField(models.IntegerField(), default=list)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["keys"], name="file_facts_keys", fastupdate=False)]
