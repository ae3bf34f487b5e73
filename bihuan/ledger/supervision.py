"""The supervision level follows conduct, not the facts: it rises by itself, and falls only by an approval. Pure."""

from __future__ import annotations

from typing import Final

RAISED: Final = {"regular": "priority", "priority": "raised"}


def raised(level: str) -> str:
    """One step up, as far as the program may go by itself: public listing takes a decision of its own."""
    return RAISED.get(level, level)


LEVELS: Final = ("regular", "priority", "raised", "listed")
"""From mild to severe; a level the office calls by another code is left as it is."""


def at_least(level: str, wanted: str) -> str:
    """The level after a decision that brings at least another one."""
    if level not in LEVELS or wanted not in LEVELS:
        return level
    return max(level, wanted, key=LEVELS.index)


def levels_below(level: str) -> tuple[str, ...]:
    """What it may be lowered to, the nearest first; each only by an approval."""
    return tuple(reversed(LEVELS[: LEVELS.index(level)])) if level in LEVELS else ()
