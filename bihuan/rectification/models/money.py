"""Money put right: dated facts with their documents. Nothing is edited; what was wrong is corrected by a new entry."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Part
from bihuan.ledger.models import Problem
from bihuan.text.starting_taxonomy import MONEY_WAYS

TAKEN_OFF: Final = "taken_off"
"""核减: found not to be in question. The program's own, and in no office's list of ways (`RESERVED_CODES`)."""
OTHER: Final = "other"
"""A way that takes a note."""
_STARTING_WORDS: Final = {way.code: (way.zh, way.en) for way in MONEY_WAYS}


class MoneyEntry(Part):
    """资金整改登记: so many yuan of a problem's amount, on a day, by a document.

    `corrects` names the entry this one puts right: it holds the difference, which may be negative. A reduction (核减)
    counts only once a second person granted it. `explanation` says why more was put right than was in question.
    `way` is a code of the office's list of ways; the words stand beside it as they were when the entry was made. Entries
    older than the office's list have none: they were made with the starting words.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("已登记")
        ASKED = "asked", _("核减待批")
        REFUSED = "refused", _("核减未批")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="money_entries")
    way = models.CharField(_("方式"), max_length=80)
    way_zh = models.CharField(max_length=80, blank=True, default="")
    way_en = models.CharField(max_length=80, blank=True, default="")
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
        return f"{self.on.isoformat()} {self.way_words} {self.yuan:,.2f}"

    @property
    def way_words(self) -> str:
        """The way by the word the entry was made with, in the reader's language."""
        if self.way == TAKEN_OFF:
            return gettext("核减")
        zh, en = (self.way_zh, self.way_en) if self.way_zh else _STARTING_WORDS.get(self.way, (self.way,) * 2)
        return en if (get_language() or "").startswith("en") else zh
