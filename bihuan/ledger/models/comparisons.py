"""What was decided when two problems were laid side by side."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Record
from bihuan.ledger.models.problems import Problem


class Comparison(Record):
    """A pair and its outcome, whoever looks and from whichever side: `one` is the problem with the smaller id.

    A merger is no outcome here: it ends a problem, and so is an `Ending`. `wording` holds the signatures both had when
    it was decided, for words that have changed much since may be asked about again.
    """

    class Outcome(models.TextChoices):
        APART = "apart", _("不是同一问题")
        RECURRENCE = "recurrence", _("反复")
        TAKEN_BACK = "taken_back", _("已撤回")

    one = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    wording = models.JSONField(default=list)
    reason = models.TextField(_("理由"), blank=True)
    decided_by = models.UUIDField()
    decided_on = models.DateField()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="compared_once"),
            models.CheckConstraint(name="compared_in_order", condition=Q(one__lt=F("other"))),
        ]

    class Stream(Record.Stream):
        kind = "comparison"
        sealed: ClassVar = ("wording", "reason")

    def beside(self, problem: Problem) -> Problem:
        """The other problem of the pair."""
        return self.other if self.one_id == problem.pk else self.one


class Waiting(models.Model):
    """A problem that was taken in with many others and has not been compared in full yet.

    No business row: the job that compares takes it away, and making it again costs nothing but the comparing.
    """

    problem = models.OneToOneField(
        Problem, on_delete=models.PROTECT, primary_key=True, related_name="waiting_to_be_compared"
    )


class Hint(models.Model):
    """What the job found: a problem may repeat an earlier one. No business row either; a decision is a `Comparison`."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="hints")
    like = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["problem", "like"], name="hinted_once")]
        indexes: ClassVar = [models.Index(fields=["-percent", "problem"], name="hint_percent")]
