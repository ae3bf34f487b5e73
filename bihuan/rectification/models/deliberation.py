"""The unit's own meeting about a plan or a closure, and its principal's approval, with the paper that shows both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem


class Deliberation(Record):
    """会议研究: which body met when, by which document, and when the principal approved. Counts for one round.

    The principal is not chosen: it is whose duty the lead unit's rectification was on the day of the approval.
    """

    class About(models.TextChoices):
        PLAN = "plan", _("方案")
        CLOSURE = "closure", _("销号")

    class Body(models.TextChoices):
        PARTY_GROUP = "party_group", _("党组会")
        PARTY_COMMITTEE = "party_committee", _("党委会")
        STANDING_COMMITTEE = "standing_committee", _("常委会")
        EXECUTIVE = "executive", _("办公会")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="deliberations")
    round = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=8, choices=About.choices)
    body = models.CharField(_("会议"), max_length=20, choices=Body.choices)
    held_on = models.DateField(_("会议日期"))
    document_no = models.CharField(_("会议纪要或文号"), max_length=100)
    principal = models.UUIDField()
    principal_name = models.CharField(_("主要负责人"), max_length=60)
    approved_on = models.DateField(_("主要负责人批准日期"))
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.UUIDField()

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["principal"], name="deliberation_principal")]

    class Stream(Record.Stream):
        kind = "deliberation"
