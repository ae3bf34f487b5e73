"""A slice of the ledger is kept for oneself, stands among the tabs, and can be dropped again."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import RequestFactory
from django.urls import reverse

from bihuan.desk.ledger_page import Place
from bihuan.ledger.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
LEDGER = reverse("desk:ledger")
KEPT = "state=accepting&level=raised"


@pytest.fixture
def handler(client_as, story):
    client = client_as(story.cast.handler)
    client.post(reverse("ledger:save_view"), {"name": "升级督办待验收", "query": KEPT})
    return client


def dropping() -> str:
    return reverse("ledger:forget_view", args=[SavedView.objects.get().pk])


def test_it_can_be_dropped_where_it_is_looked_at(handler):
    address = dropping()
    assert "升级督办待验收" in handler.get(LEDGER).content.decode()
    assert address not in handler.get(LEDGER).content.decode()
    assert address in handler.get(f"{LEDGER}?{KEPT}").content.decode()
    assert handler.get(address).status_code == 200
    assert handler.post(address).status_code == 302
    assert "升级督办待验收" not in handler.get(LEDGER).content.decode()


def test_dropped_it_is_not_there_to_drop_again(handler):
    address = dropping()
    handler.post(address)
    assert handler.post(address).status_code == 404


def test_nobody_drops_what_another_keeps(handler, client_as, story):
    other = client_as(story.cast.coordinator)
    assert (other.get(dropping()).status_code, other.post(dropping()).status_code) == (404, 404)
    assert SavedView.objects.get().name


def current(page: str) -> list[str]:
    return re.findall(r'<a href="[^"]*" aria-current="page">([^<]+)<', tabs_in(page))


def tabs_in(page: str) -> str:
    return page[page.index('<nav class="views"') :].split("</nav>", maxsplit=1)[0]


def test_of_two_views_of_one_slice_the_chosen_one_is_current(handler):
    kept = handler.post(reverse("ledger:save_view"), {"name": "周会看", "query": KEPT})
    first, second = SavedView.objects.order_by("id")
    assert current(handler.get(kept["Location"]).content.decode()) == ["周会看"]
    page = handler.get(f"{LEDGER}?{KEPT}").content.decode()
    assert current(page) == ["升级督办待验收"]
    links = [unescape(link) for link in re.findall(r'<a href="([^"]+)"', tabs_in(page))]
    for view in (first, second):
        [link] = [
            one for one in links if str(view.pk) in one and "forget" not in one and "/views/" not in one
        ]
        shown = handler.get(link).content.decode()
        assert current(shown) == [view.name]
        assert reverse("ledger:forget_view", args=[view.pk]) in shown
    assert f"view={second.pk}" in Place.of(RequestFactory().get(link)).address(page="2")


def test_a_slice_that_was_changed_is_no_longer_the_view(handler):
    view = SavedView.objects.get()
    assert current(handler.get(f"{LEDGER}?state=closed&view={view.pk}").content.decode()) == ["已销号"]
    assert current(handler.get(f"{LEDGER}?state=open&level=raised&view={view.pk}").content.decode()) == []


def test_a_kept_view_of_a_ready_made_slice_is_current_once_chosen(handler):
    kept = handler.post(reverse("ledger:save_view"), {"name": "我的在办", "query": "state=open"})
    assert current(handler.get(kept["Location"]).content.decode()) == ["我的在办"]
    assert current(handler.get(f"{LEDGER}?state=open").content.decode()) == ["在办"]


@pytest.mark.parametrize("wrong", ["x", "01a216a2-e4be-733d-a0ba-46b3070660e5", "%00"])
def test_a_view_that_is_not_ones_own_changes_nothing(handler, wrong):
    assert current(handler.get(f"{LEDGER}?{KEPT}&view={wrong}").content.decode()) == ["升级督办待验收"]
