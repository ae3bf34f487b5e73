"""What no template may contain, and what each must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bihuan.web

ROOM = Path(bihuan.web.__file__).parent
HOUSE = ROOM.parent
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
IDS = [str(path.relative_to(HOUSE)) for path in TEMPLATES]
SCRIPTS = sorted((ROOM / "static" / "web" / "js").glob("*.js"))

HAN = re.compile(r"[\u4e00-\u9fff]")
# The style guide shows invented data; its words are samples and not the interface.
# A language is named in itself, so that who reads only that one finds it.
SAMPLES = {"web/templates/web/styleguide.html", "web/templates/web/parts/language.html"}


def outside_of_tags(text: str) -> str:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_no_inline_script_or_style(path):
    text = re.sub(r"{%.*?%}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"\shx-on", text)
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if str(path.relative_to(HOUSE)) not in SAMPLES],
    ids=lambda path: path.name,
)
def test_chinese_words_go_through_gettext(path):
    text = outside_of_tags(path.read_text("utf-8"))
    assert HAN.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_nothing_is_fetched_from_elsewhere(path):
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_no_word_is_marked_safe_in_a_template(path):
    text = path.read_text("utf-8")
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_make_no_code_and_no_markup_from_words(path):
    text = path.read_text("utf-8")
    for forbidden in (
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
    ):
        assert forbidden not in text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small(path):
    assert path.stat().st_size < 10_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_no_words_for_the_reader(path):
    """What a person reads comes from the page, where it is translated; quotes in comments are no words."""
    code = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
    assert re.findall(r"[\u4e00-\u9fff]", code) == []
