"""What the page of a year shows: twelve months as plain values, and what its keeper may do."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.calendars.policy import Place, lineage_of, may_edit
from bihuan.calendars.published import published_year
from bihuan.calendars.queries import calendar_for
from bihuan.journal.timesource import today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bihuan.journal.action import Actor

MONTHS: Final = range(1, 13)
WEEK: Final = calendar.Calendar(firstweekday=0)
WORKING_DAYS_OF_A_WEEK: Final = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One square. `kind` is for the eye, `words` for everybody: working, off, make_up."""

    number: int
    kind: str
    words: str
    name: str = ""
    own: bool = False
    url: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """Rows of seven squares; None stands before the first and after the last."""

    number: int
    weeks: list[list[Day | None]]
    working: int


@dataclass(frozen=True)
class YearPage:
    """One year of one calendar; `place` None is the national one."""

    actor: Actor
    year: int
    place: Place | None
    places: Sequence[Place]

    @property
    def lineage(self) -> list[Place]:
        """The place and those above it, nearest first."""
        return [] if self.place is None else list(self.places[self.places.index(self.place) :])

    def rows(self) -> dict[Any, CalendarYear]:
        """The years this page is made of, by jurisdiction (None: national)."""
        wanted = [place.id for place in self.lineage]
        found = CalendarYear.objects.filter(year=self.year)
        return {
            row.jurisdiction: row for row in found if row.jurisdiction is None or row.jurisdiction in wanted
        }

    def context(self) -> dict[str, Any]:
        """Everything the template draws."""
        rows = self.rows()
        own = rows.get(self.place.id if self.place else None)
        edits = may_edit(self.actor, self.place.id if self.place else None)
        months = self._months(rows, own, edits=edits)
        return {
            "year": self.year,
            "months": months,
            "own": own,
            "national": rows.get(None),
            "place": self.place,
            "tabs": {"views": self._tabs()},
            "working": sum(month.working for month in months),
            "previous": self.address(self.year - 1),
            "following": self.address(self.year + 1),
            "acts": {"allowed": self._acts(own)} if edits and self._acts(own) else None,
            "edits": edits and own is not None,
        }

    def address(self, year: int, place: Place | str | None = "same") -> str:
        """The page of another year or place."""
        there = self.place if place == "same" else place
        address = reverse("calendars:year", args=[year])
        return f"{address}?place={there.id}" if isinstance(there, Place) else address

    def _tabs(self) -> list[dict[str, Any]]:
        national: list[tuple[Any, Place | None]] = [(_("全国"), None)]
        named: list[tuple[Any, Place | None]] = [(place.name, place) for place in reversed(self.places)]
        return [
            {"name": name, "url": self.address(self.year, place), "current": place == self.place}
            for name, place in national + named
        ]

    def _months(self, rows: dict[Any, CalendarYear], own: CalendarYear | None, *, edits: bool) -> list[Month]:
        working = calendar_for(*(place.id for place in self.lineage))
        listed = CalendarDay.objects.filter(calendar_year__in=list(rows.values()))
        names: dict[date, str] = {}
        # A nearer calendar names its days last.
        order = {pk: place for place, pk in enumerate(row.pk for row in rows.values() if row is not own)}
        for row in sorted(listed, key=lambda one: order.get(one.calendar_year_id, len(order))):
            names[row.day] = row.name
        mine = {row.day for row in listed if own is not None and row.calendar_year_id == own.pk}

        def square(day: date) -> Day | None:
            if day.year != self.year or day.month != month:
                return None
            kind = _kind(day, is_working=working.is_working(day))
            url = reverse("calendars:day", args=[own.pk, day.isoformat()]) if edits and own else ""
            local = self.place is not None and day in mine
            return Day(day.day, kind, _words(kind), names.get(day, ""), local, url, day == today())

        months = []
        for month in MONTHS:
            weeks = [[square(day) for day in week] for week in WEEK.monthdatescalendar(self.year, month)]
            days = [day for week in weeks for day in week if day]
            months.append(Month(month, weeks, sum(day.kind != "off" for day in days)))
        return months

    def _acts(self, own: CalendarYear | None) -> list[dict[str, Any]]:
        if own is None and self.place is None:
            return [
                _act(_("载入全国节假日"), "seed", self.year, _("从程序自带的公布安排载入，之后可逐日修改。"))
            ]
        if own is None and self.place is not None:
            return [
                _act(
                    _("新建本地日历"),
                    "open",
                    self.year,
                    _("只写与上级日历不同的日子。"),
                    query=f"?place={self.place.id}",
                )
            ]
        if own is None or not own.provisional:
            return []
        confirm = _act(
            _("确认节假日安排"), "announce", own.pk, _("按放假通知核对之后确认；以后按此计算期限。")
        )
        if self.place is None and published_year(self.year).is_announced:
            return [
                _act(_("更新为公布的安排"), "renew", own.pk, _("用已公布的安排替换暂定的日子。")),
                confirm,
            ]
        return [confirm]


def _act(label: Any, name: str, argument: Any, consequence: Any, *, query: str = "") -> dict[str, Any]:
    url = reverse(f"calendars:{name}", args=[argument]) + query
    return {"label": label, "url": url, "consequence": consequence, "primary": True}


def _kind(day: date, *, is_working: bool) -> str:
    if not is_working:
        return "off"
    return "working" if day.weekday() < WORKING_DAYS_OF_A_WEEK else "make_up"


def _words(kind: str) -> str:
    return {"off": _("休息"), "make_up": _("调休上班"), "working": _("上班")}[kind]


def page_for(actor: Actor, year: int, place: str) -> YearPage | None:
    """The page asked for, or None where the place is none of the actor's."""
    places = lineage_of(actor)
    if not place:
        return YearPage(actor, year, None, places)
    found = next((one for one in places if str(one.id) == place), None)
    return None if found is None else YearPage(actor, year, found, places)
