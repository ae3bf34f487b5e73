"""The assignment order: one approved document for many problems, issued once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Batch, Problem
from bihuan.organizations.models import Post, Unit


class AssignmentOrder(Record):
    """交办单. Its number and issue come from the document office and are entered back."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草拟")
        PENDING = "pending", _("送审")
        APPROVED = "approved", _("已批准")
        ISSUED = "issued", _("已下达")
        WITHDRAWN = "withdrawn", _("已撤回")

    title = models.CharField(_("标题"), max_length=200)
    order_no = models.CharField(_("交办单号"), max_length=60, unique=True)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="orders")
    requirement = models.TextField(_("交办要求"), blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.UUIDField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    document_no = models.CharField(_("文号"), max_length=100, blank=True)
    issued_on = models.DateField(null=True)

    class Stream(Record.Stream):
        kind = "assignment_order"
        sealed: ClassVar = ("title", "requirement")


class OrderItem(Part):
    """One row of the order's table: problem, task, measures, lead, supporting units, deputy in charge, dates, requirement.

    `supporting_units`: a list of ``{"unit": id, "share": percent or null}``. `task` and `measure` may be left open; each
    line of them is a frame for the unit's plan, which may add to it and drop nothing.
    """

    order = models.ForeignKey(AssignmentOrder, on_delete=models.PROTECT, related_name="items")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="order_items")
    task = models.TextField(_("任务"), blank=True, default="")
    measure = models.TextField(_("措施"), blank=True, default="")
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    supporting_units = models.JSONField(default=list)
    deputy_in_charge = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    external_deadline = models.DateField()
    internal_deadline = models.DateField()
    requirement = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "problem"], name="problem_once_in_an_order")
        ]

    class Stream(Part.Stream):
        of = "order"
        sealed: ClassVar = ("task", "measure", "requirement")


class Decline(Part):
    """交办异议: a unit says within its limit that a problem is not theirs, why, and whose it is."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="decline_records")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    proposed_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("理由"))
    declined_by = models.UUIDField(null=True)
    declined_on = models.DateField()

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("reason",)


class Pressing(Part):
    """催签: on a day the office pressed a unit that had not acknowledged. Once a day, however often it is asked for."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="pressings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    pressed_by = models.UUIDField()
    pressed_on = models.DateField()

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["problem", "pressed_on"], name="pressed_once_a_day")
        ]

    class Stream(Part.Stream):
        of = "problem"
