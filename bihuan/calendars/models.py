"""The editable table of holidays and make-up days."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.records import Part, Record


class CalendarYear(Record):
    """One year of one calendar: the national one, or what a jurisdiction adds to it.

    The jurisdiction is an id without a foreign key, for units live on a higher floor. `edition` is another one after
    every change, so that a calendar kept in memory is known to be stale without reading its days.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    jurisdiction = models.UUIDField(_("适用地区"), null=True)
    provisional = models.BooleanField(_("暂定"))
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    edition = models.UUIDField(default=uuid.uuid4)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "jurisdiction"], name="calendar_year_once", nulls_distinct=False
            )
        ]

    class Stream(Record.Stream):
        kind = "calendar_year"


class CalendarDay(Part):
    """A day that is not what its weekday says, or that has a name."""

    calendar_year = models.ForeignKey(CalendarYear, on_delete=models.PROTECT, related_name="days")
    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=40, blank=True)

    class Meta(Part.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar_year", "day"], name="calendar_day_once")
        ]

    class Stream(Part.Stream):
        of = "calendar_year"
