"""Clocks: what is due when, by which policy version, and when its light next changes."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.approvals.models import Approval
from bihuan.deadlines.achievability import Achievability
from bihuan.journal.records import Part, Record
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit
from bihuan.policies.models import Policy


class ClockKind(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", _("签收")
    PLAN = "plan", _("方案")
    RECTIFICATION = "rectification", _("整改")
    ACCEPTANCE = "acceptance", _("验收")
    NOTICE = "notice", _("公示")


class ClockState(models.TextChoices):
    RUNNING = "running", _("计时")
    SUSPENDED = "suspended", _("停表")
    STOPPED = "stopped", _("已停")


ACHIEVABILITY_LABELS: Final = {
    Achievability.ON_TIME: _("能按期"),
    Achievability.AT_RISK: _("有风险"),
    Achievability.NOT_ON_TIME: _("不能按期"),
}
PRESSES: Final = models.Q(state=ClockState.RUNNING) & ~models.Q(kind=ClockKind.NOTICE)
"""Clocks somebody must act on; a notice only has to hang for its days."""


class Clock(Part):
    """One running time of a problem. It keeps the policy version in force when it started.

    `due` passes at the end of the local day. `light` is set by the sweep and by events, never typed; `next_change` is
    the day on which it changes if nothing happens, null when it never will. `unit_word` and `office_word` say whether the
    day can be kept, as the unit says and as the office judges. `yellows` counts how often it turned yellow
    or worse. `next_rung` is the day on which the ladder is asked again, `ladder_wait` what holds its next rung up.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=ClockKind.choices)
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    started_on = models.DateField()
    due = models.DateField()
    # Only where the policy counts hours: the instant within the day `due`.
    due_at = models.DateTimeField(null=True)
    # What those hours are counted from, and when the clock stopped; of other clocks the days are enough.
    began_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    first_due = models.DateField()
    # The day even progress is expected from; null while none is.
    work_from = models.DateField(null=True)
    # The approved plan's own schedule, where there is one: [number, begun, due, [[day, percent] …]] for each measure.
    schedule = models.JSONField(default=list)
    stopped_on = models.DateField(null=True)
    suspended_on = models.DateField(null=True)
    suspended_days = models.PositiveIntegerField(default=0)
    light = models.CharField(max_length=8)
    raised_to = models.CharField(max_length=8, blank=True)
    raised_why = models.CharField(max_length=300, blank=True)
    unit_word = models.CharField(_("能否按期"), max_length=12, blank=True, default="")
    unit_word_on = models.DateField(null=True)
    office_word = models.CharField(_("整改办的判断"), max_length=12, blank=True, default="")
    office_word_on = models.DateField(null=True)
    office_word_why = models.CharField(max_length=300, blank=True, default="")
    next_change = models.DateField(null=True)
    # Only where the light changes within that day.
    next_change_at = models.DateTimeField(null=True)
    explanation = models.JSONField(default=dict)
    # Nobody asks for clocks by their policy alone.
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", db_index=False)
    lights_policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The ladder: none where the place had no such rule when the clock started.
    ladder_policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    yellows = models.PositiveSmallIntegerField(default=0)
    next_rung = models.DateField(null=True)
    ladder_wait = models.CharField(max_length=10, blank=True, default="")

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["problem", "kind", "round"],
                condition=~models.Q(state="stopped"),
                name="one_clock_of_a_kind_runs",
            ),
            models.CheckConstraint(
                name="due_never_before_start", condition=models.Q(due__gte=models.F("started_on"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_change"], name="clock_next_change", condition=models.Q(state="running")
            ),
            models.Index(
                fields=["next_rung"],
                name="clock_next_rung",
                condition=models.Q(state="running", next_rung__isnull=False),
            ),
            models.Index(
                fields=["problem"], name="clock_wants_conduct", condition=models.Q(ladder_wait="conduct")
            ),
            models.Index(fields=["state", "light", "due"], name="clock_light"),
            models.Index(fields=["due", "problem"], name="clock_pressing", condition=PRESSES),
        ]

    class Stream(Part.Stream):
        of = "problem"
        sealed: ClassVar = ("raised_why", "office_word_why")


class Reapplication(Record):
    """规则适用于在办事项: a version asked to be applied to running cases, each named, and what that was seen to change.

    `cases` are ids of problems in the order they are applied in; `foreseen` holds for each what was shown to whoever
    decided. Facts may have moved since: what each case really got is in its own event.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("已批准，正在适用")
        APPLIED = "applied", _("已适用")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")
        STOPPED = "stopped", _("中途停止")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    cases = models.JSONField(default=list)
    foreseen = models.JSONField(default=dict)
    reason = models.TextField(_("理由"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField()
    asked_on = models.DateField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    applied = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state__in=["asked", "granted"]),
                name="one_reapplication_of_a_version",
            )
        ]

    class Stream(Record.Stream):
        kind = "reapplication"
        sealed: ClassVar = ("reason",)
