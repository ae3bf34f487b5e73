"""The problem: what is to be fixed, with one lifecycle, its findings and everybody involved in it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Part, Record
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models.batches import Batch, Finding
from bihuan.ledger.models.channels import RestrictedChannel
from bihuan.ledger.models.taxonomy import Sector, Source
from bihuan.organizations.models import Body, Person, Post, Unit

NO_DEADLINE = "9999-12-31"


class Readership(models.TextChoices):
    """Who may know: all with sight, or only those directly involved."""

    INTERNAL = "internal", _("内部")
    WORK_SECRET = "work_secret", _("工作秘密")


class Problem(Record):
    """One problem of the ledger. `state` follows `bihuan.ledger.lifecycle`; grade, supervision level, rectification
    kind and the source's determination are other things.

    Amounts are yuan. `external_deadline` is the date promised outside, `internal_deadline` ours before it,
    `first_deadline` the one first set, which stays visible for ever.
    """

    problem_no = models.CharField(_("编号"), max_length=60)
    title = models.CharField(_("问题"), max_length=200)
    text = models.TextField(_("问题描述"))
    state = models.CharField(_("状态"), max_length=20, choices=[(s.value, s.value) for s in State])
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    # Keys without an index of their own have one below that begins with them, or nobody asks for rows by them: each
    # index is written for every row.
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="problems", db_index=False
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="problems")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="problems")
    jurisdiction = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="problems_here", db_index=False
    )
    nature = models.CharField(_("性质"), max_length=40)
    impact = models.CharField(_("影响程度"), max_length=40)
    urgency = models.CharField(_("轻重缓急"), max_length=40)
    grade = models.CharField(_("等级"), max_length=20)
    supervision_level = models.CharField(_("督办级别"), max_length=20, default="regular")
    rectification_kind = models.CharField(_("整改类型"), max_length=20)
    # Who answers. The first responsible person is never stored: it is the principal of the lead unit, by duty.
    lead_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="led_problems", db_index=False
    )
    sector_authority = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    territorial_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sponsor = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="sponsored", db_index=False
    )
    deputy_in_charge = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="handled", db_index=False
    )
    section = models.CharField(_("责任科室"), max_length=80, blank=True)
    # When.
    registered_on = models.DateField(_("登记日期"))
    assigned_on = models.DateField(_("交办日期"), null=True)
    external_deadline = models.DateField(_("外部期限"), default=NO_DEADLINE)
    internal_deadline = models.DateField(_("内部期限"), null=True)
    first_deadline = models.DateField(_("首次期限"), null=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    closed_on = models.DateField(_("销号日期"), null=True)
    # Day-one facts.
    basis = models.TextField(_("定性依据"), blank=True)
    amount = models.DecimalField(_("涉及金额"), max_digits=18, decimal_places=2, null=True)
    concerned_party = models.CharField(_("涉事主体"), max_length=200, blank=True)
    site = models.CharField(_("点位"), max_length=200, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    goal_indicator = models.CharField(_("目标指标"), max_length=120, blank=True)
    goal_baseline = models.CharField(_("基线"), max_length=60, blank=True)
    goal_target = models.CharField(_("目标值"), max_length=60, blank=True)
    goal_now = models.CharField(_("现值"), max_length=60, blank=True)
    goal_source = models.CharField(_("数据来源"), max_length=120, blank=True)
    proposed_handling = models.TextField(_("拟办意见"), blank=True)
    reason_unfinished = models.TextField(_("未完成原因"), blank=True)
    next_step = models.TextField(_("下一步"), blank=True)
    risk_before = models.CharField(_("整改前风险"), max_length=20, blank=True)
    risk_after = models.CharField(_("整改后风险"), max_length=20, blank=True)
    blocks = models.CharField(_("卡住的重点事项"), max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    # Conduct of the case.
    declines = models.PositiveSmallIntegerField(_("交办异议次数"), default=0)
    fixed_by_meeting = models.BooleanField(_("会议或领导指定"), default=False)
    plan_waiting = models.BooleanField(default=False)
    # The round began with the work already under way (a rebound, a result sent back), so its plan is still due.
    plan_owed = models.BooleanField(_("欠整改方案"), default=False)
    returns = models.PositiveSmallIntegerField(_("验收退回次数"), default=0)
    readership = models.CharField(_("知悉范围"), max_length=20, choices=Readership.choices)
    publication = models.CharField(_("公开属性"), max_length=20, default="internal")
    channel = models.ForeignKey(
        RestrictedChannel, on_delete=models.PROTECT, null=True, related_name="problems", db_index=False
    )
    placeholder = models.BooleanField(_("线下问题占位"), default=False)
    fixed_on_entry = models.BooleanField(_("边审边改"), default=False)
    self_reported = models.BooleanField(_("自查上报"), default=False)
    imported_from = models.CharField(_("导入自"), max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_from", db_index=False
    )
    referred_to = models.CharField(_("移送机关"), max_length=120, blank=True)
    ended_document = models.CharField(_("办结依据文号"), max_length=100, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True)
    filing_no = models.CharField(_("备案文号"), max_length=100, blank=True)
    search = SearchVectorField(editable=False)
    # By which equal and nearly equal words are found among a million rows (`bihuan.text.sameness`).
    text_digest = models.BigIntegerField(editable=False)
    signature = ArrayField(models.IntegerField(), editable=False)

    class Meta(Record.Meta):
        # As a constraint: a unique column would have a second index, for patterns, in which nobody looks.
        constraints: ClassVar = [models.UniqueConstraint(fields=["problem_no"], name="problem_no_once")]
        indexes: ClassVar = [
            models.Index(fields=["external_deadline", "id"], name="problem_deadline"),
            models.Index(fields=["-registered_on", "-id"], name="problem_registered"),
            models.Index(fields=["state", "external_deadline", "id"], name="problem_state"),
            models.Index(fields=["lead_unit", "state", "external_deadline", "id"], name="problem_lead"),
            models.Index(fields=["batch", "problem_no"], name="problem_batch"),
            models.Index(fields=["jurisdiction", "state"], name="problem_jurisdiction"),
            models.Index(fields=["closed_on"], name="problem_closed"),
            models.Index(
                fields=["state"], condition=models.Q(readership=Readership.WORK_SECRET), name="problem_secret"
            ),
            GinIndex(fields=["search"], name="problem_search"),
            models.Index(fields=["text_digest"], name="problem_text_digest"),
            GinIndex(fields=["signature"], name="problem_signature"),
            # Few problems have any of these.
            models.Index(
                fields=["sponsor"], condition=models.Q(sponsor__isnull=False), name="problem_sponsor"
            ),
            models.Index(
                fields=["handler"], condition=models.Q(handler__isnull=False), name="problem_handler"
            ),
            models.Index(
                fields=["channel"], condition=models.Q(channel__isnull=False), name="problem_channel"
            ),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="problem_merged_into",
            ),
        ]

    class Stream(Record.Stream):
        kind = "problem"
        derived: ClassVar = {
            "search": "bihuan.ledger.search.vector_of",
            "text_digest": "bihuan.ledger.wording.digest_of_problem",
            "signature": "bihuan.ledger.wording.signature_of_problem",
        }
        made_from: ClassVar = ("problem_no", "title", "text", "concerned_party", "site")
        sealed: ClassVar = (
            "title",
            "text",
            "basis",
            "concerned_party",
            "proposed_handling",
            "reason_unfinished",
            "next_step",
        )

    def __str__(self) -> str:
        return f"{self.problem_no} {self.title}"


class FindingLink(Part):
    """A finding raised this problem; many-to-many, and each finding keeps its own answer.

    `via` is the problem whose merger brought the finding here: taken back, it takes the finding along.
    """

    # `finding_linked_once` begins with the problem and finds by it.
    problem = models.ForeignKey(
        Problem, on_delete=models.PROTECT, related_name="finding_links", db_index=False
    )
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="problem_links")
    via = models.ForeignKey(Problem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "finding"], name="finding_linked_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["via"], condition=models.Q(via__isnull=False), name="finding_link_via")
        ]

    class Stream(Part.Stream):
        of = "problem"


class InvolvementRole(models.TextChoices):
    """In what capacity a unit, body or post has to do with a problem. The doing roles do the work."""

    OFFICE = "rectification_office", _("整改办")
    LEAD = "lead", _("牵头单位")
    SUPPORTING = "supporting", _("配合单位")
    HANDED_DOWN = "handed_down", _("承接单位")
    SECTOR_AUTHORITY = "sector_authority", _("行业主管")
    TERRITORIAL = "territorial", _("属地")
    SOURCE = "source_authority", _("来源机关")
    SPONSOR = "sponsor", _("包抓领导")
    DEPUTY = "deputy_in_charge", _("分管负责人")
    HANDLER = "handler", _("经办人")
    ACCEPTOR = "acceptor", _("验收单位")
    LOOKBACK = "lookback", _("回头看单位")
    TASK_FORCE = "task_force", _("专班")
    APPROVER = "approver", _("审批人")
    FORMER = "former", _("曾承办")


DOING_ROLES = (InvolvementRole.LEAD, InvolvementRole.SUPPORTING, InvolvementRole.HANDED_DOWN)


PARTY: Final = Coalesce("unit_id", "body_id", "post_id")
"""Who is involved, whatever it is: one of the three is always set."""


class Involvement(Part):
    """Somebody has to do with a problem, in a role, for a time. Together with the unit tree this decides sight."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="involvements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="involvements")
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="involvements", db_index=False
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, related_name="involvements", db_index=False
    )
    role = models.CharField(max_length=24, choices=InvolvementRole.choices)
    share = models.PositiveSmallIntegerField(_("责任份额"), null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="involves_exactly_one",
                condition=(
                    models.Q(unit__isnull=False, body__isnull=True, post__isnull=True)
                    | models.Q(unit__isnull=True, body__isnull=False, post__isnull=True)
                    | models.Q(unit__isnull=True, body__isnull=True, post__isnull=False)
                ),
            )
        ]
        indexes: ClassVar = [
            # Ended ones stand in it too: whoever asks for sight asks by the day, which no partial index answers.
            models.Index(PARTY, "problem", name="involvement_party"),
            # Nearly all involve a unit.
            models.Index(fields=["body"], condition=models.Q(body__isnull=False), name="involvement_body"),
            models.Index(fields=["post"], condition=models.Q(post__isnull=False), name="involvement_post"),
        ]

    class Stream(Part.Stream):
        of = "problem"


class SavedView(Record):
    """A slice of the ledger somebody comes back to."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    position = models.PositiveIntegerField(default=0)

    class Stream(Record.Stream):
        kind = "saved_view"


class NumberSeries(models.Model):
    """The last number given out in a series; its row lock is why two problems never get one number."""

    series = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveIntegerField()
