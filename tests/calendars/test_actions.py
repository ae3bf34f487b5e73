"""The editable calendar: seeded once, corrected day by day, and never stale in memory."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bihuan.calendars import policy
from bihuan.calendars.actions import (
    announce_year,
    clear_day,
    open_year,
    renew_year,
    seed_missing_years,
    seed_year,
    set_day,
)
from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.calendars.queries import calendar_for, national_year
from bihuan.calendars.verbs import LABELS, Verb
from bihuan.journal.action import Actor, NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

SYSTEM = Actor.the_system("tests")
KEEPER = Actor(person=uuid.UUID(int=1), person_name="日历维护员")
CITY, COUNTY = uuid.UUID(int=10), uuid.UUID(int=11)
HOLIDAY = date(2026, 10, 1)
WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
def keeper_of_the_city() -> Iterator[None]:
    before = [*policy._editor_checks]
    policy.register_editor_check(lambda actor, jurisdiction: actor == KEEPER and jurisdiction == CITY)
    yield
    policy._editor_checks[:] = before


@pytest.fixture
def national() -> CalendarYear:
    return seed_year(year=2026, actor=SYSTEM)


def test_seeded_year_knows_its_holidays(national: CalendarYear) -> None:
    assert not calendar_for().is_working(HOLIDAY)


def test_seeded_year_knows_its_make_up_days(national: CalendarYear) -> None:
    assert calendar_for().is_working(date(2026, 10, 10))


def test_seeded_year_is_announced_where_the_arrangement_is_published(national: CalendarYear) -> None:
    assert not calendar_for().is_provisional(HOLIDAY, HOLIDAY)


def test_year_not_yet_arranged_is_provisional() -> None:
    year = seed_year(year=2031, actor=SYSTEM)
    assert year.provisional
    assert calendar_for().is_provisional(date(2031, 1, 1), date(2031, 1, 1))


def test_year_is_seeded_once(national: CalendarYear) -> None:
    with pytest.raises(Refused, match="已经有了"):
        seed_year(year=2026, actor=SYSTEM)


@pytest.mark.parametrize("year", [1999, 2101])
def test_year_out_of_range_is_refused_with_the_range(year: int) -> None:
    with pytest.raises(Refused, match="2000至2100"):
        seed_year(year=year, actor=SYSTEM)


def test_only_missing_years_are_seeded(national: CalendarYear) -> None:
    assert [row.year for row in seed_missing_years(2025, 2027, actor=SYSTEM)] == [2025, 2027]


def test_day_set_by_hand_is_seen_at_once(national: CalendarYear) -> None:
    assert calendar_for().is_working(WEDNESDAY)
    set_day(national, day=WEDNESDAY, is_working=False, name="停工日", actor=SYSTEM)
    assert not calendar_for().is_working(WEDNESDAY)


def test_day_set_twice_keeps_one_row(national: CalendarYear) -> None:
    set_day(national, day=WEDNESDAY, is_working=False, name="停工日", actor=SYSTEM)
    set_day(national, day=WEDNESDAY, is_working=True, name="照常上班", actor=SYSTEM)
    assert [row.name for row in national.days.filter(day=WEDNESDAY)] == ["照常上班"]


def test_day_of_another_year_is_refused(national: CalendarYear) -> None:
    with pytest.raises(Refused, match="不在2026年"):
        set_day(national, day=date(2027, 3, 4), is_working=False, actor=SYSTEM)


def test_cleared_day_is_what_its_weekday_says(national: CalendarYear) -> None:
    clear_day(national, day=HOLIDAY, actor=SYSTEM)
    assert calendar_for().is_working(HOLIDAY)


def test_day_that_was_not_set_cannot_be_cleared(national: CalendarYear) -> None:
    with pytest.raises(Refused, match="没有单独设定过"):
        clear_day(national, day=WEDNESDAY, actor=SYSTEM)


def test_announcing_a_year_ends_its_being_provisional() -> None:
    year = seed_year(year=2031, actor=SYSTEM)
    announce_year(year, basis="国办发明电〔2030〕9号", actor=SYSTEM)
    assert not calendar_for().is_provisional(date(2031, 1, 1), date(2031, 12, 31))


def test_announcing_needs_the_notice() -> None:
    year = seed_year(year=2031, actor=SYSTEM)
    with pytest.raises(Refused, match="依据"):
        announce_year(year, basis=" ", actor=SYSTEM)


def test_announced_year_is_not_announced_again(national: CalendarYear) -> None:
    with pytest.raises(Refused, match="已经确认过"):
        announce_year(national, basis="再次确认", actor=SYSTEM)


def test_renewal_waits_for_the_published_arrangement() -> None:
    year = seed_year(year=2031, actor=SYSTEM)
    with pytest.raises(Refused, match="还没有这一年公布的安排"):
        renew_year(year, actor=SYSTEM)


def test_renewal_replaces_what_was_provisional(monkeypatch: pytest.MonkeyPatch) -> None:
    from bihuan.calendars import actions
    from bihuan.calendars.published import PublishedYear, published_year

    with monkeypatch.context() as patched:
        # As an older installation would have seeded it, before the arrangement was published.
        early = PublishedYear(2026, published_year(2026).days[:1], is_announced=False)
        patched.setattr(actions, "published_year", lambda year: early)
        year = seed_year(year=2026, actor=SYSTEM)
    renew_year(year, actor=SYSTEM)
    assert not year.provisional
    assert CalendarDay.objects.count() == len(published_year(2026).days)


def test_announced_year_is_not_renewed(national: CalendarYear) -> None:
    with pytest.raises(Refused, match="只有暂定的"):
        renew_year(national, actor=SYSTEM)


def test_jurisdiction_overrides_the_nation_for_itself(national: CalendarYear) -> None:
    own = open_year(year=2026, jurisdiction=CITY, basis="市政府通知", actor=SYSTEM)
    set_day(own, day=WEDNESDAY, is_working=False, name="建市纪念日", actor=SYSTEM)
    assert (calendar_for(CITY).is_working(WEDNESDAY), calendar_for().is_working(WEDNESDAY)) == (False, True)


def test_nearer_jurisdiction_overrides_the_further(national: CalendarYear) -> None:
    for jurisdiction, is_working in ((COUNTY, True), (CITY, False)):
        own = open_year(year=2026, jurisdiction=jurisdiction, basis="通知", actor=SYSTEM)
        set_day(own, day=WEDNESDAY, is_working=is_working, actor=SYSTEM)
    assert calendar_for(COUNTY, CITY).is_working(WEDNESDAY)


def test_own_year_needs_a_basis() -> None:
    with pytest.raises(Refused, match="依据"):
        open_year(year=2026, jurisdiction=CITY, basis="", actor=SYSTEM)


def test_calendar_in_memory_costs_one_query(
    national: CalendarYear, django_assert_num_queries: object
) -> None:
    calendar_for(CITY)
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar_for(CITY)


def test_national_year_is_found(national: CalendarYear) -> None:
    assert national_year(2026) == national
    assert national_year(2025) is None


def test_person_without_the_duty_may_not_edit(national: CalendarYear, keeper_of_the_city: None) -> None:
    with pytest.raises(NotAllowed, match="无权修改"):
        set_day(national, day=WEDNESDAY, is_working=False, actor=KEEPER)


def test_keeper_edits_the_calendar_of_the_jurisdiction(keeper_of_the_city: None) -> None:
    own = open_year(year=2026, jurisdiction=CITY, basis="通知", actor=KEEPER)
    set_day(own, day=WEDNESDAY, is_working=False, actor=KEEPER)
    assert not calendar_for(CITY).is_working(WEDNESDAY)


def test_nobody_edits_where_no_keeper_is_known(
    national: CalendarYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "_editor_checks", [])
    with pytest.raises(NotAllowed):
        set_day(national, day=WEDNESDAY, is_working=False, actor=KEEPER)


def test_every_verb_has_a_label() -> None:
    assert set(LABELS) == set(Verb)
