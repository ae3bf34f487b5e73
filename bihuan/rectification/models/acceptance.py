"""Independent proof, public notice and closure."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.files.models import FileReference
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.organizations.ltree import LtreeField
from bihuan.organizations.models import Unit


class Acceptance(Record):
    """验收: asked for by the lead unit after its own check, decided by somebody outside every doing unit.

    The paths are those of the day of the decision. The constraint knows the lead; a deferred trigger compares persons
    (see the migration): acceptor is nobody who planned, implemented, proved, approved or recorded.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("待验收")
        ACCEPTED = "accepted", _("通过")
        RETURNED = "returned", _("退回")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    self_check = models.TextField(_("自验结论"))
    # Null where the source recorded the problem as already fixed: it awaits acceptance without an application.
    applied_by = models.UUIDField(null=True)
    applied_principal = models.UUIDField(null=True)
    applied_on = models.DateField()
    acceptor = models.UUIDField(null=True)
    acceptor_principal = models.UUIDField(null=True)
    acceptor_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    acceptor_path = LtreeField(null=True)
    lead_path = LtreeField(null=True)
    doing_paths = ArrayField(models.TextField(), default=list)
    recorded_by = models.UUIDField(null=True)
    on_site = models.BooleanField(_("现场核查"), default=False)
    gates = models.JSONField(_("五关"), default=dict)
    opinion = models.TextField(_("验收意见"), blank=True)
    what_is_missing = models.TextField(_("缺什么"), blank=True)
    decided_on = models.DateField(null=True)
    authority = models.CharField(_("外部认定机关"), max_length=120, blank=True)
    document_no = models.CharField(_("认定文号"), max_length=100, blank=True)
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="acceptor_outside_lead",
                condition=models.Q(acceptor_path__isnull=True)
                | ~models.Q(acceptor_path__under=models.F("lead_path")),
            ),
            models.CheckConstraint(
                name="decided_acceptance_names_its_acceptor",
                condition=models.Q(state="applied")
                | models.Q(acceptor__isnull=False, acceptor_path__isnull=False, lead_path__isnull=False)
                | models.Q(state="returned", acceptor__isnull=False, acceptor_path__isnull=False)
                | (~models.Q(authority="") & ~models.Q(document_no="")),
            ),
        ]

    class Stream(Record.Stream):
        kind = "acceptance"
        sealed: ClassVar = ("self_check", "opinion", "what_is_missing")


class PublicNotice(Record):
    """公示: the result is shown for its period, and objections are heard."""

    class State(models.TextChoices):
        RUNNING = "running", _("公示中")
        ENDED = "ended", _("期满")
        OBJECTED = "objected", _("异议成立")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="notices")
    round = models.PositiveSmallIntegerField()
    text = models.TextField(_("公示内容"))
    place = models.CharField(_("公示渠道"), max_length=200)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    ended_on = models.DateField(null=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="notice_until")]

    class Stream(Record.Stream):
        kind = "public_notice"
        sealed: ClassVar = ("text",)


class Objection(Part):
    """An objection heard during the notice; the person's identity is sealed under their own key."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    received_on = models.DateField()
    text = models.TextField()
    who = models.UUIDField(null=True)
    upheld = models.BooleanField(null=True)
    finding = models.TextField(blank=True)

    class Stream(Part.Stream):
        of = "notice"
        sealed: ClassVar = ("text", "finding")


class ClosureReview(Record):
    """销号审定: the competent body decides, by minutes or document; then the superior is told for the record.

    `sitting`: where many were decided together. `failed`: the gates at which a return found it wanting.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待审定")
        APPROVED = "approved", _("同意销号")
        RETURNED = "returned", _("退回整改")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="closure_reviews")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    minutes_no = models.CharField(_("纪要或文号"), max_length=100, blank=True)
    authority = models.CharField(_("外部审定机关"), max_length=120, blank=True)
    decided_by = models.UUIDField(null=True)
    recorded_by = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    opinion = models.TextField(_("审定意见"), blank=True)
    standing = models.BooleanField(_("转常态"), default=False)
    failed = ArrayField(models.CharField(max_length=20), verbose_name=_("未通过的关"), default=list)
    sitting = models.ForeignKey(
        "rectification.ClosureSitting", on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Stream(Record.Stream):
        kind = "closure_review"
        sealed: ClassVar = ("opinion",)


class StandingCheck(Record):
    """常态核查: a dated look at what was turned into standing duty."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="standing_checks")
    round = models.PositiveSmallIntegerField()
    on = models.DateField(_("核查日期"))
    opinion = models.TextField(_("核查情况"))
    checked_by = models.UUIDField()
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")

    class Stream(Record.Stream):
        kind = "standing_check"
        sealed: ClassVar = ("opinion",)
