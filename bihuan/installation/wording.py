"""Words printed before Django is there: each sentence stands in both languages, side by side.

Everything a person reads in the browser goes through gettext. These sentences cannot: they are
needed precisely when settings, data folder or database are not usable yet.
"""

from __future__ import annotations

import os

CHINESE = "zh-hans"
ENGLISH = "en"


def spoken_language() -> str:
    """Chinese, unless the configuration or the terminal's locale names another language."""
    configured = os.environ.get("BIHUAN_LANGUAGE", "").strip().lower()
    if configured:
        return CHINESE if configured.startswith("zh") else ENGLISH
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = os.environ.get(variable, "")
        if locale:
            name = locale.split(".", maxsplit=1)[0].lower()
            return CHINESE if name.startswith("zh") or name in {"c", "posix"} else ENGLISH
    return CHINESE


def phrase(chinese: str, english: str, /, **values: object) -> str:
    """The sentence in the language of whoever sits at this terminal, its named places filled."""
    sentence = chinese if spoken_language() == CHINESE else english
    return sentence.format(**values)
