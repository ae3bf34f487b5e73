"""A key is made on a page, shown a single time, opens the API until it is withdrawn, and is nobody else's affair."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from bihuan.exchange.actions import POLICY
from bihuan.exchange.models import ApiKey
from bihuan.journal.models import JournalEvent
from bihuan.journal.timesource import today
from bihuan.policies.actions import enact, seed_policies
from tests.organizations.cast import THE_SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static", "rules")]
KEYS, MAKE = reverse("exchange:keys"), reverse("exchange:make_key")


def form(**changes) -> dict[str, str]:
    until = today() + dt.timedelta(days=30)
    return {"purpose": "政务门户取待办", "expires_on": until.isoformat(), "idempotency_key": "one"} | changes


def shown_in(answer) -> str:
    found = re.search(r'id="made-key"[^>]*>([^<]+)<', answer.content.decode())
    return found[1] if found else ""


def enters(client, key: str) -> int:
    return client.get("/api/verbs", HTTP_AUTHORIZATION=f"Bearer {key}").status_code


@pytest.fixture
def rules(cast):
    seed_policies(jurisdiction=cast.city, codes=[POLICY], valid_from=dt.date(2025, 1, 1), actor=THE_SYSTEM)


@pytest.fixture
def handler(client_as, cast):
    return client_as(cast.handler)


def test_a_key_made_on_the_page_opens_the_api_and_is_never_shown_again(handler, client):
    answer = handler.post(MAKE, form())
    key = shown_in(answer)
    assert (answer.status_code, len(key) > 40, "no-store" in answer["Cache-Control"]) == (200, True, True)
    assert enters(client, key) == 200
    page = handler.get(KEYS).content.decode()
    assert ("政务门户取待办" in page, key in page, ApiKey.objects.get().digest in page) == (
        True,
        False,
        False,
    )


def test_the_same_form_sent_twice_makes_one_key(handler, client):
    key = shown_in(handler.post(MAKE, form()))
    again = handler.post(MAKE, form())
    assert (ApiKey.objects.count(), shown_in(again)) == (1, "")
    assert enters(client, key) == 200


def test_an_unsuitable_end_is_refused_with_what_was_typed(handler):
    answer = handler.post(MAKE, form(expires_on=(today() + dt.timedelta(days=400)).isoformat()))
    page = answer.content.decode()
    assert (answer.status_code, "政务门户取待办" in page, "366" in page) == (422, True, True)
    assert not ApiKey.objects.exists()


def test_how_long_a_key_lives_is_the_offices_policy(handler, cast):
    body = {"proposed_days": 10, "longest_days": 20}
    enact(code=POLICY, jurisdiction=cast.city, body=body, actor=cast.coordinator.actor)
    page = handler.get(MAKE).content.decode()
    assert ((today() + dt.timedelta(days=10)).isoformat() in page, "最长 20 天" in page) == (True, True)
    refused = handler.post(MAKE, form())
    assert (refused.status_code, "最长 20 天" in refused.content.decode()) == (422, True)
    until = (today() + dt.timedelta(days=20)).isoformat()
    assert shown_in(handler.post(MAKE, form(expires_on=until, idempotency_key="two")))
    made = JournalEvent.objects.get(stream=ApiKey.objects.get().pk)
    assert [(one["code"], one["version"]) for one in made.body["policies"]] == [(POLICY, 2)]


def test_withdrawn_it_opens_nothing(handler, client):
    key = shown_in(handler.post(MAKE, form()))
    made = ApiKey.objects.get()
    address = reverse("exchange:withdraw_key", args=[made.pk])
    assert handler.get(address).status_code == 200
    assert enters(client, key) == 200
    assert handler.post(address).status_code == 302
    assert enters(client, key) == 401
    assert "已停用" in handler.get(KEYS).content.decode()


def test_another_persons_key_is_not_there(handler, client_as, cast):
    handler.post(MAKE, form())
    other = client_as(cast.outsider)
    address = reverse("exchange:withdraw_key", args=[ApiKey.objects.get().pk])
    assert (other.get(address).status_code, other.post(address).status_code) == (404, 404)
    assert "政务门户取待办" not in other.get(KEYS).content.decode()
    assert ApiKey.objects.get().withdrawn_at is None


def test_administrators_are_not_offered_one_and_get_none(client_as, cast):
    auditor = client_as(cast.log_auditor)
    assert MAKE not in auditor.get(KEYS).content.decode()
    assert auditor.post(MAKE, form()).status_code == 422
    assert not ApiKey.objects.exists()


def test_who_is_not_signed_in_is_led_to_the_door(client):
    assert client.get(KEYS).status_code == 302
