"""Whether the machine's clock can be believed.

What a wrong clock writes stays: days counted from it, lights, reminders sent, rungs proposed. A clock set back is
refused at once, by every action of a process that has seen a later moment; what a restart would make it forget stands
in one row, moved on by the sweep. On a clock that is behind it or far ahead of it nothing is swept and the program does
not start (a system check of the database), until somebody who runs the machine says that it is right
(`bihuan clock --confirm`).

Five minutes are what setting a clock by the network may take back; twenty days are longer than any holiday for which
an office is switched off. Both are about machines, not about cases.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal import timesource
from bihuan.journal.errors import Refused

BACK: Final = timedelta(minutes=5)
AHEAD: Final = timedelta(days=20)
THE_ROW: Final = 1


class Doubt(StrEnum):
    """What is odd about the present moment."""

    BACK = "back"
    AHEAD = "ahead"


SAID: Final = {
    Doubt.BACK: gettext_lazy("本机时钟是 %(now)s，早于程序上次运行的 %(seen)s。"),
    Doubt.AHEAD: gettext_lazy("本机时钟是 %(now)s，比程序上次运行的 %(seen)s 晚了 %(days)s 天。"),
}


class ClockMark(models.Model):
    """The latest moment at which the program is known to have run; one row, written by the sweep."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ROW)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "journal_clock_mark"


def doubt_of(seen: datetime | None, now: datetime) -> Doubt | None:
    """Judge the present moment by the latest one known; None where nothing is odd."""
    if seen is None:
        return None
    if now < seen - BACK:
        return Doubt.BACK
    return Doubt.AHEAD if now > seen + AHEAD else None


def seen_last() -> datetime | None:
    """The latest moment on record; None in a new database."""
    mark = ClockMark.objects.filter(pk=THE_ROW).first()
    return mark.seen_at if mark else None


def look() -> Doubt | None:
    """Judge the clock by the row, and move the row on where nothing is odd. A clock that may be moved is not judged."""
    if timesource.clock_may_move():
        return None
    now = timezone.now()
    seen = seen_last()
    doubt = doubt_of(seen, now)
    if doubt is None and (seen is None or now > seen):
        confirm(now)
    return doubt


def words_of(doubt: Doubt) -> str:
    """What is odd, and what to do about it."""
    now, seen = timezone.localtime(), timezone.localtime(seen_last())
    told = SAID[doubt] % {"now": minute(now), "seen": minute(seen), "days": abs(now - seen).days}
    return told + _("请先校准；时间确实无误的，运行 bihuan clock --confirm。")


def minute(moment: datetime) -> str:
    """A local moment as people write it."""
    return moment.strftime("%Y-%m-%d %H:%M")


def confirm(moment: datetime) -> None:
    """Take a moment for right, whatever was seen before."""
    ClockMark.objects.update_or_create(pk=THE_ROW, defaults={"seen_at": moment})


class _Latest:
    """The latest moment this process has seen."""

    moment: datetime | None = None


def refuse_if_set_back(now: datetime) -> None:
    """Refuse to write at a moment well before one this process has already seen.

    Errors: `Refused`, until the process is started again on a clock that is right.
    """
    if timesource.clock_may_move():
        return
    if doubt_of(_Latest.moment, now) is Doubt.BACK:
        raise Refused(
            _("服务器的时钟被拨回了，现在写入会记错时间，这次没有写入。"),
            accepted=_("请系统管理员校准时钟，然后重新启动程序。"),
        )
    _Latest.moment = max(now, _Latest.moment or now)
