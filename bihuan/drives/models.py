"""Self-inspection drives: a call to many units, and what each of them answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Batch
from bihuan.organizations.models import Unit


class BasisKind(models.TextChoices):
    """What a drive is called under."""

    CENTRAL_INSTRUCTION = "central_instruction", _("重要指示批示")
    MAJOR_DECISION = "major_decision", _("重大决策部署")
    OTHER = "other", _("其他部署要求")


class Called(Record):
    """What every call says, whether it is made once or again and again."""

    requirement = models.TextField(_("自查要求"))
    sectors = models.JSONField(_("自查领域"), default=list)
    sources = models.JSONField(_("须逐一对照的来源"), default=list)
    basis_kind = models.CharField(
        _("依据"), max_length=20, choices=BasisKind.choices, default=BasisKind.OTHER
    )
    basis = models.CharField(_("所依据的部署"), max_length=200, blank=True)
    basis_no = models.CharField(_("部署文号"), max_length=100, blank=True)
    # Older rows are told by the columns' defaults; what a new call gets, its office's policy says (`terms`).
    remind_before = models.PositiveSmallIntegerField(_("到期前几天提醒"), default=3)
    remind_every = models.PositiveSmallIntegerField(_("逾期后每几天催报"), default=3)

    class Meta(Record.Meta):
        abstract = True


class Every(models.TextChoices):
    """How often a plan calls."""

    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")
    HALF_YEAR = "half_year", _("每半年")
    YEAR = "year", _("每年")


class DrivePlan(Called):
    """定期自查: the same call again every period, counted from the first day; put in force by a second person.

    `next_on` is the day of the next call, worked out when it changes; there is none while the plan does not run.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待启用")
        RUNNING = "running", _("执行中")
        SUSPENDED = "suspended", _("已暂停")
        ENDED = "ended", _("已终止")

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="drive_plans")
    office = models.CharField(max_length=120)
    title = models.CharField(_("名称"), max_length=160)
    code = models.CharField(_("代码"), max_length=40, unique=True)
    every = models.CharField(_("多久一次"), max_length=10, choices=Every.choices)
    starts_on = models.DateField(_("首次发出日期"))
    days_to_answer = models.PositiveSmallIntegerField(_("几天内报送"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    next_on = models.DateField(_("下次发出日期"), null=True)
    last_on = models.DateField(_("上次发出日期"), null=True)
    reason = models.CharField(_("暂停或终止的理由"), max_length=200, blank=True)
    prepared_by = models.UUIDField()
    started_by = models.UUIDField(null=True)

    class Meta(Called.Meta):
        abstract = False
        indexes: ClassVar = [
            models.Index(
                fields=["next_on"], condition=models.Q(next_on__isnull=False), name="drive_plan_next"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="who_prepared_a_drive_plan_did_not_start_it",
                condition=models.Q(started_by=None) | ~models.Q(started_by=models.F("prepared_by")),
            )
        ]

    class Stream(Record.Stream):
        kind = "drive_plan"
        sealed: ClassVar = ("title", "requirement", "reason")

    def __str__(self) -> str:
        return self.title


class PlannedUnit(Part):
    """A unit a plan calls every time."""

    plan = models.ForeignKey(DrivePlan, on_delete=models.PROTECT, related_name="planned_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="planned_drives")

    class Meta(Part.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "unit"], name="unit_planned_once")]

    class Stream(Part.Stream):
        of = "plan"


class Drive(Called):
    """自查: a batch as a call, "report your problems in these sectors by that date"; issued by a second person.

    Where `sources` are named, each sector has to be accounted for source by source.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待下发")
        ISSUED = "issued", _("自查中")
        CONCLUDED = "concluded", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤回")
        RECALLED = "recalled", _("下发后撤回")

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="drive")
    since = models.DateField(_("自查期间起"))
    due_on = models.DateField(_("报送期限"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    prepared_by = models.UUIDField()
    issued_by = models.UUIDField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(_("撤回的理由"), max_length=200, blank=True)
    plan = models.ForeignKey(DrivePlan, on_delete=models.PROTECT, null=True, related_name="drives")
    period_on = models.DateField(null=True)

    class Meta(Called.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "period_on"], name="period_called_once"),
            models.CheckConstraint(
                name="who_prepared_a_drive_did_not_issue_it",
                condition=models.Q(issued_by=None) | ~models.Q(issued_by=models.F("prepared_by")),
            ),
            models.CheckConstraint(
                name="who_prepared_a_drive_did_not_recall_it",
                condition=~models.Q(state="recalled") | ~models.Q(withdrawn_by=models.F("prepared_by")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "drive"
        sealed: ClassVar = ("requirement", "reason")

    def __str__(self) -> str:
        return str(self.batch)


class DriveLine(Record):
    """One called unit. A nil return keeps who prepared it, who signed it, and in what words.

    `next_reminder` is the day on which a unit that owes its answer is reminded next; nobody else has one.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("未签收")
        ACKNOWLEDGED = "acknowledged", _("已签收")
        ANSWERED = "answered", _("已报问题")
        NIL_PREPARED = "nil_prepared", _("零报告待签署")
        NIL = "nil", _("零报告")
        EXCUSED = "excused", _("免于自查")

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="lines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="drive_lines")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    documents = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True)
    next_reminder = models.DateField(null=True)
    statement = models.TextField(_("零报告声明"), blank=True)
    nil_prepared_by = models.UUIDField(null=True)
    nil_signed_by = models.UUIDField(null=True)
    nil_signed_for = models.UUIDField(null=True)
    reason = models.CharField(_("免于自查的理由"), max_length=200, blank=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["next_reminder"],
                condition=models.Q(next_reminder__isnull=False),
                name="drive_line_reminder",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drive", "unit"], name="unit_called_once"),
            models.CheckConstraint(
                name="who_prepared_a_nil_return_did_not_sign_it",
                condition=models.Q(nil_signed_by=None) | ~models.Q(nil_signed_by=models.F("nil_prepared_by")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "drive_line"
        sealed: ClassVar = ("statement", "reason")

    def __str__(self) -> str:
        return self.unit.name


class CoverageNote(Part):
    """Why a sector of a unit is blank though it answered; without a source, for all of them."""

    line = models.ForeignKey(DriveLine, on_delete=models.PROTECT, related_name="notes")
    sector = models.CharField(max_length=80)
    source = models.CharField(max_length=80, blank=True)
    reason = models.CharField(_("空白的原因"), max_length=200)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "sector", "source"], name="blank_explained_once")
        ]

    class Stream(Part.Stream):
        of = "line"
        sealed: ClassVar = ("reason",)
