"""Words printed before Django is there: each sentence stands in both languages, side by side.

Everything a person reads in the browser goes through gettext. These sentences cannot: they are
needed precisely when settings, data folder or database are not usable yet.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CHINESE = "zh-hans"
ENGLISH = "en"

_asked_for = ""


def spoken_language() -> str:
    """Chinese, unless `--language`, the configuration or the terminal's locale names another language."""
    named = _asked_for or os.environ.get("BIHUAN_LANGUAGE", "").strip().lower()
    if named:
        return CHINESE if named.startswith("zh") else ENGLISH
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        # LANGUAGE lists several, the best liked first.
        locale = os.environ.get(variable, "").split(":", maxsplit=1)[0]
        if locale:
            name = locale.split(".", maxsplit=1)[0].lower()
            return CHINESE if name.startswith("zh") or name in {"c", "posix"} else ENGLISH
    return CHINESE


def take_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--language L`, which every command takes; it holds for this one call only."""
    global _asked_for  # noqa: PLW0603  (there is one terminal, and it speaks one language)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language", choices=["zh", "zh-hans", "en"], default="")
    known, rest = parser.parse_known_args(list(arguments))
    _asked_for = known.language
    return rest


def phrase(chinese: str, english: str, /, **values: object) -> str:
    """The sentence in the language of whoever sits at this terminal, its named places filled."""
    sentence = chinese if spoken_language() == CHINESE else english
    return sentence.format(**values)
