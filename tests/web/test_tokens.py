"""The colours of both themes: words are legible, marks stand out (WCAG 2.1 AA, computed from the tokens)."""

from __future__ import annotations

import re

import pytest

from bihuan.web.stylesheet import FOLDER

TEXT = 4.5
MARK = 3.0

# Which words stand on which ground somewhere in the interface.
GROUNDS = ("body-bg", "secondary-bg", "tertiary-bg", "emphasis-bg", "primary-bg-subtle")
ON_GROUNDS = ("body-color", "secondary-color", "tertiary-color", "link-color")
PAIRS = [
    *[(ink, ground) for ink in ON_GROUNDS for ground in GROUNDS],
    ("primary-text", "primary"),
    ("primary-text", "primary-hover"),
    ("overdue", "body-bg"),
    ("overdue", "tertiary-bg"),
    ("overdue", "primary-bg-subtle"),
    ("notice", "body-bg"),
    ("notice", "tertiary-bg"),
    ("notice", "notice-bg-subtle"),
    ("notice", "primary-bg-subtle"),
    ("ok", "body-bg"),
    ("ok", "secondary-bg"),
    ("ok", "ok-bg-subtle"),
    ("body-color", "notice-bg-subtle"),
    ("secondary-color", "notice-bg-subtle"),
    ("link-color", "notice-bg-subtle"),
    ("body-bg", "body-color"),
    ("paper-ink", "paper"),
    ("paper-ink", "mark-bg"),
    *[(f"stage-{n}", "body-bg") for n in range(1, 9)],
]
MARKS = [
    *[(f"light-{colour}-edge", "body-bg") for colour in ("green", "blue", "yellow", "orange", "red", "off")],
    *[
        (f"light-{colour}-edge", "primary-bg-subtle")
        for colour in ("green", "blue", "yellow", "orange", "red", "off")
    ],
    ("control-border", "body-bg"),
    ("control-border", "secondary-bg"),
    ("focus-ring-color", "body-bg"),
    ("focus-ring-color", "secondary-bg"),
    ("light-letter", "light-red"),
    ("brand", "secondary-bg"),
    ("mark-edge", "paper"),
]


def tokens(theme: str) -> dict[str, str]:
    css = re.sub(r"/\*.*?\*/", "", (FOLDER / "tokens.css").read_text("utf-8"), flags=re.DOTALL)
    found: dict[str, str] = {}
    for block in re.findall(rf'\[data-theme="{theme}"\]\s*{{(.*?)}}', css, flags=re.DOTALL):
        found |= dict(re.findall(r"--bh-([\w-]+):\s*(#[0-9a-f]{6});", block))
    return found


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_knows_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_are_legible(theme):
    found = tokens(theme)
    assert [pair for pair in PAIRS if contrast(found[pair[0]], found[pair[1]]) < TEXT] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out(theme):
    found = tokens(theme)
    assert [pair for pair in MARKS if contrast(found[pair[0]], found[pair[1]]) < MARK] == []


def test_both_themes_name_the_same_colours():
    assert tokens("light").keys() - tokens("dark").keys() == set()
