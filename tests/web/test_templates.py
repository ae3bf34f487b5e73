"""What no template may contain, and what each must."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import bihuan.web

ROOM = Path(bihuan.web.__file__).parent
HOUSE = ROOM.parent
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
SCRIPTS = sorted((ROOM / "static" / "web" / "js").glob("*.js"))

INLINE = re.compile(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|\shx-on|javascript:")
HAN = re.compile(r"[\u4e00-\u9fff]")
# The style guide shows invented data; its words are samples and not the interface.
# A language is named in itself, so that who reads only that one finds it.
SAMPLES = {"web/templates/web/styleguide.html", "web/templates/web/parts/language.html"}


def outside_of_tags(text: str) -> str:
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)


def found_in(paths: list[Path], wrong: Callable[[str], bool]) -> list[str]:
    """The files whose text is wrong. One test looks at all of them: there are hundreds, and to begin a test takes longer."""
    assert paths
    return [str(path.relative_to(HOUSE)) for path in paths if wrong(path.read_text("utf-8"))]


def has_inline_parts(source: str) -> bool:
    text = re.sub(r"{%.*?%}", "", source, flags=re.DOTALL)
    scripts = re.findall(r"<script\b[^>]*>", text)
    return bool(INLINE.search(text)) or not all(
        "src=" in tag or 'type="application/json"' in tag for tag in scripts
    )


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<a onclick='x()'>",
        '<a hx-on="x">',
        '<a href="javascript:x">',
        "<script>x()</script>",
    ],
)
def test_an_inline_part_would_be_found(source):
    assert has_inline_parts(source)


def test_no_inline_script_or_style():
    assert found_in(TEMPLATES, has_inline_parts) == []


def test_chinese_words_go_through_gettext():
    paths = [path for path in TEMPLATES if str(path.relative_to(HOUSE)) not in SAMPLES]
    assert found_in(paths, lambda text: bool(HAN.search(outside_of_tags(text)))) == []


def test_nothing_is_fetched_from_elsewhere():
    elsewhere = re.compile(r"""(?:src|href)=["']?(?:https?:)?//""")
    assert found_in(TEMPLATES, lambda text: bool(elsewhere.search(text))) == []


def test_no_word_is_marked_safe_in_a_template():
    assert found_in(TEMPLATES, lambda text: "|safe" in text or "autoescape off" in text) == []


def test_scripts_make_no_code_and_no_markup_from_words():
    forbidden = (
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
    )
    assert found_in(SCRIPTS, lambda text: any(word in text for word in forbidden)) == []


def test_a_script_is_small():
    assert [path.name for path in SCRIPTS if path.stat().st_size >= 10_000] == []


def test_scripts_hold_no_words_for_the_reader():
    """What a person reads comes from the page, where it is translated; quotes in comments are no words."""
    assert found_in(SCRIPTS, lambda text: bool(HAN.search(re.sub(r"//[^\n]*", "", text)))) == []
