"""The periods a record is read by. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Final[Mapping[str, object]] = {
    "month": _("本月"),
    "quarter": _("本季度"),
    "year": _("今年"),
    "last_year": _("去年"),
    "all": _("全部"),
}
FIRST: Final = "year"
MONTHS_OF_QUARTER: Final = 3


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    key: str
    since: date
    until: date


def period_of(key: str, today: date) -> Period:
    """The period of a key; an unknown one is the year."""
    if key == "month":
        return Period(key, today.replace(day=1), today)
    if key == "quarter":
        first = (today.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1
        return Period(key, today.replace(month=first, day=1), today)
    if key == "last_year":
        return Period(key, date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    if key == "all":
        return Period(key, date.min, today)
    return Period(FIRST, today.replace(month=1, day=1), today)
