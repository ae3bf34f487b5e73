"""Looking back: an ended problem is checked again, by somebody else, on a date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import FileReference
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit


class Lookback(Record):
    """回头看: scheduled when a problem ends; it held, or it rebounded and reopens as the next round.

    Dropped where the problem left its ending in another way (an objection upheld after closure). `accepted_by` and
    `accepted_unit` are those of the day of the look-back, beside who looked: they must differ, here and in the table.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("待核查")
        HELD = "held", _("成效保持")
        REBOUNDED = "rebounded", _("反弹")
        DROPPED = "dropped", _("不再核查")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="lookbacks")
    round = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("应于"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.SCHEDULED)
    inspector = models.UUIDField(null=True)
    inspector_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    inspector_principal = models.UUIDField(null=True)
    accepted_by = models.UUIDField(null=True)
    accepted_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    on = models.DateField(_("核查日期"), null=True)
    covert = models.BooleanField(_("暗访"), default=False)
    opinion = models.TextField(_("核查情况"), blank=True)
    file = models.ForeignKey(
        FileReference, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=models.Q(state="scheduled"), name="one_lookback_waits"
            ),
            models.CheckConstraint(
                name="who_looks_back_did_not_accept",
                condition=models.Q(accepted_by=None)
                | models.Q(inspector=None)
                | ~models.Q(inspector=models.F("accepted_by")),
            ),
            models.CheckConstraint(
                name="unit_looking_back_did_not_accept",
                condition=models.Q(accepted_unit=None)
                | models.Q(inspector_unit=None)
                | ~models.Q(inspector_unit=models.F("accepted_unit")),
            ),
            models.CheckConstraint(
                name="done_lookback_names_its_inspector",
                condition=models.Q(state__in=["scheduled", "dropped"])
                | models.Q(inspector__isnull=False, inspector_unit__isnull=False, on__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on", "id"], name="lookback_due")]

    class Stream(Record.Stream):
        kind = "lookback"
        sealed: ClassVar = ("opinion",)
