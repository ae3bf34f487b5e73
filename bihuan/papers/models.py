"""Papers: what the ledger knows, set in words that an office can send; and the words themselves, which a place owns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem, RestrictedChannel
from bihuan.organizations.models import Unit
from bihuan.papers.kinds import DOCUMENT_LABELS, KINDS, PaperKind


class PaperTemplate(Record):
    """One version of the words of one kind of paper, with the jurisdiction it holds for and its dates of validity.

    A version is never edited. Where no jurisdiction above has one, the starting words hold.
    """

    kind = models.CharField(_("文书种类"), max_length=40)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"))
    valid_from = models.DateField(_("自"))
    valid_until = models.DateField(_("至"), null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "jurisdiction", "version"], name="paper_template_version_once"
            )
        ]

    class Stream(Record.Stream):
        kind = "paper_template"


class Paper(Record):
    """文书: one document, drafted from a template and today's facts; its number and signed copy are entered back.

    `text` is what was set, paragraph by paragraph; `named_values` what stood in its places. `addressed_to` and `copies_to`
    are lists of ``{"unit": id or null, "name": text}``: a recipient need not be in the tree. `template` is null where
    the starting words were used.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("已印发")
        VOID = "void", _("已作废")

    kind = models.CharField(_("文书种类"), max_length=40)
    document_kind = models.CharField(
        _("文种"), max_length=30, choices=[(kind.value, label) for kind, label in DOCUMENT_LABELS.items()]
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(RestrictedChannel, on_delete=models.PROTECT, null=True, related_name="+")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="papers_sent")
    by_office = models.BooleanField(default=False)
    signed_by = models.CharField(_("落款"), max_length=120)
    addressed_to = models.JSONField(_("主送"), default=list)
    copies_to = models.JSONField(_("抄送"), default=list)
    dated = models.DateField(_("成文日期"), null=True)
    paper_no = models.CharField(_("表单编号"), max_length=80, blank=True)
    title = models.CharField(_("标题"), max_length=500)
    text = models.TextField(_("正文"))
    named_values = models.JSONField(default=dict)
    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, null=True, related_name="+")
    edition = models.PositiveSmallIntegerField(_("稿次"), default=1)
    by_hand = models.BooleanField(_("改过文字"), default=False)
    # The record of a room above it was made of, where it is not about these or those problems.
    about = models.UUIDField(null=True)
    draft = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.UUIDField(null=True)
    drafted_on = models.DateField(_("起草日期"))
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    signed_copy = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")
    entered_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="issued_paper_has_its_copy",
                condition=~models.Q(state="issued")
                | models.Q(issued_on__isnull=False, signed_copy__isnull=False, entered_by__isnull=False),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["jurisdiction", "-id"], name="paper_place"),
            models.Index(fields=["about"], condition=models.Q(about__isnull=False), name="paper_about"),
            models.Index(fields=["document_no"], condition=~models.Q(document_no=""), name="paper_no_given"),
        ]

    class Stream(Record.Stream):
        kind = "paper"
        sealed: ClassVar = ("title", "text", "named_values")

    def __str__(self) -> str:
        return self.title

    @property
    def sort(self) -> PaperKind:
        """What is known of its kind."""
        return KINDS[self.kind]


class PaperSubject(Part):
    """A problem the paper is about. Who does not see all of them does not see the paper."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="subjects")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="paper_subjects")

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "problem"], name="problem_once_in_a_paper")
        ]

    class Stream(Part.Stream):
        of = "paper"
