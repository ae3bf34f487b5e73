"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room."""

    SEED_YEAR = "calendars.seed_year"
    OPEN_YEAR = "calendars.open_year"
    RENEW_YEAR = "calendars.renew_year"
    ANNOUNCE_YEAR = "calendars.announce_year"
    SET_DAY = "calendars.set_day"
    CLEAR_DAY = "calendars.clear_day"


LABELS = {
    Verb.SEED_YEAR: _("载入全国节假日"),
    Verb.OPEN_YEAR: _("新建日历年度"),
    Verb.RENEW_YEAR: _("更新全国节假日"),
    Verb.ANNOUNCE_YEAR: _("确认节假日安排"),
    Verb.SET_DAY: _("设定日期"),
    Verb.CLEAR_DAY: _("恢复日期"),
}
