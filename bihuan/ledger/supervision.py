"""The supervision level follows conduct, not the facts: it rises by itself, and falls only by an approval. Pure."""

from __future__ import annotations

from typing import Final

RAISED: Final = {"regular": "priority", "priority": "raised"}


def raised(level: str) -> str:
    """One step up, as far as the program may go by itself: public listing takes a decision of its own."""
    return RAISED.get(level, level)
