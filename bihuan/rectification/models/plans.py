"""Plans and their measures, and the applications that change what was promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Post, Unit


class Plan(Record):
    """整改方案: an approved undertaking for one round. An amendment is a new version that replaces the old.

    `DIVIDED` is no plan anybody approved: where policy asks for none, it says who below does which part.

    Here and in the other records of this room a field ``…_principal`` names the person for whom a stand-in acted.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")
        DIVIDED = "divided", _("任务分解，按规定不需审批")
        RETURNED = "returned", _("已退回")
        REPLACED = "replaced", _("已调整")
        WITHDRAWN = "withdrawn", _("已撤回")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="plans")
    round = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    goal = models.TextField(_("整改目标"))
    reason = models.TextField(_("调整理由"), blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    five_assurances = models.JSONField(_("五落实"), default=dict)
    similar_cases = models.TextField(_("举一反三范围"), blank=True, default="")
    # The plan of another, closed problem whose structure this one began with; none of its facts were taken.
    taken_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    planned_by = models.UUIDField()
    planned_principal = models.UUIDField(null=True)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "round", "version"], name="plan_version_once")
        ]

    class Stream(Record.Stream):
        kind = "plan"
        sealed: ClassVar = ("goal", "reason", "similar_cases")


class Measure(Record):
    """What is to be done, by whom, by when, and what will be handed over. A tree: a measure can be handed down.

    `milestones`: a list of ``[day, percent]``, where the work should be by then. A task its unit gave back stays as a
    row, with its reason, and counts for nothing any more.
    """

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        DONE = "done", _("已完成")
        RETURNED = "returned", _("已退回上级")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    # The measure of the plan before, of which this one is the amended form: its progress goes on.
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    handed_down_by = models.UUIDField(null=True)
    number = models.CharField(max_length=20)
    text = models.TextField(_("措施"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="measures")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="measures")
    deadline = models.DateField(_("期限"))
    deliverable = models.CharField(_("成果形式"), max_length=200)
    progress = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    implemented_by = models.JSONField(default=list)
    milestones = models.JSONField(_("时间节点"), default=list)
    returned_because = models.TextField(_("退回理由"), blank=True, default="")
    returned_on = models.DateField(null=True)
    # The day it became somebody's task; its schedule counts from there. An amended form goes on with the day it was.
    begun_on = models.DateField(null=True)

    class Meta(Record.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="measure_number_once")
        ]

    class Stream(Record.Stream):
        kind = "measure"
        sealed: ClassVar = ("text", "returned_because")


class Application(Record):
    """Something asked for before expiry and granted or refused by approval."""

    class State(models.TextChoices):
        ASKED = "asked", _("已申请")
        GRANTED = "granted", _("已批准")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="%(class)ss_asked")
    round = models.PositiveSmallIntegerField()
    reason = models.TextField(_("理由"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField()
    asked_principal = models.UUIDField(null=True)
    asked_on = models.DateField()
    decided_on = models.DateField(null=True)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        abstract = True


class Extension(Application):
    """延期: an approved later date. The earlier dates stay."""

    old_deadline = models.DateField()
    new_deadline = models.DateField()
    new_plan = models.TextField(_("新的安排"), blank=True)

    class Stream(Record.Stream):
        kind = "extension"
        sealed: ClassVar = ("reason", "new_plan")


class Suspension(Application):
    """中止: an approved stop of the clock, with the date it is to end."""

    resume_by = models.DateField(_("恢复日期"))
    resumed_on = models.DateField(null=True)

    class Stream(Record.Stream):
        kind = "suspension"
        sealed: ClassVar = ("reason",)
