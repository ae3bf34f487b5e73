"""Signing in by user name or mobile number, and what the access log keeps of it."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.urls import reverse

from bihuan.journal.models import AccessEntry
from bihuan.organizations import actions
from bihuan.organizations.sign_in import ClosedSignup
from tests.organizations.cast import PASSWORD

pytestmark = pytest.mark.django_db
NUMBER = "13812345678"


@pytest.fixture(autouse=True)
def account(cast, open_account):
    actions.set_mobile(cast.handler.person, mobile=NUMBER, actor=cast.system)
    return open_account(cast.handler)


def tried(name, password=PASSWORD):
    return authenticate(RequestFactory().post("/"), username=name, password=password)


def entries():
    return list(AccessEntry.objects.using("access_log").filter(what__startswith="sign_").order_by("pk"))


@pytest.mark.parametrize("name", ["handler", NUMBER, "138 1234 5678", "+86-138-1234-5678"])
def test_a_user_name_or_a_mobile_number_signs_in(account, name):
    assert tried(name) == account


def test_a_wrong_password_does_not(account):
    assert tried("handler", "Reeds-by-the-river-8") is None


def test_a_number_nobody_has_does_not(account):
    assert tried("13987654321") is None


def test_a_number_given_up_does_not(cast, account):
    actions.set_mobile(cast.handler.person, mobile="", actor=cast.system)
    assert tried(NUMBER) is None


def test_who_has_left_does_not(cast, account):
    actions.end_tenure(cast.handler.post, actor=cast.system)
    actions.depart(cast.handler.person, actor=cast.system)
    assert tried("handler") is None


def test_an_account_that_was_shut_does_not(cast, account):
    actions.set_account(
        cast.handler.person, user_name="handler", password=PASSWORD, is_active=False, actor=cast.system
    )
    assert tried("handler") is None


def test_too_many_wrong_passwords_shut_the_right_one_out(account):
    for _ in range(5):
        tried("handler", "wrong")
    assert tried("handler") is None


def test_signing_in_is_entered(cast, client, account):
    client.post(reverse("account_login"), {"login": "handler", "password": PASSWORD})
    entry = entries()[-1]
    assert (entry.what, entry.outcome, entry.person) == ("sign_in", "done", cast.handler.person.pk)


def test_signing_in_by_number_works_on_the_page(cast, client, account):
    client.post(reverse("account_login"), {"login": NUMBER, "password": PASSWORD})
    assert client.get("/favicon.ico").wsgi_request.actor == cast.handler.actor


def test_signing_out_is_entered(cast, client_as):
    client_as(cast.handler).post(reverse("account_logout"))
    assert entries()[-1].what == "sign_out"


def test_a_failure_names_the_account(cast, account):
    tried("handler", "wrong")
    entry = entries()[-1]
    assert (entry.outcome, entry.person) == ("failed", cast.handler.person.pk)


def test_a_failure_keeps_no_number_in_full(account):
    tried("13987654321", "wrong")
    assert entries()[-1].detail == {"typed": "139****4321"}


def test_a_password_typed_in_the_wrong_box_stays_secret(account):
    tried(PASSWORD, "handler")
    assert PASSWORD not in str(entries()[-1].detail)


def test_nobody_registers_here():
    assert ClosedSignup().is_open_for_signup(RequestFactory().get("/")) is False
