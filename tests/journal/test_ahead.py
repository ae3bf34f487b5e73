"""A block that is written beside asks its questions once and ahead, and knows its own rows; any other action asks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.journal import ahead
from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.ahead import asks_ahead_of, remembered_in_block, rows_of
from bihuan.journal.records import Record
from bihuan.journal.timesource import today

pytestmark = pytest.mark.django_db

asked: list[int] = []


@remembered_in_block
def question(number: int) -> int:
    asked.append(number)
    return number


@action("journal.test_ask", may=anyone_signed_in)
def ask(*, beside: bool, actor: Actor) -> None:
    if beside:
        current().write_beside()
    for number in (1, 1, 2):
        assert question(number) == number


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    asked.clear()
    yield
    ahead._questions.pop("journal.test_keep_days", None)


def test_a_block_asks_once_and_the_next_one_again(alice: Actor) -> None:
    ask(beside=True, actor=alice)
    assert asked == [1, 2]
    ask(beside=True, actor=alice)
    assert asked == [1, 2, 1, 2]


def test_an_action_that_waits_for_its_writing_remembers_nothing(alice: Actor) -> None:
    ask(beside=False, actor=alice)
    question(1)
    assert asked == [1, 1, 2, 1]


@action("journal.test_keep_days", may=anyone_signed_in)
def keep_days(older: CalendarYear, *, beside: bool, actor: Actor) -> tuple[int, list[CalendarDay]]:
    """A year that stands and a new one get days, one of which goes again; returns queries and what is found."""
    newer = CalendarYear(year=2032, provisional=False)
    if beside:
        current().write_beside([newer])
    newer.save()
    days = [CalendarDay(calendar_year=year, day=today(), is_working=True) for year in (older, newer)]
    days += [CalendarDay(calendar_year=newer, day=today().replace(year=1999), is_working=True)]
    for day in days:
        day.save()
    days[-1].delete()
    with CaptureQueriesContext(connection) as queries:
        only_new = rows_of(CalendarDay, "calendar_year_id", [newer.pk])
    assert [day.pk for day in only_new] == [days[1].pk]
    return len(queries), rows_of(CalendarDay, "calendar_year_id", [newer.pk, older.pk], "calendar_year")


@action("journal.test_make_year", may=anyone_signed_in)
def make_year(*, actor: Actor) -> CalendarYear:
    made: CalendarYear = CalendarYear.objects.create(year=2031, provisional=False)
    return made


def test_rows_a_block_made_itself_are_not_read_back(alice: Actor) -> None:
    queries, found = keep_days(make_year(actor=alice), beside=True, actor=alice)
    assert queries == 0
    assert found == list(CalendarDay.objects.filter(calendar_year__year__in=(2031, 2032)).order_by("id"))


def test_any_other_action_reads_them(alice: Actor) -> None:
    queries, found = keep_days(make_year(actor=alice), beside=False, actor=alice)
    assert queries == 1
    assert found == list(CalendarDay.objects.filter(calendar_year__year__in=(2031, 2032)).order_by("id"))


def test_questions_are_asked_before_writing_begins_and_about_what_will_be_written(alice: Actor) -> None:
    told: list[tuple[Sequence[Record], bool]] = []
    asks_ahead_of("journal.test_keep_days")(
        lambda subjects: told.append((list(subjects), current().beside is None))
    )
    keep_days(make_year(actor=alice), beside=True, actor=alice)
    assert [([one.year for one in subjects], early) for subjects, early in told] == [([2032], True)]  # type: ignore[attr-defined]


def test_rows_are_read_without_the_keys_nobody_named(alice: Actor) -> None:
    """Django takes “no names” for “every key there is”, and their keys, until the planner no longer comes back."""
    with CaptureQueriesContext(connection) as asked_of:
        assert rows_of(CalendarDay, "id", [uuid.uuid4()]) == []
    (query,) = asked_of.captured_queries
    assert "JOIN" not in query["sql"]
