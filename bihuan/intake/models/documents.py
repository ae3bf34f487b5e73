"""Intake: documents cut into passages, passages disposed of one by one, candidates that become findings and problems."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Batch, Finding


class Disposition(models.TextChoices):
    """What became of a passage. Until a person has said so it is unaccounted for."""

    PROBLEM = "problem", _("问题")
    CONTEXT = "context", _("背景")
    PRAISE = "praise", _("成绩")
    DUPLICATE = "duplicate", _("重复")
    CLUE = "clue", _("线索")
    REQUIREMENT = "requirement", _("要求")
    MEASURE_TAKEN = "measure_taken", _("已采取措施")
    NOT_A_PROBLEM = "not_a_problem", _("不是问题")
    HEADING = "heading", _("标题")
    METADATA = "metadata", _("版头版记")


class Consultation(models.TextChoices):
    """Whether a language model was asked about a document, and what came of it. Empty: it was not."""

    ASKED = "asked", _("语言模型正在看这份文件，可以先审核。")
    ANSWERED = "answered", _("语言模型看过这份文件，它的建议在候选中注明。")
    TIME = "time", _("语言模型没有在限定时间内回答，审核照常。")
    UNREACHABLE = "unreachable", _("连不上语言模型，审核照常。")
    REFUSED = "refused", _("语言模型拒绝了请求，审核照常。")
    STATUS = "status", _("语言模型服务出错，没有回答，审核照常。")
    TOO_LARGE = "too_large", _("语言模型的回答过大，未采用，审核照常。")
    NONSENSE = "nonsense", _("语言模型的回答看不懂，未采用，审核照常。")
    OFF = "off", _("语言模型已停用，没有询问。")


class IntakeDocument(Record):
    """A document as received, kept under its SHA-256, and what was read out of it.

    `work_secret`: it bears the mark of a work secret, so what comes out of it is for those directly involved.
    """

    class State(models.TextChoices):
        REVIEWING = "reviewing", _("审核中")
        DONE = "done", _("已封账")
        WITHDRAWN = "withdrawn", _("已撤回")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    pages = models.PositiveIntegerField(null=True)
    work_secret = models.BooleanField(_("工作秘密"), default=False)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REVIEWING)
    consulted = models.CharField(max_length=12, choices=Consultation.choices, blank=True)

    class Meta(Record.Meta):
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="document_once_in_a_batch")
        ]

    class Stream(Record.Stream):
        kind = "intake_document"
        sealed: ClassVar = ("name",)

    def __str__(self) -> str:
        return self.name


class Decided(models.Model):
    """Which person said so, and for whom if they stood in: the second person must be neither."""

    decided_by = models.UUIDField(null=True)
    decided_for = models.UUIDField(null=True)

    class Meta:
        abstract = True


class Passage(Decided, Part):
    """A piece of a document; together they are the document, nothing dropped.

    `proposed` is what the program thinks it is, `disposition` what a person said; `clue` names the held clue whose
    words stood here before a marker took their place.
    """

    document = models.ForeignKey(IntakeDocument, on_delete=models.PROTECT, related_name="passages")
    n = models.PositiveIntegerField()
    text = models.TextField()
    page = models.PositiveIntegerField(null=True)
    heading = models.JSONField(default=list)
    place = models.JSONField(default=dict)
    proposed = models.CharField(max_length=16)
    disposition = models.CharField(max_length=16, choices=Disposition.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    clue = models.UUIDField(null=True)

    class Meta(Part.Meta):
        ordering: ClassVar = ["n"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "n"], name="passage_number_once")
        ]
        indexes: ClassVar = [models.Index(fields=["document", "disposition"], name="passage_disposition")]

    class Stream(Part.Stream):
        of = "document"
        sealed: ClassVar = ("text", "heading", "reason")


class Candidate(Decided, Part):
    """A proposed problem, with everything the program read out of its passages, until a person confirms it.

    `passages` and `origins` are numbers within the document: the passages it stands on, and the candidates as first
    read whose findings it answers (itself; after a merger several; after a split the one it was cut from).
    `proposals` is what the program read, `choices` what a person put in its place, `compared` what was decided about
    problems of the ledger it may repeat, by their ids.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待定")
        CONFIRMED = "confirmed", _("已确认")
        DROPPED = "dropped", _("不采用")
        REPLACED = "replaced", _("已拆分或合并")

    document = models.ForeignKey(IntakeDocument, on_delete=models.PROTECT, related_name="candidates")
    k = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    passages = models.JSONField(default=list)
    origins = models.JSONField(default=list)
    proposals = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    compared = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=200, blank=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="candidates")
    problem = models.UUIDField(null=True)

    class Meta(Part.Meta):
        ordering: ClassVar = ["k"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "k"], name="candidate_number_once")
        ]

    class Stream(Part.Stream):
        of = "document"
        sealed: ClassVar = ("title", "text", "proposals", "choices", "reason")

    @property
    def values(self) -> dict[str, object]:
        """The facts as they would be registered now: what a person chose, else what was read."""
        return {**self.proposals, **self.choices}


class SealSample(Part):
    """Passages drawn for the second person to look at again; which ones was nobody's choice.

    `heads` (stream, seq, hash of every document when it was drawn) and `rule` are all it takes to draw again. The last
    sample of a batch counts; one whose heads have moved on says nothing about the batch any more.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="samples")
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    heads = models.JSONField(default=list)
    rule = models.JSONField(default=dict)
    total = models.PositiveIntegerField()
    drawn_by = models.UUIDField()
    drawn_at = models.DateTimeField()

    class Meta(Part.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="seal_sample_number_once")
        ]

    class Stream(Part.Stream):
        of = "batch"


class SampledPassage(Decided, Part):
    """One passage of a sample, as it stood when it was drawn (`disposition`, and who had decided it), and the answer."""

    class Answer(models.TextChoices):
        AGREES = "agrees", _("一致")
        DIFFERS = "differs", _("不一致")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sampled_passages")
    sample = models.ForeignKey(SealSample, on_delete=models.PROTECT, related_name="passages")
    place = models.PositiveIntegerField()
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="sampled")
    disposition = models.CharField(max_length=16, choices=Disposition.choices)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    reason = models.CharField(_("不一致的理由"), max_length=200, blank=True)

    class Meta(Part.Meta):
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "place"], name="sampled_place_once"),
            models.UniqueConstraint(fields=["sample", "passage"], name="sampled_passage_once"),
        ]

    class Stream(Part.Stream):
        of = "batch"
        sealed: ClassVar = ("reason",)


class Certificate(Part):
    """What a seal declared, as a paper (`file`); void once the batch was opened again.

    `seq` is the number of the seal's event in the batch's stream, which names the paper's SHA-256; the paper names the
    number and the event before it, so that neither can be exchanged without the other.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField()
    sample = models.ForeignKey(SealSample, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)

    class Meta(Part.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="certificate_number_once")
        ]

    class Stream(Part.Stream):
        of = "batch"
