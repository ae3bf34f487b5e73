"""How much of a term is left, as its policy counts it: hours where it counts hours, else working days. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.calendars.rules import working_days_between

if TYPE_CHECKING:
    from bihuan.calendars.rules import WorkingCalendar

HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left until the term has passed, at `passes_at`. `hours` where hours are counted, else `working_days`.

    Both fall below nothing once it has passed: -1 is the first hour, or the first working day, too late.
    """

    passes_at: datetime
    hours: int | None
    working_days: int | None

    @property
    def late(self) -> bool:
        """Whether it has passed."""
        left = self.hours if self.hours is not None else self.working_days
        return left is not None and left < 0


def remaining(due: date, due_at: datetime | None, now: datetime, days: WorkingCalendar) -> Remaining:
    """What is left at `now` (in the zone days are counted in). A day passes at its end, an hour at its moment."""
    if due_at is not None:
        hours = math.floor((due_at - now).total_seconds() / HOUR)
        return Remaining(due_at, min(hours, -1) if now >= due_at else hours, None)
    end = datetime.combine(due + timedelta(days=1), time(), tzinfo=now.tzinfo)
    today = now.date()
    left = working_days_between(today, due, days)
    if today > due:
        # A weekend after the day is late as well, though no working day of it has gone by.
        left = min(left, -1)
    return Remaining(end, None, left)


def remaining_words(left: Remaining) -> str:
    """余 5 小时, 余 2 个工作日, 今日到期, 逾期 3 小时, 逾期 1 个工作日."""
    if left.hours is not None:
        n = abs(left.hours)
        if left.hours < 0:
            return ngettext("逾期 %(n)d 小时", "逾期 %(n)d 小时", n) % {"n": n}
        if left.hours == 0:
            return _("不到 1 小时")
        return ngettext("余 %(n)d 小时", "余 %(n)d 小时", n) % {"n": n}
    n = abs(left.working_days or 0)
    if left.late:
        return ngettext("逾期 %(n)d 个工作日", "逾期 %(n)d 个工作日", n) % {"n": n}
    if n == 0:
        return _("今日到期")
    return ngettext("余 %(n)d 个工作日", "余 %(n)d 个工作日", n) % {"n": n}


def passing_words(left: Remaining) -> str:
    """The moment it passes: 11-30 15:00; the end of a day is its 24:00."""
    if left.hours is None:
        return f"{left.passes_at - timedelta(days=1):%m-%d} 24:00"
    return f"{left.passes_at:%m-%d %H:%M}"
