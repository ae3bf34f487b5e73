"""A trial of a version on past cases: what somebody asked for, how far it is, and what came out. No business fact."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id
from bihuan.policies.models import Policy


class PolicyTrial(models.Model):
    """It changes no case and decides nothing, so it has no journal; one of a version is kept for a person in a post.

    `sums`: for each unit and grade how many were looked at, and by light or rung what was and what would have been.
    `lines`: the cases that would have been otherwise, by id and dates alone; words are read when shown, by who may.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("试算中")
        DONE = "done", _("已算完")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()
    post = models.UUIDField()
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cases = models.JSONField(default=list)
    # How many cases there are: known without reading the list of them, which is long.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    different = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "person", "post"], name="one_trial_of_a_version")
        ]
