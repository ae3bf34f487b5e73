"""The row of a scan on its way."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id
from bihuan.ledger.models import Batch


class Scan(models.Model):
    """A scan on its way to become a document: recognised page by page by a job, then received like any other file.

    It is work under way beside the ledger, so it has no journal of its own: nothing of its content is in this row, and
    what comes of it is received by an action. `pages` are the numbers of those to be recognised, `failure` says why it
    stopped, in the words for the person. It lies there for some days and goes. An archive or letter that holds scans is
    such a row too, without pages: it `awaits` them, by id with their names.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        READING = "reading", _("识别中")
        DONE = "done", _("已收下")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="scans")
    person = models.UUIDField()
    post = models.UUIDField()
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    pages = models.JSONField()
    awaits = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    failure = models.JSONField(default=dict)
    document = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "-asked_at"], name="scan_batch")]

    @property
    def moving(self) -> bool:
        """Whether the program is at work on it."""
        return self.state in MOVING

    @property
    def total(self) -> int:
        """How many pages are to be recognised."""
        return len(self.pages)


MOVING: Final = (Scan.State.WAITING, Scan.State.READING)
"""The states in which the program is at work; a batch is not sealed over one of them."""
