"""Coming in and going out, and what the shell knows of who came in."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.organizations.cast import PASSWORD
from tests.web.pages import read

LOGIN = "/account/login/"
pytestmark = pytest.mark.django_db(databases=["default", "access_log"])


@pytest.fixture(autouse=True)
def whole_house(shell_alone, settings):
    """Who is signed in is told by the rooms, so here all their addresses are served."""
    settings.ROOT_URLCONF = "bihuan.urls"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    """The count of attempts by address is kept in the cache, which tests share."""
    cache.clear()


@pytest.fixture
def account(cast, open_account):
    return open_account(cast.coordinator)


def sign_in(client, name, password, **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def test_the_page_asks_for_name_or_number(client):
    page = read(client.get(LOGIN).content)
    assert [one.words for one in page.all("label")] == ["用户名或手机号", "密码"]
    assert [one.get("autocomplete") for one in page.all("input") if one.get("autocomplete")] == [
        "username",
        "current-password",
    ]


def test_the_way_in_leads_to_the_first_place(client, account):
    assert sign_in(client, account.username, PASSWORD)["Location"] == "/"


def test_the_way_in_leads_back_to_where_one_was(client, account):
    response = sign_in(client, account.username, PASSWORD, next="/ledger/?q=1")
    assert response["Location"] == "/ledger/?q=1"


def test_the_way_in_leads_nowhere_else(client, account):
    assert sign_in(client, account.username, PASSWORD, next="https://elsewhere.example/")["Location"] == "/"


def test_a_wrong_password_is_told_without_telling_who_exists(client, account):
    wrong = read(sign_in(client, account.username, "wrong").content)
    unknown = read(sign_in(client, "nobody", "wrong").content)

    def said(page):
        return [one.words for one in page.all("div") if one.get("role") == "alert"]

    assert said(wrong) == said(unknown) != []


def test_the_typed_name_stays_and_the_password_does_not(client, account):
    page = read(sign_in(client, account.username, "wrong").content)
    values = {one.get("name"): one.get("value") for one in page.all("input")}
    assert (values["login"], values["password"]) == (account.username, "")


def test_empty_boxes_say_what_belongs_there(client, db):
    words = read(sign_in(client, "", "").content).words
    assert "请填写用户名，或登记过的手机号" in words
    assert "请填写密码" in words


def test_too_many_wrong_passwords_close_the_door_in_our_look(client, account, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = sign_in(client, account.username, "wrong")
    assert response.status_code == 429
    assert "暂时不能登录" in read(response.content).words


def test_going_out_is_asked_for_in_our_look(client_as, cast):
    page = read(client_as(cast.coordinator).get(reverse("account_logout")).content)
    assert page.all("h1")[0].words == "退出登录？"


def test_going_out_ends_the_session(client_as, cast):
    client = client_as(cast.coordinator)
    client.post(reverse("account_logout"))
    assert client.get("/")["Location"] == LOGIN


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index"])
def test_account_pages_wear_the_shell(client_as, cast, name):
    response = client_as(cast.coordinator).get(reverse(name))
    page = read(response.content)
    assert response.status_code == 200
    assert len(page.all("h1")) == 1
    assert any("nav" in one.get("class").split() for one in page.all("nav"))


def test_a_second_factor_can_be_set_up_in_our_look(client, account):
    sign_in(client, account.username, PASSWORD)
    asked_again = client.get(reverse("mfa_activate_totp"))["Location"]
    assert len(read(client.get(asked_again).content).all("h1")) == 1
    page = read(client.post(asked_again, {"password": PASSWORD}, follow=True).content)
    assert [one.get("class") for one in page.all("img")] == ["qr"]
    assert [one.get("class") for one in page.all("input") if one.get("name") == "code"] == ["input"]


def test_the_bar_names_person_unit_and_post(client_as, cast):
    words = read(client_as(cast.coordinator).get("/styleguide/").content).all("header")[0].words
    assert "林晓" in words
    assert "市整改办 · 整改办经办" in words


def test_the_shell_names_the_jurisdiction(client_as, cast):
    page = read(client_as(cast.handler).get("/styleguide/").content)
    brand = next(one for one in page.all("a") if one.get("class") == "brand")
    assert "云川市" in brand.words


def test_without_a_post_one_is_told_whom_to_ask(client, account, cast, no_places):
    sign_in(client, account.username, PASSWORD)
    response = client.get("/")
    assert response.status_code == 200
    assert "还没有给您的岗位" in read(response.content).words


def test_the_first_place_is_where_one_lands(client_as, cast):
    assert client_as(cast.coordinator).get("/")["Location"] == "/desk/"


def test_the_shell_itself_costs_no_query(client_as, cast, no_places, django_assert_max_num_queries):
    """Session, account, whether they left, person, two for the seats: all of them asked before the page is drawn."""
    client = client_as(cast.coordinator)
    client.get("/styleguide/")
    with django_assert_max_num_queries(6):
        client.get("/styleguide/")
