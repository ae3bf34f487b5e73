"""Passages as one text, and the title a text gives itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.text.normalise import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.intake.models import Passage

TITLE_LENGTH: Final = 60


def text_of(passages: Iterable[Passage]) -> str:
    """Passages as they stand, a line break between blocks."""
    text, block = "", None
    for passage in passages:
        here = passage.place.get("block")
        text += ("\n" if text and here != block else "") + passage.text
        block = here
    return text.strip()


def title_of(text: str) -> str:
    """The first clause or two of a text."""
    line = joined(text.strip().split("。")[0])
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line.rfind("，", 8, TITLE_LENGTH)
    return line[:cut] if cut > 0 else line[: TITLE_LENGTH - 1] + "…"
