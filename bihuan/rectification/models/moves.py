"""What went to the successor of a unit that is no more."""

from __future__ import annotations

from django.db import models

from bihuan.journal.records import Part
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Unit


class DutyMove(Part):
    """职责承接: what a closed unit answered for in a problem went to its successor on a day; the old name stays.

    `roles` are the involvements that went, `tasks` how many open tasks of the plan.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="duty_moves")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120)
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)
    tasks = models.PositiveSmallIntegerField(default=0)
    moved_on = models.DateField()
    moved_by = models.UUIDField()

    class Stream(Part.Stream):
        of = "problem"
