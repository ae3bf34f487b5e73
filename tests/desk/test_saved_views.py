"""A slice of the ledger is kept for oneself, stands among the tabs, and can be dropped again."""

from __future__ import annotations

import pytest
from django.urls import reverse

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
