"""Monthly reviews: a call to every unit with problems under way, its sheet, and what is asked of others in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from datetime import date


class MonthlyReview(Record):
    """月调度: one call; prepared by one person, issued by another.

    `sources`, `sectors` and `grades` are codes; none means all. `next_on` is the day the next call of the series is made,
    none where it does not repeat. The numbers of the policy are kept, so that a call ends by the rules it began under.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待下发")
        ISSUED = "issued", _("调度中")
        CONCLUDED = "concluded", _("已办结")
        WITHDRAWN = "withdrawn", _("已撤回")
        RECALLED = "recalled", _("下发后撤回")

    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="monthly_reviews")
    office = models.CharField(max_length=120)
    title = models.CharField(_("名称"), max_length=160)
    requirement = models.TextField(_("要求"), blank=True)
    sources = models.JSONField(_("来源"), default=list)
    sectors = models.JSONField(_("领域"), default=list)
    grades = models.JSONField(_("等级"), default=list)
    due_on = models.DateField(_("报送期限"))
    repeats = models.BooleanField(_("以后每期自动发出"), default=False)
    next_on = models.DateField(_("下次发出日期"), null=True)
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    issued_on = models.DateField(_("发出日期"), null=True)
    concluded_on = models.DateField(_("办结日期"), null=True)
    reason = models.CharField(_("撤回的理由"), max_length=200, blank=True)
    remind_before = models.PositiveSmallIntegerField()
    remind_every = models.PositiveSmallIntegerField()
    unchanged_times = models.PositiveSmallIntegerField()
    head_passes = models.BooleanField()
    # How many working days each level below answers before the one above it; 0: it is not asked.
    below_days_before = models.PositiveSmallIntegerField(default=0)
    prepared_by = models.UUIDField()
    issued_by = models.UUIDField(null=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["next_on"], condition=models.Q(next_on__isnull=False), name="monthly_review_next"
            ),
            models.Index(fields=["jurisdiction", "-issued_on"], name="monthly_review_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="who_prepared_a_review_did_not_issue_it",
                condition=models.Q(issued_by=None) | ~models.Q(issued_by=models.F("prepared_by")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "monthly_review"
        sealed: ClassVar = ("title", "requirement", "reason")

    def __str__(self) -> str:
        return self.title


class ReviewSheet(Record):
    """One unit that is asked. `entries` is an answer that waits for the head's word, as it was handed in.

    Asked by the office, or, with `above`, only by units that handed tasks to it, of which that is the first. `due_on` is
    the earliest day of a row nobody answered yet.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("未报")
        PART = "part", _("部分已报")
        PREPARED = "prepared", _("待负责人审定")
        ANSWERED = "answered", _("已报")
        # It carries nothing itself: it sees to those to whom it handed everything on.
        THROUGH = "through", _("由下级报送")
        LEFT = "left", _("不用再报")

    review = models.ForeignKey(MonthlyReview, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="review_sheets")
    above = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="review_sheets_below")
    due_on = models.DateField(_("报送期限"), null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    entries = models.JSONField(default=dict)
    prepared_by = models.UUIDField(null=True)
    prepared_for = models.UUIDField(null=True)
    passed_by = models.UUIDField(null=True)
    passed_for = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    returned_why = models.CharField(_("退回的理由"), max_length=200, blank=True)
    next_reminder = models.DateField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["next_reminder"],
                condition=models.Q(next_reminder__isnull=False),
                name="review_sheet_reminder",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "unit"], name="unit_reviewed_once"),
            models.CheckConstraint(
                name="who_prepared_a_sheet_did_not_pass_it",
                condition=models.Q(passed_by=None) | ~models.Q(passed_by=models.F("prepared_by")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "review_sheet"
        sealed: ClassVar = ("entries", "returned_why")

    def __str__(self) -> str:
        return f"{self.review} · {self.unit.name}"

    @property
    def day(self) -> date:
        """By when it is to be answered."""
        found: date = self.due_on or self.review.due_on
        return found


class ReviewRow(Part):
    """One problem on a sheet. `light` is the one it had when the call went out, `light_after` when the call ended.

    `unchanged_times` counts the calls in a row, this one included, in which nothing was changed. The lead's row is asked for
    by the office: its `depth` is 0. Any other is asked for by the units it stands `under` (their ids, the nearest first).
    """

    class State(models.TextChoices):
        OPEN = "open", _("未报")
        CHANGED = "changed", _("已更新")
        UNCHANGED = "unchanged", _("无变化")
        LEFT = "left", _("已不在办")
        THROUGH = "through", _("由下级报送")

    sheet = models.ForeignKey(ReviewSheet, on_delete=models.PROTECT, related_name="rows")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="review_rows")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    light = models.CharField(max_length=8)
    light_after = models.CharField(max_length=8, blank=True)
    unchanged_times = models.PositiveSmallIntegerField(default=0)
    depth = models.PositiveSmallIntegerField(default=0)
    under = models.JSONField(default=list)
    due_on = models.DateField(null=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "problem"], name="problem_once_on_a_sheet"),
            models.CheckConstraint(
                name="row_below_stands_under_somebody",
                condition=models.Q(depth=0, under=[]) | models.Q(depth__gt=0) & ~models.Q(under=[]),
            ),
        ]

    class Stream(Part.Stream):
        of = "sheet"


class CoordinationRequest(Record):
    """提请协调: what a unit cannot remove itself. Without `asked_unit` it is asked of the rectification office.

    It ends only when the asking unit has seen the answer and says that it will do; else it is asked again.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待答复")
        ACCEPTED = "accepted", _("整改办协调中")
        PASSED_UP = "passed_up", _("提请领导小组")
        ANSWERED = "answered", _("已答复")
        REFUSED = "refused", _("不予协调")
        SETTLED = "settled", _("已解决")
        WITHDRAWN = "withdrawn", _("已撤回")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="coordination_requests")
    sheet = models.ForeignKey(
        ReviewSheet, on_delete=models.PROTECT, null=True, related_name="coordination_requests"
    )
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asking_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="requests_made")
    asked_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="requests_received"
    )
    matter = models.TextField(_("提请协调的事项"))
    due_on = models.DateField(_("希望何时答复"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    times_asked = models.PositiveSmallIntegerField(_("第几次提请"), default=1)
    asked_by = models.UUIDField()
    asked_on = models.DateField(_("提请日期"))
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.UUIDField(null=True)
    answered_on = models.DateField(_("答复日期"), null=True)
    basis_no = models.CharField(_("会议纪要或文号"), max_length=100, blank=True)
    seen_by = models.UUIDField(null=True)
    settled_on = models.DateField(_("解决日期"), null=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["jurisdiction", "state", "due_on"], name="coordination_place"),
            models.Index(fields=["asked_unit", "state"], name="coordination_asked"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="settled_request_was_answered_and_seen",
                condition=~models.Q(state="settled")
                | models.Q(answered_on__isnull=False, seen_by__isnull=False, settled_on__isnull=False),
            ),
        ]

    class Stream(Record.Stream):
        kind = "coordination_request"
        sealed: ClassVar = ("matter", "answer")

    def __str__(self) -> str:
        return self.matter if len(self.matter) <= SHORT else f"{self.matter[:SHORT]}…"


SHORT = 40
