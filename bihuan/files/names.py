"""The name somebody's file came with, made safe to keep and to hand back. Pure."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath

MAXIMUM = 200
# Marks that turn the reading direction or hide: `fdp.exe` can be made to look like `exe.pdf`.
_DECEIVING = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_NOT_IN_NAMES = frozenset('<>:"|?*')


class BadName(ValueError):
    """The name cannot be kept. `reason` is path, deceiving or empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_name(name: str) -> str:
    """The name as it is kept: composed characters, no surrounding dots or spaces, its ending kept when shortened."""
    name = unicodedata.normalize("NFC", name).strip()
    if "/" in name or "\\" in name or ".." in name.replace("...", ""):
        raise BadName("path")
    if any(letter in _DECEIVING for letter in name):
        raise BadName("deceiving")
    kept = "".join("_" if letter in _NOT_IN_NAMES or _is_control(letter) else letter for letter in name)
    kept = kept.strip(" .")
    if not kept:
        raise BadName("empty")
    ending = PurePath(kept).suffix
    return kept if len(kept) <= MAXIMUM else kept[: MAXIMUM - len(ending)] + ending


def ending_of(name: str) -> str:
    """The lower-case ending without its dot, or an empty text."""
    return PurePath(name).suffix.lower().lstrip(".")


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs"}
