"""Approvals: every pending decision of every room is one of these, a route of steps done by posts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.organizations.models import Post, Unit


class ApprovalState(models.TextChoices):
    PENDING = "pending", _("待批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class Approval(Record):
    """A matter on its way through a route. `matter` says which verb waits; `subject` is the stream it is about.

    Who asks never approves, nor does anybody in `excluded` (ids of persons, as text). When the last step is done or one
    is returned, the room that asked reacts (see `bihuan.approvals.outcomes`).
    """

    matter = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=ApprovalState.choices, default=ApprovalState.PENDING)
    asked_by = models.UUIDField(null=True)
    asked_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    asked_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    excluded = models.JSONField(default=list)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["state", "matter"], name="approval_state")]

    class Stream(Record.Stream):
        kind = "approval"
        sealed: ClassVar = ("title",)


class StepState(models.TextChoices):
    WAITING = "waiting", _("未到")
    PENDING = "pending", _("待办")
    TO_CONFIRM = "to_confirm", _("待复核")
    DONE = "done", _("同意")
    RETURNED = "returned", _("退回")


class Manner(models.TextChoices):
    PROGRAM = "program", _("系统内")
    PAPER = "paper", _("纸面")


class Step(Part):
    """One step: 拟办, 审核, 会签 or 签批, by a post; in the program, or recorded from paper and confirmed by a second.

    `decided_for` is the holder a stand-in decided for. `asked_by` repeats the approval's, so that the database itself
    can refuse an asker who approves.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked_by = models.UUIDField(null=True)
    added_by = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=StepState.choices, default=StepState.WAITING)
    pending_since = models.DateTimeField(null=True)
    manner = models.CharField(max_length=10, choices=Manner.choices, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_for = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(blank=True)
    document_no = models.CharField(max_length=100, blank=True)
    approved = models.BooleanField(null=True)
    recorded_by = models.UUIDField(null=True)
    confirmed_by = models.UUIDField(null=True)
    signed_copy = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Part.Meta):
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["post", "state"], name="step_on_post")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "number"], name="step_number_once"),
            models.CheckConstraint(
                name="approver_is_not_recorder",
                condition=models.Q(recorded_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(recorded_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="recorder_is_not_confirmer",
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("recorded_by")),
            ),
            models.CheckConstraint(
                name="approver_is_not_confirmer",
                condition=models.Q(confirmed_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="asker_never_approves",
                condition=models.Q(asked_by__isnull=True)
                | (
                    (models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")))
                    & (models.Q(decided_for__isnull=True) | ~models.Q(decided_for=models.F("asked_by")))
                ),
            ),
            models.CheckConstraint(
                name="paper_is_recorded_and_confirmed",
                condition=~models.Q(manner="paper", state__in=("done", "returned"))
                | models.Q(
                    recorded_by__isnull=False,
                    confirmed_by__isnull=False,
                    signed_copy__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
        ]

    class Stream(Part.Stream):
        of = "approval"
        sealed: ClassVar = ("opinion",)
