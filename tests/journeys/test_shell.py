"""The way in, the places, the other language, the way out: the whole program, as people meet it."""

from __future__ import annotations

import pytest

from bihuan.organizations import actions
from tests.browsing import overflow_of
from tests.organizations.cast import PASSWORD, THE_SYSTEM, Cast, build_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def city(committed: str) -> Cast:
    cast = build_cast()
    for player in (cast.coordinator, cast.handler):
        actions.set_account(
            player.person, user_name=player.person.external_id, password=PASSWORD, actor=THE_SYSTEM
        )
    return cast


def test_a_coordinator_comes_in_looks_around_and_leaves(browser, city):
    page = browser.signed_in("coordinator", PASSWORD)
    assert page.url.endswith("/desk/")
    assert "林晓" in page.inner_text("header")
    for path in [link.get_attribute("href") for link in page.locator(".nav > ul a").all()]:
        page.click(f".nav > ul a[href='{path}']")
        assert page.locator("h1").count() == 1
        assert page.locator(".nav > ul a[aria-current=page]").count() == 1
    page.click(".language button")
    assert page.get_attribute("html", "lang") == "en"
    page.click(".me details.menu summary")
    page.click(".me form[action*=logout] button")
    assert page.url.endswith("/account/login/")


@pytest.mark.parametrize("width", [1440, 390])
def test_every_place_fits_its_screen(browser, city, width):
    page = browser.signed_in("coordinator", PASSWORD, width=width)
    addresses = page.locator(".nav > ul a").evaluate_all("links => links.map(link => link.pathname)")
    too_wide = {}
    for address in addresses:
        page.goto(address)
        too_wide[address] = overflow_of(page)
    assert {address: by for address, by in too_wide.items() if by} == {}


def test_who_may_not_administer_is_not_shown_the_way(browser, city):
    page = browser.signed_in("handler", PASSWORD)
    assert "管理" not in page.inner_text(".nav")
