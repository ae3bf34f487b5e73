"""Doubts about what is handed in as proof: raised by rule with the facts that raised them, weighed by a person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.rectification.models import Evidence, ProgressReport


class AuthenticityFlag(Record):
    """真实性疑点: for the acceptor's eyes, and never a verdict by itself.

    `key` names within kind and round what it is about, so that looking again raises nothing twice. `facts` holds ids,
    dates and numbers, never words about a person. Who weighed it is a person of the acceptor's side.
    """

    class Kind(models.TextChoices):
        SAME_FILE = "same_file", _("同一文件用在别处")
        NEAR_PHOTO = "near_photo", _("照片与别处几乎相同")
        SAME_SCENE = "same_scene", _("整改前后照片几乎相同")
        PHOTO_TIME = "photo_time", _("拍摄时间不符")
        PHOTO_PLACE = "photo_place", _("拍摄地点不符")
        DOCUMENT_DATE = "document_date", _("文件日期不符")
        EARLY_COMPLETION = "early_completion", _("完成早于佐证")
        VISIT_BURST = "visit_burst", _("检查前突击补材料")
        COPIED_PROGRESS = "copied_progress", _("进展照抄")
        ONLY_PROMISE = "only_promise", _("只有承诺没有事实")
        TWO_ROLES = "two_roles", _("一人两职")

    class Weight(models.TextChoices):
        OPEN = "open", _("待判断")
        FOUND_TRUE = "found_true", _("属实")
        EXPLAINED = "explained", _("已说明")
        UNFOUNDED = "unfounded", _("不成立")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="authenticity_flags")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    policy_id = models.UUIDField()
    policy_version = models.PositiveIntegerField()
    raised_on = models.DateField()
    weight = models.CharField(_("判断"), max_length=12, choices=Weight.choices, default=Weight.OPEN)
    reason = models.TextField(_("判断理由"), blank=True)
    weighed_by = models.UUIDField(null=True)
    weighed_principal = models.UUIDField(null=True)
    weighed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "round", "kind", "key"], name="flag_raised_once"),
            models.CheckConstraint(
                name="weighed_flag_says_by_whom_and_why",
                condition=models.Q(weight="open")
                | (models.Q(weighed_by__isnull=False, weighed_on__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "authenticity_flag"
        sealed: ClassVar = ("reason",)

    def __str__(self) -> str:
        return f"{self.problem} {self.get_kind_display()}"


class ReportedWords(models.Model):
    """By which words a progress report is found again among all others: a cache beside the ledger, made again if lost."""

    report = models.OneToOneField(
        ProgressReport, on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    signature = ArrayField(models.IntegerField())

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["signature"], name="reported_words", fastupdate=False)]
