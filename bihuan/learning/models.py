"""What was learnt, and what was proposed by it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit


class LearnedModel(Record):
    """One version of an office's classifier, from the wish for it to its end.

    `measures` are whole numbers (shares in thousandths) of the old and the new one on the same held-back labels;
    `verdict` is a value of `bihuan.learning.rules.Reason`, `failure` one of `bihuan.learning.training.Failure`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("正在学习")
        FAILED = "failed", _("没有学成")
        MEASURED = "measured", _("未启用")
        IN_FORCE = "in_force", _("在用")
        FORMER = "former", _("曾经在用")
        DESTROYED = "destroyed", _("已清除")

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(_("版本"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")
    examples = models.PositiveIntegerField(_("学了几条"), default=0)
    held_back = models.PositiveIntegerField(_("留作检验"), default=0)
    measures = models.JSONField(default=dict)
    verdict = models.CharField(max_length=20, blank=True)
    failure = models.CharField(max_length=20, blank=True)
    in_force_since = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["jurisdiction", "version"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["jurisdiction"], condition=models.Q(state="in_force"), name="one_model_in_force"
            ),
        ]

    class Stream(Record.Stream):
        kind = "learned_model"


class Prediction(Part):
    """The sector proposed for a problem when it was read; `spoke` is false where the classifier abstained.

    `model` is null for the keyword profiles the program starts with. What the people said in the end is the problem's
    sector, so that the two can never drift apart.
    """

    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="prediction")
    model = models.ForeignKey(LearnedModel, on_delete=models.PROTECT, null=True, related_name="predictions")
    version = models.CharField(max_length=40)
    proposed = models.CharField(max_length=80)
    percent = models.PositiveSmallIntegerField()
    spoke = models.BooleanField()
    reasons = models.JSONField(default=list)

    class Meta(Part.Meta):
        indexes: ClassVar = [models.Index(fields=["proposed"], name="prediction_proposed")]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("reasons",)
