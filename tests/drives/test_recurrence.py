"""On which days a plan calls, for every first day, period and way the job may run."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.drives.models import Every
from bihuan.drives.recurrence import MONTHS, last_period, looked_back_to, next_period, period_at

A_DAY = dt.timedelta(days=1)
firsts = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))
everies = st.sampled_from(sorted(MONTHS))
days = st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31))


def test_every_period_an_office_may_choose_is_known():
    assert set(MONTHS) == set(Every.values)


@given(firsts, everies, st.integers(0, 200))
def test_a_period_begins_on_the_first_days_number_or_at_the_end_of_a_shorter_month(first, every, number):
    day = period_at(first, every, number)
    last = calendar.monthrange(day.year, day.month)[1]
    assert day.day == min(first.day, last)
    months = (day.year - first.year) * 12 + day.month - first.month
    assert months == number * MONTHS[every]


@given(firsts, everies, days)
def test_between_a_day_and_the_next_call_no_period_begins(first, every, day):
    coming = next_period(first, every, day)
    assert coming > day or (coming == first and day < first)
    assert last_period(first, every, coming) == coming
    before = last_period(first, every, coming - A_DAY)
    assert before is None or before <= day
    assert before == last_period(first, every, day) or day < first


@given(firsts, everies, days)
def test_no_call_before_the_first_day_and_none_for_a_period_to_come(first, every, day):
    period = last_period(first, every, day)
    assert (period is None) is (day < first)
    if period is not None:
        assert first <= period <= day
        assert looked_back_to(first, every, period) < period


@given(firsts, everies, st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_however_the_job_runs_a_period_is_called_once_and_the_last_is_never_missed(first, every, gaps):
    """The job runs after gaps of any length; called are periods in order, none twice, and always the one that runs."""
    day, due, called = first, next_period(first, every, first - A_DAY), []
    for gap in gaps:
        day += dt.timedelta(days=gap)
        for _again in range(2):
            period = last_period(first, every, day)
            if period is not None and due <= day:
                called.append(period)
                due = next_period(first, every, period)
        assert called[-1] == last_period(first, every, day)
        assert due > day
    assert called == sorted(set(called))


@pytest.mark.parametrize(
    ("every", "said"),
    [
        ("month", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("quarter", ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"]),
        ("half_year", ["2027-01-31", "2027-07-31", "2028-01-31", "2028-07-31"]),
        ("year", ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]),
    ],
)
def test_the_last_of_january_comes_back_after_a_short_month(every, said):
    assert [period_at(dt.date(2027, 1, 31), every, number).isoformat() for number in range(4)] == said
