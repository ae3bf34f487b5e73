"""Conduct: what a unit did with its duty, with facts, basis, its own reply and a decision by another person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit


class Conduct(Record):
    """整改行为认定. Opened with facts and basis, answered by the unit within its term, determined by an approval.

    `unit` is the unit whose conduct it is, as it answered on that day. `kind` is what it was opened for, `proposed` what
    was asked to be decided, which may be another kind or none; it holds once the state is *determined* or *cleared*.
    """

    class Kind(models.TextChoices):
        REFUSED = "refused", _("拒不整改")
        INADEQUATE = "inadequate", _("整改不到位")
        PERFUNCTORY = "perfunctory", _("敷衍整改")
        SHAM = "sham", _("虚假整改")

    class State(models.TextChoices):
        OPENED = "opened", _("待申辩")
        ASKED = "asked", _("待批")
        DETERMINED = "determined", _("已认定")
        CLEARED = "cleared", _("不予认定")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="conducts")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    facts = models.TextField(_("事实"))
    basis = models.TextField(_("依据"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPENED)
    opened_by = models.UUIDField()
    opened_on = models.DateField()
    reply_until = models.DateField()
    reply = models.TextField(_("申辩"), blank=True)
    replied_by = models.UUIDField(null=True)
    replied_on = models.DateField(null=True)
    proposed = models.CharField(max_length=12, choices=[*Kind.choices, ("none", _("不予认定"))], blank=True)
    opinion = models.TextField(_("意见"), blank=True)
    determined_on = models.DateField(null=True)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"],
                condition=models.Q(state__in=["opened", "asked"]),
                name="one_conduct_at_a_time",
            ),
            models.CheckConstraint(
                name="conduct_reply_not_by_who_opened",
                condition=models.Q(replied_by__isnull=True) | ~models.Q(replied_by=models.F("opened_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["problem", "round"], name="conduct_of_round")]

    class Stream(Record.Stream):
        kind = "conduct"
        sealed: ClassVar = ("facts", "reply", "opinion")
