"""The ladder's rows: each rung proposed or reminder sent, who took it up, and the way down again."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.deadlines.models.clocks import Clock
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit
from bihuan.policies.models import Policy


class RungName(models.TextChoices):
    REMINDER = "reminder", _("提醒")
    SUPERVISION_LETTER = "supervision_letter", _("督办函")
    CIRCULAR = "circular", _("通报")
    ADMONITORY_TALK = "admonitory_talk", _("约谈")
    PUBLIC_LISTING = "public_listing", _("挂牌督办")
    ACCOUNTABILITY = "accountability", _("问责建议")


REMINDS: Final = models.Q(rung=RungName.REMINDER)


class Asked(models.TextChoices):
    """How an application to a second person stands."""

    ASKED = "asked", _("待批")
    GRANTED = "granted", _("已批准")
    RETURNED = "returned", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class LadderRequest(Record):
    """督办提请: one decision asked for one rung of one case or of many; its steps name the cases."""

    State = Asked

    rung = models.CharField(max_length=20, choices=RungName.choices)
    jurisdiction = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("理由"))
    state = models.CharField(max_length=10, choices=Asked.choices, default=Asked.ASKED)
    asked_by = models.UUIDField()
    asked_on = models.DateField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        pass

    class Stream(Record.Stream):
        kind = "ladder_request"
        sealed: ClassVar = ("reason",)


class LadderStep(Record):
    """A rung proposed by the program for one clock, or a reminder it sent. It stands on `facts`, for the day `due`.

    `number` tells the steps of the reminders apart and is 0 above them. The database itself refuses a rung twice for a
    clock, and a reminder twice for a deadline, however often and in how many processes the sweep runs.
    """

    class State(models.TextChoices):
        SENT = "sent", _("已发出")
        PROPOSED = "proposed", _("待提请")
        ASKED = "asked", _("待批")
        TAKEN = "taken", _("已实施")
        DISMISSED = "dismissed", _("不予督办")
        LAPSED = "lapsed", _("已失效")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="ladder_steps")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="ladder_steps")
    rung = models.CharField(max_length=20, choices=RungName.choices)
    number = models.SmallIntegerField(default=0)
    due = models.DateField()
    trigger = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices)
    proposed_on = models.DateField()
    settled_on = models.DateField(null=True)
    why = models.TextField(_("理由"), blank=True)
    request = models.ForeignKey(LadderRequest, on_delete=models.PROTECT, null=True, related_name="steps")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clock", "rung"], condition=~REMINDS, name="rung_once_for_a_clock"
            ),
            models.UniqueConstraint(
                fields=["clock", "due", "number"], condition=REMINDS, name="reminder_once_for_a_deadline"
            ),
            models.CheckConstraint(
                name="rung_settled_with_a_day",
                condition=models.Q(state__in=["proposed", "asked"], settled_on__isnull=True)
                | models.Q(state__in=["sent", "taken", "dismissed", "lapsed"], settled_on__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["proposed_on", "id"],
                name="ladder_step_waits",
                condition=models.Q(state="proposed"),
            )
        ]

    class Stream(Record.Stream):
        kind = "ladder_step"
        sealed: ClassVar = ("why",)


class Delisting(Record):
    """摘牌、降低督办级别: asked for one problem, with what has changed; the level falls only by the approval."""

    State = Asked

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="delistings")
    level_before = models.CharField(max_length=20)
    level_after = models.CharField(max_length=20)
    reason = models.TextField(_("理由"))
    state = models.CharField(max_length=10, choices=Asked.choices, default=Asked.ASKED)
    asked_by = models.UUIDField()
    asked_on = models.DateField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem"], condition=models.Q(state="asked"), name="one_delisting_at_a_time"
            )
        ]

    class Stream(Record.Stream):
        kind = "delisting"
        sealed: ClassVar = ("reason",)
