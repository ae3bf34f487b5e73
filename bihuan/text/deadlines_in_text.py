"""Deadlines in Chinese text: 2026年9月30日前, 8月底前, 30个工作日内, 立行立改 → what is written and, where it follows, a date."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HAN = "一二三四五六七八九十两"


class DeadlineKind(StrEnum):
    """How a deadline is set."""

    DATE = "date"
    RELATIVE = "relative"
    IMMEDIATE = "immediate"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written. `date` is None where it needs a base date or a calendar nobody gave."""

    text: str
    date: dt.date | None
    kind: DeadlineKind
    start: int
    working_days: int | None = None


_YEAR = r"(?:(?P<year>\d{4})\s*年|(?P<relative_year>今年|明年|本年度?|当年|次年))"
_BEFORE = r"(?:之?前|以前|内)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "day",
        re.compile(
            rf"{_YEAR}?\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*[日号]\s*(?:\d+时)?\s*(?:{_BEFORE})"
        ),
    ),
    (
        "month_end",
        re.compile(rf"{_YEAR}?\s*(?P<month>\d{{1,2}})\s*月\s*(?P<part>底|末|份|中旬|上旬|下旬)?\s*{_BEFORE}"),
    ),
    ("this_month", re.compile(rf"(?P<which>本|这个|当|下|次)月\s*(?P<part>底|末)?\s*{_BEFORE}")),
    ("quarter", re.compile(rf"{_YEAR}?\s*第?(?P<quarter>[一二三四1-4])季度\s*(?:底|末)?\s*{_BEFORE}")),
    ("half_year", re.compile(rf"{_YEAR}?\s*(?P<half>上|下)半年\s*(?:底|末)?\s*{_BEFORE}?")),
    ("year_end", re.compile(rf"(?:{_YEAR}\s*年?|(?<!\d)年)(?:底|末|终)\s*{_BEFORE}")),
    ("written_year", re.compile(r"(?P<year>\d{4})年(?:度)?内")),
    ("iso", re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})\s*{_BEFORE}")),
    ("working_days", re.compile(rf"(?P<count>\d{{1,3}}|[{_HAN}]{{1,3}})\s*个?工作日{_BEFORE}")),
    ("days", re.compile(rf"(?P<count>\d{{1,3}}|[{_HAN}]{{1,3}})\s*(?:个?自然)?[日天]之?内")),
    ("months", re.compile(rf"(?P<count>\d{{1,2}}|[{_HAN}]{{1,3}}|半)\s*个月之?内")),
    ("years", re.compile(rf"(?P<count>\d{{1,2}}|[{_HAN}]{{1,3}}|半)\s*年之?内")),
    ("immediate", re.compile(r"立行立改|立即整改|即知即改|立查立改|即行即改|边审边改|马上整改|立整立改")),
    ("continuous", re.compile(r"长期坚持|持续整改|持续推进|长期整改|常态化推进|并长期坚持")),
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
# “应于2015年底前建成” tells what was missed, not what is set now.
_PAST_DUTY = re.compile(
    r"(?:本?应(?:当)?(?:于|在)|原(?:定|计划|要求)(?:于|在)?|规定(?:于|在)?|计划(?:于|在))\s*$"
)

_MISSED = re.compile(r"\s*(?:就|本)?应(?!当|该)[^。]{0,40}(?:但|仍|截至|尚未|仅|至今|却)")


def deadlines_in(
    text: str,
    base_date: dt.date | None = None,
    *,
    add_working_days: Callable[[dt.date, int], dt.date] | None = None,
) -> list[Deadline]:
    """Every deadline in order of appearance. Dates without a year take the first such day on or after the base date."""
    found: list[Deadline] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            end = match.start() + len(match.group(0))
            if any(known.start < end and match.start() < known.start + len(known.text) for known in found):
                continue
            if _PAST_DUTY.search(text[: match.start()]) or _MISSED.match(text, end):
                continue
            deadline = _deadline(name, match, base_date, add_working_days)
            if deadline is not None:
                found.append(deadline)
    return sorted(found, key=lambda deadline: deadline.start)


def _deadline(
    name: str,
    match: re.Match[str],
    base: dt.date | None,
    add_working_days: Callable[[dt.date, int], dt.date] | None,
) -> Deadline | None:
    text, start = match.group(0).strip(), match.start()
    if name == "immediate":
        return Deadline(text, None, DeadlineKind.IMMEDIATE, start)
    if name == "continuous":
        return Deadline(text, None, DeadlineKind.CONTINUOUS, start)
    if name == "working_days":
        count = _count(match.group("count"))
        date = add_working_days(base, count) if base and add_working_days else None
        return Deadline(text, date, DeadlineKind.RELATIVE, start, working_days=count)
    if name in ("days", "months", "years"):
        return Deadline(text, _after(name, match.group("count"), base), DeadlineKind.RELATIVE, start)
    try:
        date = _absolute(name, match.groupdict(), base)
    except ValueError:
        return None
    return Deadline(text, date, DeadlineKind.DATE, start)


def _count(written: str) -> int:
    if written.isdigit():
        return int(written)
    digits = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
    tens, _, ones = written.partition("十") if "十" in written else ("零", "", written)
    return (digits.get(tens or "一", 0)) * 10 + digits.get(ones or "零", 0)


def _after(name: str, written: str, base: dt.date | None) -> dt.date | None:
    if base is None:
        return None
    if name == "days":
        return base + dt.timedelta(days=_count(written))
    if written == "半":
        return months_after(base, 6) if name == "years" else base + dt.timedelta(days=15)
    return months_after(base, _count(written) * (12 if name == "years" else 1))


def months_after(base: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month where there is no such day."""
    total = base.year * 12 + base.month - 1 + months
    year, month = divmod(total, 12)
    return dt.date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _absolute(name: str, groups: dict[str, str | None], base: dt.date | None) -> dt.date | None:
    if name == "this_month":
        if base is None:
            return None
        shifted = base if groups["which"] in ("本", "这个", "当") else months_after(base.replace(day=1), 1)
        return _month_end(shifted.year, shifted.month)
    year = _year(groups, base)
    month, day = _month_and_day(name, groups)
    if year is not None:
        return _month_end(year, month) if day is None else dt.date(year, month, day)
    if base is None:
        return None
    date = _month_end(base.year, month) if day is None else dt.date(base.year, month, day)
    if date >= base:
        return date
    return _month_end(base.year + 1, month) if day is None else dt.date(base.year + 1, month, day)


def _year(groups: dict[str, str | None], base: dt.date | None) -> int | None:
    written = groups.get("year")
    if written:
        return int(written)
    relative = groups.get("relative_year")
    if relative and base:
        return base.year + (1 if relative in ("明年", "次年") else 0)
    return None


def _month_and_day(name: str, groups: dict[str, str | None]) -> tuple[int, int | None]:
    """Month and day of the deadline; the day is None for the end of the month."""
    if name in ("year_end", "written_year"):
        return 12, None
    if name == "quarter":
        return _QUARTERS[groups["quarter"] or "4"] * 3, None
    if name == "half_year":
        return (6 if groups["half"] == "上" else 12), None
    month = int(groups["month"] or 0)
    if name in ("day", "iso"):
        return month, int(groups["day"] or 0)
    return month, {"上旬": 10, "中旬": 20}.get(groups.get("part") or "")


_SERIAL_DAY_ZERO = dt.date(1899, 12, 30)
_MONTHS = 12
_SERIALS = range(20000, 80000)


def date_of_cell(text: str, base_date: dt.date | None = None) -> dt.date | None:
    """The date in a table cell: 2024-03-01, 2024/3/1, 2024.3.1, 20240301, 2024年3月1日, 45291, 2024.3, 2024年3月, 8月底."""
    stripped = re.sub(r"\s+", "", text).rstrip("。.")
    full = re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:T?\d{1,2}:\d{2}(?::\d{2})?)?(?:之?前)?", stripped
    )
    compact = re.fullmatch(r"((?:19|20)\d{2})(\d{2})(\d{2})", stripped)
    for found in (full, compact):
        if found:
            return _valid(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    serial = re.fullmatch(r"(\d{5})(?:\.\d+)?", stripped)
    if serial and int(serial.group(1)) in _SERIALS:
        return _SERIAL_DAY_ZERO + dt.timedelta(days=int(serial.group(1)))
    month = re.fullmatch(r"((?:19|20)\d{2})[-/.年](\d{1,2})(?:月(?:底|末|份)?)?(?:之?前)?", stripped)
    if month and 1 <= int(month.group(2)) <= _MONTHS:
        return _month_end(int(month.group(1)), int(month.group(2)))
    written = stripped if stripped.endswith(("前", "内")) else f"{stripped}前"
    found_dates = [
        deadline
        for deadline in deadlines_in(written, base_date)
        if deadline.kind is not DeadlineKind.RELATIVE
    ]
    if len(found_dates) == 1 and found_dates[0].text == written:
        return found_dates[0].date
    relative = deadlines_in(stripped, base_date)
    return relative[0].date if len(relative) == 1 and relative[0].text == stripped else None


def _valid(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
