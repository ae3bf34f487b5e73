"""What goes wrong looks like us, says what to do, and betrays nothing."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from bihuan.web.refusals import conflict_of
from tests.web.addresses import FAILING
from tests.web.pages import read

HTMX = {"HX-Request": "true"}
STATUS = {
    "bad": 400,
    "forbidden": 403,
    "gone": 404,
    "broken": 500,
    "refused": 422,
    "not-allowed": 403,
    "not-visible": 404,
    "stale": 409,
}


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_each_failure_has_its_status(client, name, status):
    assert client.get(f"/{name}/").status_code == status


@pytest.mark.parametrize("name", STATUS)
def test_each_failure_is_a_whole_page_with_a_way_out(client, name):
    page = read(client.get(f"/{name}/").content)
    assert len(page.all("h1")) == 1
    assert "回工作台" in page.words


@pytest.mark.parametrize("name", [name for name in STATUS if name != "broken"])
def test_htmx_gets_a_part_of_a_page(client, name):
    response = client.get(f"/{name}/", headers=HTMX)
    assert response.status_code == STATUS[name]
    assert read(response.content).all("html") == []


@pytest.mark.parametrize("name", ["gone", "broken", "not-visible"])
def test_nothing_is_betrayed(client, name):
    assert "secret words" not in client.get(f"/{name}/").content.decode()


def test_not_seeing_and_not_existing_look_the_same(client):
    """Byte for byte, but for the tokens of forms and the address that was asked for."""

    def body(path):
        page = client.get(path).content.decode()
        return re.sub(r"\b\w{64}\b", "token", page).replace(path, "")

    assert body("/not-visible/") == body("/not-existing/")


def test_a_refusal_says_what_is_wrong_and_what_would_be_right(client):
    words = read(client.get("/refused/").content).words
    assert "期限不能早于今天" in words
    assert "请填 2026-11-24 或更晚的日期" in words


def test_a_refusal_in_the_dialog_can_be_closed(client):
    page = read(client.get("/refused/", headers={**HTMX, "HX-Target": "dialog-body"}).content)
    assert any("data-dialog-close" in one.attributes for one in page.all("button"))


def test_who_came_too_late_sees_what_changed(client):
    words = read(client.get("/stale/").content).words
    assert "沈砚" in words
    assert "平桥县水利局" in words
    assert "平桥县农业农村局" in words


def test_a_conflict_shows_labels_and_typed_words():
    conflict = conflict_of(
        FAILING["stale"], labels={"lead_unit": "牵头单位"}, typed={"lead_unit": "县工信局"}
    )
    assert [(one.label, one.typed) for one in conflict.changes] == [("牵头单位", "县工信局")]


def test_a_conflict_knows_who_was_first():
    assert conflict_of(FAILING["stale"]).who == "沈砚"


def test_an_expired_form_is_explained(client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = strict.post(reverse("web:set_language"), {"language": "en"})
    assert response.status_code == 403
    assert "这一页放得太久了" in read(response.content).words


def test_locked_out_says_for_how_long(rf, settings):
    from bihuan.web.views import locked_out

    settings.AXES_COOLOFF_TIME = 0.25
    response = locked_out(rf.get("/"))
    assert response.status_code == 429
    assert "15 分钟" in read(response.content).words


@pytest.mark.parametrize("path", ["/styleguide/", "/gone/", "/refused/", "/account/login/"])
def test_every_page_forbids_what_is_not_ours(client, path):
    policy = client.get(path)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_are_not_kept_by_proxies(client):
    assert client.get("/styleguide/")["Cache-Control"] == "private, no-cache"


def test_other_headers(client):
    response = client.get("/styleguide/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_redirect_leads_the_whole_page(client):
    response = client.get("/elsewhere/", headers=HTMX)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/styleguide/"


def test_what_was_said_before_a_redirect_is_still_said(client):
    client.get("/elsewhere/", headers=HTMX)
    assert "已签收 3 件" in read(client.get("/styleguide/").content).words


def test_without_htmx_a_redirect_stays_one(client):
    assert client.get("/elsewhere/").status_code == 302


def test_signing_in_again_leads_back_to_the_page_not_to_its_part(client):
    """The password page asks who is there; the part of a page that asked for it is no place to come back to."""
    headers = {**HTMX, "HX-Current-URL": "http://testserver/ledger/?q=1"}
    response = client.get(reverse("account_change_password"), headers=headers)
    assert response["HX-Redirect"] == "/account/login/?next=%2Fledger%2F%3Fq%3D1"


def test_the_icon_is_ours(client):
    assert client.get("/favicon.ico")["Location"] == "/static/web/img/icon.svg"
