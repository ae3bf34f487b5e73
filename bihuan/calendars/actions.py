"""The verbs of the calendar: years come from the published arrangement, and every day can be corrected."""

from __future__ import annotations

import uuid
from datetime import date

from django.utils.translation import gettext_lazy as _

from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.calendars.policy import may_edit_calendar
from bihuan.calendars.published import PublishedYear, published_year
from bihuan.calendars.verbs import Verb
from bihuan.journal.action import Actor, Refused, action

EARLIEST_YEAR = 2000
LATEST_YEAR = 2100
PUBLISHED_BASIS = "国务院办公厅公布的节假日安排"
STATUTORY_BASIS = "《全国年节及纪念日放假办法》，当年调休安排尚未公布"


@action(Verb.SEED_YEAR, may=may_edit_calendar)
def seed_year(*, year: int, actor: Actor) -> CalendarYear:
    """Take the national holidays of a year from the published arrangement; provisional where there is none yet."""
    published = published_year(_possible(year))
    row = _new_year(year, None, provisional=not published.is_announced, basis=_basis(published))
    _write_days(row, published)
    return row


@action(Verb.OPEN_YEAR, may=may_edit_calendar)
def open_year(*, year: int, jurisdiction: uuid.UUID, basis: str, actor: Actor) -> CalendarYear:
    """Begin a jurisdiction's own year; it holds only the days that differ from the calendar above."""
    if not basis.strip():
        raise Refused(_("请写明依据。"), accepted=_("例如自治区人民政府的放假通知及文号。"), field="basis")
    return _new_year(_possible(year), jurisdiction, provisional=False, basis=basis.strip())


@action(Verb.RENEW_YEAR, may=may_edit_calendar)
def renew_year(calendar_year: CalendarYear, *, actor: Actor) -> None:
    """Replace the days of a provisional national year by the arrangement published since."""
    published = published_year(calendar_year.year)
    if calendar_year.jurisdiction is not None or not calendar_year.provisional:
        raise Refused(_("只有暂定的全国日历可以这样更新。"), accepted=_("其他日历请逐日修改。"))
    if not published.is_announced:
        raise Refused(
            _("程序里还没有这一年公布的安排。"), accepted=_("请按公布的通知逐日修改，再确认节假日安排。")
        )
    for row in calendar_year.days.all():
        row.delete()
    _write_days(calendar_year, published)
    calendar_year.provisional = False
    calendar_year.basis = _basis(published)
    _renew_edition(calendar_year)


@action(Verb.ANNOUNCE_YEAR, may=may_edit_calendar)
def announce_year(calendar_year: CalendarYear, *, basis: str, actor: Actor) -> None:
    """Confirm that a provisional year now stands as announced; `basis` names the notice."""
    if not calendar_year.provisional:
        raise Refused(_("这一年的安排已经确认过了。"))
    if not basis.strip():
        raise Refused(_("请写明依据。"), accepted=_("例如放假通知的文号。"), field="basis")
    calendar_year.provisional = False
    calendar_year.basis = basis.strip()
    _renew_edition(calendar_year)


@action(Verb.SET_DAY, may=may_edit_calendar)
def set_day(
    calendar_year: CalendarYear, *, day: date, is_working: bool, name: str = "", actor: Actor
) -> None:
    """Say that a day is worked or off, whatever its weekday or the calendar above says."""
    if day.year != calendar_year.year:
        raise Refused(
            _("%(day)s不在%(year)s年。") % {"day": day.isoformat(), "year": calendar_year.year},
            accepted=_("请选择这一年的日期。"),
            field="day",
        )
    row = calendar_year.days.filter(day=day).first() or CalendarDay(calendar_year=calendar_year, day=day)
    row.is_working, row.name = is_working, name.strip()
    row.save()
    _renew_edition(calendar_year)


@action(Verb.CLEAR_DAY, may=may_edit_calendar)
def clear_day(calendar_year: CalendarYear, *, day: date, actor: Actor) -> None:
    """Take a day off the list: it is again what its weekday, or the calendar above, says."""
    row = calendar_year.days.filter(day=day).first()
    if row is None:
        raise Refused(_("%(day)s没有单独设定过。") % {"day": day.isoformat()}, field="day")
    row.delete()
    _renew_edition(calendar_year)


def seed_missing_years(first: int, last: int, *, actor: Actor) -> list[CalendarYear]:
    """Seed every year from `first` to `last` that has no national calendar yet; each is an action of its own."""
    there = set(CalendarYear.objects.filter(jurisdiction=None).values_list("year", flat=True))
    return [seed_year(year=year, actor=actor) for year in range(first, last + 1) if year not in there]


def _new_year(year: int, jurisdiction: uuid.UUID | None, *, provisional: bool, basis: str) -> CalendarYear:
    if CalendarYear.objects.filter(year=year, jurisdiction=jurisdiction).exists():
        raise Refused(
            _("%(year)s年的日历已经有了。") % {"year": year},
            accepted=_("请直接修改其中的日期。"),
            field="year",
        )
    row: CalendarYear = CalendarYear.objects.create(
        year=year, jurisdiction=jurisdiction, provisional=provisional, basis=basis
    )
    return row


def _write_days(calendar_year: CalendarYear, published: PublishedYear) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar_year=calendar_year, day=known.day, is_working=known.is_working, name=known.name)
        for known in published.days
    )


def _renew_edition(calendar_year: CalendarYear) -> None:
    calendar_year.edition = uuid.uuid4()
    calendar_year.save()


def _basis(published: PublishedYear) -> str:
    return PUBLISHED_BASIS if published.is_announced else STATUTORY_BASIS


def _possible(year: int) -> int:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refused(
            _("年份%(year)s不在可用范围内。") % {"year": year},
            accepted=_("请填写%(first)s至%(last)s之间的年份。")
            % {"first": EARLIEST_YEAR, "last": LATEST_YEAR},
            field="year",
        )
    return year
