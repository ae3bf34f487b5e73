"""Money put right: dated facts with their documents. Nothing is edited; what was wrong is corrected by a new entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part
from bihuan.ledger.models import Problem


class MoneyWay(models.TextChoices):
    """How money was put right; the last one, how it is found not to be in question."""

    TURNED_IN = "turned_in", _("上缴财政")
    RETURNED = "returned", _("归还原渠道")
    POOLED = "pooled", _("统筹使用")
    ADJUSTED = "adjusted", _("调账处理")
    RECLAIMED = "reclaimed", _("追缴收回")
    OTHER = "other", _("其他方式")
    TAKEN_OFF = "taken_off", _("核减")


PUTS_RIGHT = tuple(way for way in MoneyWay if way is not MoneyWay.TAKEN_OFF)


class MoneyEntry(Part):
    """资金整改登记: so many yuan of a problem's amount, on a day, by a document.

    `corrects` names the entry this one puts right: it holds the difference, which may be negative. A reduction (核减)
    counts only once a second person granted it. `explanation` says why more was put right than was in question.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("已登记")
        ASKED = "asked", _("核减待批")
        REFUSED = "refused", _("核减未批")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="money_entries")
    way = models.CharField(_("方式"), max_length=12, choices=MoneyWay.choices)
    yuan = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)
    on = models.DateField(_("日期"))
    document_no = models.CharField(_("凭据"), max_length=120)
    note = models.TextField(_("说明"), blank=True)
    explanation = models.TextField(_("多于涉及金额的原因"), blank=True)
    file = models.ForeignKey(FileReference, on_delete=models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COUNTED)
    entered_by = models.UUIDField()
    decided_by = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    opinion = models.TextField(_("意见"), blank=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="money_entry_is_something", condition=~models.Q(yuan=0)),
            models.CheckConstraint(
                name="only_a_correction_is_negative",
                condition=models.Q(yuan__gt=0) | models.Q(corrects__isnull=False),
            ),
            models.CheckConstraint(
                name="reduction_decided_by_another",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("entered_by")),
            ),
            models.CheckConstraint(
                name="reduction_counts_when_decided",
                condition=~models.Q(way="taken_off", state="counted")
                | models.Q(decided_by__isnull=False)
                | models.Q(corrects__isnull=False),
            ),
        ]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("note", "explanation", "opinion")

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.get_way_display()} {self.yuan:,.2f}"
