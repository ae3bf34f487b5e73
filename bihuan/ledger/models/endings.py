"""Endings other than closure: asked for by one person, decided by another, with the source's document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.journal.records import Record
from bihuan.ledger.models.problems import Problem


class Ending(Record):
    """并案, 移送, 不属实 or 终止办理, as applied for."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        APPLIED = "applied", _("已执行")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="endings")
    verb = models.CharField(max_length=40)
    reason = models.TextField(_("理由"))
    into = models.ForeignKey(Problem, on_delete=models.PROTECT, null=True, related_name="+")
    receiving_body = models.CharField(_("接收机关"), max_length=120, blank=True)
    document_no = models.CharField(_("来源机关文号"), max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    class Stream(Record.Stream):
        kind = "ending"
        sealed: ClassVar = ("reason",)
