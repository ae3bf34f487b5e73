"""Whole pages: what a screen reader, a strict browser and a thin line ask of them."""

from __future__ import annotations

import gzip
import itertools
import re

import pytest
from django.urls import reverse

from tests.web.accessible import name_of
from tests.web.pages import read

PAGES = ["/styleguide/", "/styleguide/dialog/", "/account/login/", "/gone/", "/refused/", "/stale/"]
NAMED_BY_WORDS = ("a", "button", "summary")


def page_of(client, path):
    return read(client.get(path).content)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_main_and_one_heading(client, path):
    page = page_of(client, path)
    assert len(page.all("main")) == 1
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("path", PAGES)
def test_headings_skip_no_level(client, path):
    levels = [int(one.tag[1]) for one in page_of(client, path).all("main")[0].all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name(client, path):
    page = page_of(client, path)
    controls = [
        one
        for one in page.all("input", "select", "textarea", "progress")
        if one.get("type") != "hidden" and "hidden" not in one.attributes
    ]
    assert [one.attributes for one in controls if not name_of(page, one)] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_button_and_link_has_a_name(client, path):
    page = page_of(client, path)
    unnamed = [one.attributes for one in page.all(*NAMED_BY_WORDS) if not name_of(page, one)]
    assert [one for one in unnamed if one.get("aria-hidden") != "true"] == []


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/styleguide/"])
def test_no_id_stands_twice(client, path):
    ids = [one.get("id") for one in page_of(client, path).all() if one.get("id")]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("path", PAGES)
def test_what_describes_a_control_exists(client, path):
    page = page_of(client, path)
    ids = {one.get("id") for one in page.all()}
    referred = {
        word
        for one in page.all()
        for attribute in ("aria-describedby", "aria-labelledby", "for")
        for word in one.get(attribute).split()
    }
    # The dialog's title comes with the form that is loaded into it.
    assert referred - ids <= {"dialog-title"}


@pytest.mark.parametrize("path", PAGES)
def test_every_picture_is_described_or_hidden(client, path):
    page = page_of(client, path)
    assert [one.attributes for one in page.all("img") if "alt" not in one.attributes] == []
    drawings = [one for one in page.all("svg") if one.get("aria-hidden") != "true"]
    assert [
        one.attributes for one in drawings if not (one.get("role") == "img" and one.get("aria-label"))
    ] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline(client, path):
    page = page_of(client, path)
    assert [one.attributes for one in page.all() if "style" in one.attributes] == []
    assert [name for one in page.all() for name in one.attributes if name.startswith("on")] == []
    assert [one.words for one in page.all("script", "style") if one.words] == []


@pytest.mark.parametrize("path", PAGES)
def test_htmx_may_neither_evaluate_nor_write_styles(client, path):
    config = next(
        one.get("content") for one in page_of(client, path).all("meta") if one.get("name") == "htmx-config"
    )
    assert '"allowEval":false' in config
    assert '"includeIndicatorStyles":false' in config


@pytest.mark.parametrize("path", PAGES)
def test_the_theme_is_set_before_the_first_paint(client, path):
    """One plain script in the head, before the stylesheet: neither a module nor deferred."""
    head = page_of(client, path).all("head")[0]
    first = next(one for one in head.children if one.tag in ("script", "link"))
    assert first.get("src").endswith("theme.js")
    assert "defer" not in first.attributes
    assert first.get("type") != "module"


@pytest.mark.parametrize("path", PAGES)
def test_every_table_says_what_it_is(client, path):
    for table in page_of(client, path).all("table"):
        captioned = table.all("caption") or table.all("h2") or table.get("class") == "conflict"
        assert captioned, table.words[:60]


@pytest.mark.parametrize("path", PAGES)
def test_heads_of_columns_and_rows_have_a_scope(client, path):
    assert [one.words for one in page_of(client, path).all("th") if not one.get("scope")] == []


def test_the_style_guide_is_for_those_who_build(client, settings):
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, demonstration=False)
    assert client.get("/styleguide/").status_code == 404
    assert client.get("/styleguide/dialog/").status_code == 404


def test_the_whole_style_guide_is_a_small_page(client):
    """Two screens of ledger and a whole problem page, with everything: pages may weigh 150 kB compressed."""
    assert len(gzip.compress(client.get("/styleguide/").content)) < 20_000


def test_the_language_of_the_page_is_told(client):
    assert page_of(client, "/styleguide/").all("html")[0].get("lang") == "zh-Hans"


def test_the_other_language_may_be_chosen(client):
    client.post(reverse("web:set_language"), {"language": "en", "next": "/styleguide/"})
    assert page_of(client, "/styleguide/").all("html")[0].get("lang") == "en"


def test_who_is_not_signed_in_lands_before_the_sign_in_page(client):
    assert client.get("/")["Location"] == "/account/login/"


def test_only_one_button_is_solid_while_rows_are_picked(client):
    """The page's own solid button steps back by a rule of the stylesheet; here it is counted per region."""
    page = page_of(client, "/styleguide/")
    batch = next(one for one in page.all("div") if "data-batch-bar" in one.attributes)
    assert len([one for one in batch.all("button") if "btn-primary" in one.get("class")]) == 1


def test_numbers_are_grouped_in_threes(client):
    assert re.search(r">1,286<", client.get("/styleguide/").content.decode())
