"""A spreadsheet on its way into the ledger: work under way, which lies beside the ledger and goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id
from bihuan.ledger.models import Batch


class ImportRun(models.Model):
    """A spreadsheet on its way into the ledger: read and checked, confirmed by a person, entered block by block.

    It is work under way beside the ledger, so it has no journal of its own; what enters is journalled under its id as
    the batch of a bulk run. It lies there for some days and goes. `failure` says why it stopped, in the words for the
    person; `findings` counts rows by what they are to us.
    """

    class State(models.TextChoices):
        UNMATCHED = "unmatched", _("待对列")
        WAITING = "waiting", _("排队中")
        CHECKING = "checking", _("核对中")
        CHECKED = "checked", _("待确认")
        ENTERING = "entering", _("导入中")
        DONE = "done", _("已导入")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="import_runs")
    # A form that came back from a superior: read by its own columns, and nothing new enters from it.
    form = models.ForeignKey("ReportingForm", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.UUIDField()
    post = models.UUIDField()
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # What a person said its columns are called, for this file alone.
    columns = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # The last row some hand has taken to enter it (`imports/blocks.py`).
    taken = models.IntegerField(default=-1)
    failure = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "-asked_at"], name="import_run_batch")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(state="entering"), name="one_import_enters_a_batch"
            )
        ]

    @property
    def moving(self) -> bool:
        """Whether the program is at work on it."""
        return self.state in (self.State.WAITING, self.State.CHECKING, self.State.ENTERING)


class StagedRow(models.Model):
    """One row of an import as it would stand, with what it is to the ledger; `n` is its order in the file.

    `row` is an `ImportRow` as JSON; `cells` what differs, for a bad row what is wrong. `problem` is the one it is
    about, if it stands in the ledger already.
    """

    class Group(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("有变化")
        CONFLICT = "conflict", _("两边都改过")
        LIKELY = "likely", _("疑似同一条")
        UNCHANGED = "unchanged", _("没有变化")
        GONE = "gone", _("新表里没有")
        BAD = "bad", _("有错")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    n = models.PositiveIntegerField()
    place = models.CharField(max_length=120)
    group = models.CharField(max_length=10, choices=Group.choices)
    problem = models.UUIDField(null=True)
    row = models.TextField(blank=True)
    cells = models.JSONField(default=list)
    # What it repeats: an earlier row of the file, a problem of the ledger; why, and how much of its words.
    repeats = models.JSONField(default=list)
    settled = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "group", "n"], name="staged_row_group")]


class ImportBlock(models.Model):
    """New rows of a run that one hand is entering, `first` to `last`, and what was set aside for them.

    It goes in the transaction in which they enter; one that stays was taken by a hand that came to no end.
    `serials`: series -> [first serial, how many], of the numbers of `day`; `ordinal`: the first of `count` places.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="blocks")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    ordinal = models.PositiveIntegerField()
    serials = models.JSONField(default=dict)
    day = models.DateField()
