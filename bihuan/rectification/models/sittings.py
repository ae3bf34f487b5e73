"""The closure sitting: many problems that wait for closure review, decided together in one act."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem, RestrictedChannel
from bihuan.organizations.models import Unit


class Outcome(models.TextChoices):
    """What a sitting decides of one problem."""

    APPROVE = "approve", _("同意销号")
    STANDING = "standing", _("转为常态")
    RETURN = "return", _("退回整改")
    DEFER = "defer", _("缓议")


class ClosureSitting(Record):
    """销号会审. Prepared by the office, decided by the competent body; who prepares does not decide.

    `members` is a list of ``{"post": id or null, "name": text}``: a member need not have a post here.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("待会审")
        DECIDED = "decided", _("已审定")
        CANCELLED = "cancelled", _("已取消")

    title = models.CharField(_("会议名称"), max_length=120)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(RestrictedChannel, on_delete=models.PROTECT, null=True, related_name="+")
    held_on = models.DateField(_("会议日期"))
    place = models.CharField(_("会议地点"), max_length=120, blank=True)
    members = models.JSONField(_("参加人员"), default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    prepared_by = models.UUIDField()
    prepared_principal = models.UUIDField(null=True)
    minutes_no = models.CharField(_("会议纪要编号"), max_length=100, blank=True)
    opinion = models.TextField(_("审定意见"), blank=True)
    decided_by = models.UUIDField(null=True)
    decided_principal = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sitting_not_decided_by_who_prepared",
                condition=models.Q(decided_by__isnull=True)
                | (
                    ~models.Q(decided_by=models.F("prepared_by"))
                    & (
                        models.Q(decided_principal__isnull=True)
                        | ~models.Q(decided_principal=models.F("prepared_by"))
                    )
                    & (
                        models.Q(prepared_principal__isnull=True)
                        | ~models.Q(decided_by=models.F("prepared_principal"))
                    )
                ),
            ),
            models.CheckConstraint(
                name="sitting_decided_with_its_minutes",
                condition=~models.Q(state="decided")
                | (~models.Q(minutes_no="") & models.Q(decided_by__isnull=False, decided_on__isnull=False)),
            ),
        ]

    class Stream(Record.Stream):
        kind = "closure_sitting"
        sealed: ClassVar = ("title", "opinion")

    def __str__(self) -> str:
        return self.title


class SittingCase(Part):
    """One problem before a sitting. `outcome` is what was marked for it; it takes effect when the sitting decides.

    `open` while the sitting has not ended: a problem is before one sitting at a time.
    """

    sitting = models.ForeignKey(ClosureSitting, on_delete=models.PROTECT, related_name="cases")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="sitting_cases")
    round = models.PositiveSmallIntegerField()
    ordinal = models.PositiveIntegerField()
    outcome = models.CharField(_("审定结果"), max_length=10, choices=Outcome.choices, blank=True)
    failed = ArrayField(models.CharField(max_length=20), verbose_name=_("未通过的关"), default=list)
    reason = models.TextField(_("理由"), blank=True)
    open = models.BooleanField(default=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "problem"], name="problem_once_in_a_sitting"),
            models.UniqueConstraint(
                fields=["problem"], condition=models.Q(open=True), name="one_sitting_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sitting", "ordinal"], name="sitting_order")]

    class Stream(Part.Stream):
        of = "sitting"
        sealed: ClassVar = ("reason",)
