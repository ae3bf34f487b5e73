"""One stylesheet: small, whole, in the order written, and understood by Chromium 90."""

from __future__ import annotations

import gzip
import re

import pytest

from bihuan.web.stylesheet import FOLDER, ORDER, stylesheet, stylesheet_url

LIMIT = 30_000  # compressed bytes: the whole look of the program
NEWER = [
    (r":has\(", ":has (105)"),
    (r"@layer", "cascade layers (99)"),
    (r"@container|container-type", "container queries (105)"),
    (r"color-mix\(", "color-mix (111)"),
    (r"@property\b.*\binitial", "registered properties with inherits"),
    (r"\boklch\(|\blab\(", "wide colours (111)"),
    (r":nth-child\([^)]* of ", "nth-child of (111)"),
    (r"\b(?:dvh|svh|lvh)\b", "dynamic viewport units (108)"),
    (r"accent-color", "accent-color (93)"),
    (r"text-wrap", "text-wrap (114)"),
    (r"@starting-style|@scope", "newer at-rules"),
    (r"inset-(?:block|inline)\b.*&", "nesting"),
]


def files() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.css"))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_every_file_is_in_the_order_and_no_name_is_without_a_file():
    assert sorted(ORDER) == files()


def test_it_is_small():
    assert len(stylesheet().squeezed) < LIMIT


def test_both_forms_hold_the_same_text():
    assert gzip.decompress(stylesheet().squeezed) == stylesheet().text


def test_print_comes_last():
    assert ORDER[-1] == "print"


def written(name: str) -> str:
    return (FOLDER / f"{name}.css").read_text("utf-8")


def test_a_file_is_short_enough_to_read():
    assert [name for name in ORDER if len(written(name).splitlines()) >= 400] == []


@pytest.mark.parametrize(("pattern", "what"), NEWER, ids=[what for _, what in NEWER])
def test_nothing_is_newer_than_chromium_90(pattern, what):
    assert [name for name in ORDER if re.search(pattern, without_comments(written(name)))] == []


@pytest.mark.parametrize("name", ORDER)
def test_rules_are_not_nested(name):
    """Outside of @media, @keyframes and their like, a brace never opens inside a rule."""
    depth, in_rule = 0, False
    text = without_comments((FOLDER / f"{name}.css").read_text("utf-8"))
    for head, sign in re.findall(r"([^{}]*)([{}])", text):
        if sign == "{":
            assert not in_rule, head
            depth += 1
            in_rule = not head.strip().startswith(("@media", "@keyframes", "@supports"))
        else:
            depth -= 1
            in_rule = False
    assert depth == 0


def test_colours_are_named_in_the_tokens_only():
    """Print is black on white, whatever the theme."""
    own = {"print": {"#fff", "#000", "#999"}}
    found = {name: set(re.findall(r"#[0-9a-f]{3,8}\b", without_comments(written(name)))) for name in ORDER}
    assert found["tokens"]
    odd = {name: colours - own.get(name, set()) for name, colours in found.items() if name != "tokens"}
    assert {name: colours for name, colours in odd.items() if colours} == {}


def test_every_variable_is_defined():
    css = without_comments(stylesheet().text.decode())
    used = set(re.findall(r"var\((--[\w-]+)", css))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used - defined == set()


def test_it_is_served_squeezed_and_kept_for_ever(client):
    response = client.get(stylesheet_url(), headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "immutable" in response["Cache-Control"]
    assert gzip.decompress(response.content) == stylesheet().text


def test_it_is_served_plain_to_who_cannot_unsqueeze(client):
    response = client.get(stylesheet_url())
    assert response.content == stylesheet().text
    assert "Content-Encoding" not in response


def test_an_old_name_still_answers_but_is_not_kept(client):
    response = client.get("/site.0000000000000000.css")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
