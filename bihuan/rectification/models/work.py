"""The work itself: dated progress, and files that prove it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.rectification.models.plans import Measure


class ProgressReport(Record):
    """进展: what was done by a day, how far that is, and what is in the way."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="progress_reports")
    round = models.PositiveSmallIntegerField()
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="progress_reports")
    on = models.DateField(_("截至"))
    percent = models.PositiveSmallIntegerField(_("进度"))
    facts = models.TextField(_("进展事实"))
    obstacle = models.TextField(_("存在困难"), blank=True)
    next_step = models.TextField(_("下一步"), blank=True)
    reported_by = models.UUIDField()
    reported_principal = models.UUIDField(null=True)

    class Stream(Record.Stream):
        kind = "progress_report"
        sealed: ClassVar = ("facts", "obstacle", "next_step")


class Evidence(Record):
    """佐证材料: a file that proves a fact, in one round; cited by several measures rather than uploaded again.

    The row is its newest version; those a corrected file replaced stay as `EvidenceVersion`.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("整改前照片")
        AFTER = "after", _("整改后照片")
        DOCUMENT = "document", _("文件")
        OTHER = "other", _("其他")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="evidence")
    round = models.PositiveSmallIntegerField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    caption = models.CharField(_("说明"), max_length=200)
    taken_on = models.DateField(_("形成日期"), null=True)
    author = models.UUIDField()
    author_principal = models.UUIDField(null=True)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)

    class Stream(Record.Stream):
        kind = "evidence"
        sealed: ClassVar = ("caption",)


class EvidenceVersion(Part):
    """An earlier version of a piece of evidence, as it was until a corrected file took its place, and why."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("说明"), max_length=200)
    taken_on = models.DateField(_("形成日期"), null=True)
    author = models.UUIDField()
    author_principal = models.UUIDField(null=True)
    replaced_on = models.DateField(_("更换日期"))
    replaced_by = models.UUIDField()
    reason = models.TextField(_("更换理由"))

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once")
        ]

    class Stream(Part.Stream):
        of = "evidence"
        sealed: ClassVar = ("caption", "reason")


class EvidenceUse(Part):
    """A measure cites a piece of evidence. `version` is the one that was there when it was cited."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="evidence_uses")
    version = models.PositiveSmallIntegerField(_("引用时的版本"), default=1)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "measure"], name="evidence_cited_once")
        ]

    class Stream(Part.Stream):
        of = "evidence"
