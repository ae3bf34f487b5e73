"""How much of a term is left: hours where hours count, else working days; late exactly when the moment has passed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bihuan.calendars.rules import WorkingCalendar
from bihuan.deadlines.remaining import passing_words, remaining, remaining_words

ZONE = ZoneInfo("Asia/Shanghai")
PLAIN = WorkingCalendar()
FRIDAY = dt.date(2026, 3, 6)
days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 1, 1))
moments = st.builds(dt.datetime.combine, days, st.times(), st.just(ZONE))


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=ZONE)


@given(due=days, now=moments)
def test_a_day_is_late_exactly_when_its_end_has_passed(due, now):
    left = remaining(due, None, now, PLAIN)
    assert left.late == (now >= left.passes_at)


@given(due_at=moments, now=moments)
def test_an_hour_is_late_exactly_when_its_moment_has_passed(due_at, now):
    left = remaining(due_at.date(), due_at, now, PLAIN)
    assert left.late == (now >= due_at)


@given(due=days, now=moments, later=st.integers(0, 72))
def test_nothing_is_ever_left_more_for_having_waited(due, now, later):
    then = now + dt.timedelta(hours=later)
    first, second = (remaining(due, None, moment, PLAIN).working_days for moment in (now, then))
    assert second <= first


def test_words_say_hours_or_working_days_and_the_moment():
    said = [
        (remaining_words(left), passing_words(left))
        for left in (
            remaining(FRIDAY, at(FRIDAY, 15), at(FRIDAY, 9), PLAIN),
            remaining(FRIDAY, at(FRIDAY, 8), at(FRIDAY, 9), PLAIN),
            remaining(dt.date(2026, 3, 9), None, at(FRIDAY), PLAIN),
            remaining(FRIDAY, None, at(FRIDAY), PLAIN),
            remaining(FRIDAY, None, at(dt.date(2026, 3, 7)), PLAIN),
            remaining(FRIDAY, None, at(dt.date(2026, 3, 10)), PLAIN),
        )
    ]
    assert said == [
        ("余 6 小时", "03-06 15:00"),
        ("逾期 1 小时", "03-06 08:00"),
        ("余 1 个工作日", "03-09 24:00"),
        ("今日到期", "03-06 24:00"),
        ("逾期 1 个工作日", "03-06 24:00"),
        ("逾期 2 个工作日", "03-06 24:00"),
    ]
