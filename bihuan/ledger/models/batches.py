"""Batches and findings: one feedback, and its items exactly as the source wrote them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record
from bihuan.ledger.models.channels import RestrictedChannel
from bihuan.ledger.models.taxonomy import Source
from bihuan.organizations.models import Unit


class Batch(Record):
    """One feedback, one round, one drive: the thing that is sealed and reported on."""

    class State(models.TextChoices):
        OPEN = "open", _("未封账")
        SEALED = "sealed", _("已封账")

    code = models.CharField(_("批次代码"), max_length=60, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    source_authority = models.CharField(_("来源机关"), max_length=120)
    source_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="raised_batches")
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="batches")
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    received_on = models.DateField(_("收到日期"))
    deadline = models.DateField(_("整批期限"), null=True)
    closing_authority = models.CharField(_("销号权所在"), max_length=120, blank=True)
    channel = models.ForeignKey(
        RestrictedChannel, on_delete=models.PROTECT, null=True, related_name="batches"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.UUIDField(null=True)

    class Stream(Record.Stream):
        kind = "batch"
        sealed: ClassVar = ("title",)

    def __str__(self) -> str:
        return self.title


class FindingState(models.TextChoices):
    """Whether the source has its answer."""

    OPEN = "open", _("未答复")
    ANSWERED = "answered", _("已答复")


class Finding(Record):
    """The source's own item: verbatim, never edited; answered only when all its problems are."""

    # `finding_ordinal_once` begins with the batch and finds by it.
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="findings", db_index=False)
    ordinal = models.PositiveIntegerField()
    source_no = models.CharField(_("源编号"), max_length=60, blank=True)
    text = models.TextField(_("原文"))
    heading = models.JSONField(_("所在标题"), default=list)
    page = models.PositiveIntegerField(_("页"), null=True)
    deadline = models.DateField(null=True)
    closing_authority = models.CharField(max_length=120, blank=True)
    determination = models.CharField(_("认定结果"), max_length=60, blank=True)
    determined_on = models.DateField(null=True)
    determination_document = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_document = models.CharField(max_length=100, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="finding_ordinal_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["source_no"], condition=~models.Q(source_no=""), name="finding_source_no")
        ]

    class Stream(Record.Stream):
        kind = "finding"
        sealed: ClassVar = ("text", "answer")
