"""Programs take the same road as pages: same authority, same refusals, one address a verb."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.test import Client

from bihuan.exchange import wire
from bihuan.exchange.actions import make_key, withdraw_key
from bihuan.journal.action import VERBS
from bihuan.journal.errors import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem, Sector, Source
from tests.organizations.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
# The one verb that hands in rows somebody has looked at, and the one that takes a document already read.
ONLY_PAGES = {"intake.receive_document", "intake.import_rows"}


@pytest.fixture
def rules(cast, lists):
    return cast


def key_of(player) -> dict[str, str]:
    secret = f"secret of {player.person.name}"
    expires = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    make_key(
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        purpose="接口",
        expires_on=expires,
        actor=player.actor,
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def send(client, verb: str, sent: dict, **headers):
    return client.post(f"/api/actions/{verb}", json.dumps(sent), content_type="application/json", **headers)


def registration(cast) -> dict:
    return {
        "jurisdiction": str(cast.city.pk),
        "new": {
            "title": "排口溯源不清",
            "text": "12处雨水排口旱季有水。",
            "sector": str(Sector.objects.get(code="risk.ecology.water").pk),
            "source": str(Source.objects.get(code="hotline_12345").pk),
            "nature": "duty",
            "impact": "local",
            "urgency": "urgent",
            "rectification_kind": "by_date",
            "external_deadline": "2027-06-30",
        },
    }


def test_every_verb_has_an_address_but_those_that_need_eyes():
    # Verbs that other tests make up for themselves are none of the program's.
    ours = {name for name, verb in VERBS.items() if verb.body.__module__.startswith("bihuan.")}
    assert ours & wire.unreachable().keys() == ONLY_PAGES
    assert len(wire.reachable()) > 80


def test_the_description_is_openapi_3_1(client_as, rules):
    described = client_as(rules.handler).get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/actions/ledger.register" in described["paths"]


def test_without_a_key_nothing_is_done(client, rules):
    assert send(client, "ledger.register", registration(rules)).status_code == 401
    assert Problem.objects.count() == 0


def test_a_coordinators_program_registers_once_however_often_it_calls(client, rules):
    headers = key_of(rules.coordinator) | {"HTTP_IDEMPOTENCY_KEY": "nightly-1"}
    first = send(client, "ledger.register", registration(rules), **headers)
    again = send(client, "ledger.register", registration(rules), **headers)
    assert (first.status_code, again.status_code) == (200, 200), first.content
    assert first.json() == again.json()
    assert Problem.objects.get().title == "排口溯源不清"


def test_a_program_may_no_more_than_its_person(client, rules):
    answer = send(client, "ledger.register", registration(rules), **key_of(rules.handler))
    assert answer.status_code == 403
    assert answer.json()["accepted"]


def test_what_one_may_not_know_of_is_not_found(client, rules):
    send(client, "ledger.register", registration(rules), **key_of(rules.coordinator))
    problem = Problem.objects.get()
    outsider = key_of(rules.outsider)
    assert client.get(f"/api/problems/{problem.pk}", **outsider).status_code == 404
    assert client.get("/api/problems", **outsider).json()["problems"] == []
    sent = {"problem": str(problem.pk), "changes": {"site": "x"}}
    assert send(client, "ledger.edit_facts", sent, **outsider).status_code == 404


def test_the_list_gives_what_its_filters_ask(client, rules):
    headers = key_of(rules.coordinator)
    send(client, "ledger.register", registration(rules), **headers)
    assert len(client.get("/api/problems?q=雨水排口", **headers).json()["problems"]) == 1
    assert client.get("/api/problems?q=采石场", **headers).json()["problems"] == []


def test_an_unknown_field_is_refused_by_name(client, rules):
    sent = registration(rules) | {"colour": "red"}
    answer = send(client, "ledger.register", sent, **key_of(rules.coordinator))
    assert answer.status_code == 422
    assert "colour" in answer.content.decode()


def test_a_withdrawn_key_opens_nothing(client, rules):
    headers = key_of(rules.coordinator)
    withdraw_key(rules.coordinator.person.api_keys.get(), actor=rules.coordinator.actor)
    assert client.get("/api/problems", **headers).status_code == 401


def test_administrators_get_no_keys(rules):
    with pytest.raises(Refused):
        key_of(rules.system_administrator)


def test_a_signed_in_person_makes_a_key_as_the_documentation_says(rules, open_account):
    browser, account = Client(enforce_csrf_checks=True), open_account(rules.coordinator)
    browser.get("/account/login/")
    token = browser.cookies["csrftoken"].value
    signing_in = {"login": account.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/account/login/", signing_in).status_code == 302
    sent = {
        "digest": hashlib.sha256(b"0123").hexdigest(),
        "purpose": "nightly",
        "expires_on": (today() + dt.timedelta(days=90)).isoformat(),
    }
    without = send(browser, "exchange.make_key", sent)
    assert (without.status_code, without.json()["accepted"]) == (403, "X-CSRFToken")
    token = browser.cookies["csrftoken"].value
    made = send(browser, "exchange.make_key", sent, HTTP_X_CSRFTOKEN=token)
    assert made.status_code == 200, made.content
    bearer = {"HTTP_AUTHORIZATION": "Bearer 0123"}
    assert Client().get("/api/problems", **bearer).status_code == 200
    ended = send(Client(), "exchange.withdraw_key", {"key": made.json()["result"]["id"]}, **bearer)
    assert ended.status_code == 200
    assert Client().get("/api/problems", **bearer).status_code == 401
