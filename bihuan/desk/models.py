"""What the desk keeps for a while: orders to bind case files, and where the copies lie. No business fact among them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id


class Binding(models.Model):
    """Somebody wants several case files bound, and what became of it: a copy beside the ledger, so it has no journal.

    It belongs to one person in one post, lies there for some days and goes. `failure` is a short code. What was taken
    out of the ledger, by whom and when, stands in the access log.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        BINDING = "binding", _("装订中")
        READY = "ready", _("已装订")
        FAILED = "failed", _("未完成")
        GONE = "gone", _("已清除")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.UUIDField()
    post = models.UUIDField()
    language = models.CharField(max_length=10)
    problems = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    failure = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    kept_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-asked_at"], name="binding_person")]

    @property
    def total(self) -> int:
        """How many case files were asked for."""
        return len(self.problems)

    @property
    def stored_as(self) -> str:
        """Where the archive lies in the storage."""
        return f"case_files/{self.pk.hex}.zip"
