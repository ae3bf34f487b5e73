"""What is worth knowing of a day on which something shall be due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bihuan.calendars.rules import ONE_DAY, previous_working_day, working_days_between

if TYPE_CHECKING:
    from datetime import date

    from bihuan.calendars.rules import WorkingCalendar


def about_day(day: date, today: date, days: WorkingCalendar) -> str:
    """One or two sentences: past, of rest (with the working day before), or how many working days are left."""
    words = {"day": day.isoformat(), "weekday": date_format(day, "l")}
    if day < today:
        return _("%(day)s（%(weekday)s）已经过去。") % words
    left = _("距今天 %(count)s 个工作日。") % {"count": working_days_between(today, day, days)}
    if days.is_working(day):
        said = _("%(day)s 是%(weekday)s，工作日，") % words
    else:
        before = previous_working_day(day - ONE_DAY, days)
        words["before"] = before.isoformat()
        said = _("%(day)s 是%(weekday)s，休息日；前一个工作日是 %(before)s。") % words
    if days.is_provisional(today, day):
        return said + left + _("这期间的节假日安排尚未公布，暂按已知的计算。")
    return said + left
