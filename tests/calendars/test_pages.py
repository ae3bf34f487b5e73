"""The pages of the calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from bihuan.calendars.actions import open_year, seed_year
from bihuan.calendars.models import CalendarDay, CalendarYear
from bihuan.calendars.queries import calendar_for
from bihuan.journal import timesource
from bihuan.journal.action import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.the_system("tests")
YEAR = "/calendars/2026/"


@pytest.fixture(autouse=True)
def found_static_files(settings):
    """Static files come from the finders here, not from a folder that deployment collects."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def national(cast) -> CalendarYear:
    return seed_year(year=2026, actor=SYSTEM)


def day_address(row: CalendarYear, day: str = "2026-03-04") -> str:
    return reverse("calendars:day", args=[row.pk, day])


def test_the_navigation_leads_to_this_year(cast, client_as):
    answer = client_as(cast.coordinator).get("/calendars/")
    assert re.fullmatch(r"/calendars/20\d\d/", answer["Location"])


def test_a_year_has_all_its_days(cast, national, client_as):
    page = client_as(cast.handler).get(YEAR).content.decode()
    assert page.count('<td class="is-') == 365
    assert page.count("is-make_up") == sum(row.is_working for row in national.days.all())


def test_whoever_does_not_keep_it_sees_it_and_edits_nothing(cast, national, client_as):
    client = client_as(cast.handler)
    assert "点日期修改" not in client.get(YEAR).content.decode()
    assert client.get(day_address(national)).status_code == 403
    assert client.post(day_address(national), {"what": "off", "name": "厂休"}).status_code == 403


@pytest.mark.parametrize("player", ["coordinator", "reviewer", "system_administrator"])
def test_its_keepers_edit_a_day(cast, national, client_as, player):
    client = client_as(getattr(cast, player))
    assert client.get(day_address(national)).status_code == 200
    assert client.post(day_address(national), {"what": "off", "name": "抗洪放假"}).status_code == 302
    row = CalendarDay.objects.get(day="2026-03-04")
    assert (row.is_working, row.name) == (False, "抗洪放假")


def test_a_day_goes_back_to_its_weekday(cast, national, client_as):
    client = client_as(cast.coordinator)
    client.post(day_address(national), {"what": "off", "name": "厂休"})
    client.post(day_address(national), {"what": "as_above"})
    assert not CalendarDay.objects.filter(day="2026-03-04").exists()


def test_a_day_never_set_stays_as_it_was(cast, national, client_as):
    assert client_as(cast.coordinator).post(day_address(national), {"what": "as_above"}).status_code == 302


def test_a_day_of_another_year_is_refused_over_the_form(cast, national, client_as):
    answer = client_as(cast.coordinator).post(
        day_address(national, "2027-03-04"), {"what": "off", "name": "厂休"}
    )
    assert answer.status_code in {409, 422}
    assert "不在2026年" in answer.content.decode()


def test_a_day_that_does_not_exist_has_no_page(cast, national, client_as):
    assert client_as(cast.coordinator).get(f"/calendars/{national.pk}/2026-02-30/").status_code == 404


def test_the_national_year_is_loaded_from_its_page(cast, client_as):
    client = client_as(cast.coordinator)
    assert "载入全国节假日" in client.get(YEAR).content.decode()
    assert client.post(reverse("calendars:seed", args=[2026])).status_code == 302
    assert CalendarYear.objects.get(year=2026).days.exists()


def test_a_place_begins_its_own_calendar(cast, national, client_as):
    client = client_as(cast.coordinator)
    place = f"?place={cast.city.pk}"
    assert "新建本地日历" in client.get(YEAR + place).content.decode()
    client.post(reverse("calendars:open", args=[2026]) + place, {"basis": "云政办发〔2026〕3号"})
    own = CalendarYear.objects.get(jurisdiction=cast.city.pk)
    client.post(day_address(own), {"what": "off", "name": "建市纪念日"})
    assert not calendar_for(cast.city.pk).is_working(CalendarDay.objects.get(calendar_year=own).day)
    assert "is-off is-own" in client.get(YEAR + place).content.decode()


def test_another_place_is_not_shown(cast, national, client_as):
    answer = client_as(cast.coordinator).get(f"{YEAR}?place={cast.other_county.pk}")
    assert answer.status_code == 404


def test_the_county_does_not_keep_the_citys_calendar(cast, client_as):
    own = open_year(year=2026, jurisdiction=cast.city.pk, basis="3号", actor=SYSTEM)
    assert client_as(cast.outsider).get(day_address(own)).status_code == 403


def test_a_provisional_year_is_marked_and_confirmed(cast, client_as):
    row = seed_year(year=2028, actor=SYSTEM)
    assert row.provisional
    client = client_as(cast.coordinator)
    assert "尚未公布" in client.get("/calendars/2028/").content.decode()
    client.post(reverse("calendars:announce", args=[row.pk]), {"basis": "国办发明电〔2027〕9号"})
    row.refresh_from_db()
    assert (row.provisional, row.basis) == (False, "国办发明电〔2027〕9号")


@pytest.mark.parametrize("year", ["1999", "2101"])
def test_years_beyond_the_calendar_have_no_page(cast, client_as, year):
    assert client_as(cast.coordinator).get(f"/calendars/{year}/").status_code == 404


def test_what_a_day_is_goes_by_the_calendar_of_the_readers_place(cast, national, client_as):
    client = client_as(cast.handler)
    with timesource.at(datetime(2026, 9, 24, tzinfo=UTC)):
        said = client.get("/calendars/about/?deadline=2026-10-05").content.decode()
    assert "前一个工作日是 2026-09-30" in said


@pytest.mark.parametrize("query", ["", "deadline=", "deadline=2026-02-30", "deadline=%3Cb%3E"])
def test_of_what_is_no_day_nothing_is_said(cast, client_as, query):
    assert client_as(cast.handler).get(f"/calendars/about/?{query}").content == b""


def test_what_a_day_is_strangers_are_not_told(client):
    assert client.get("/calendars/about/?deadline=2026-10-05").status_code == 302
