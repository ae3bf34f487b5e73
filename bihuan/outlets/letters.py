"""What is said outside: how many of what kind, which number, where to look. Pure; the words of a kind are made before.

Several waiting messages become one letter: its first line counts them, the others are their lines.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 20


@dataclass(frozen=True)
class Line:
    """One message in words, how many it counts, and the address it leads to."""

    words: str
    count: int
    link: str


@dataclass(frozen=True)
class Letter:
    """What leaves. `marker` is the same on every attempt, so that a receiver who keeps count can tell."""

    marker: uuid.UUID
    subject: str
    lines: tuple[Line, ...]
    link: str

    @property
    def text(self) -> str:
        """All of it, line by line."""
        if len(self.lines) == 1:
            return f"{self.subject}\n{self.link}"
        told = [f"· {line.words}" for line in self.lines[:MOST_LINES]]
        return "\n".join([self.subject, *told, self.link])

    @property
    def short(self) -> str:
        """As a short message takes it: one sentence and the link."""
        return f"{self.subject}{self.link}"


def letter_of(marker: uuid.UUID, lines: Sequence[Line], *, site: str, home: str) -> Letter:
    """One letter of what waits; a single message speaks for itself, several are counted and lead to `home`."""
    if len(lines) == 1:
        only = lines[0]
        return Letter(marker, only.words, tuple(lines), site + only.link)
    count = sum(line.count for line in lines)
    return Letter(marker, _("您有 %(count)s 项待办：") % {"count": count}, tuple(lines), site + home)


def trial_letter(marker: uuid.UUID, *, site: str) -> Letter:
    """What a trial says."""
    words = _("这是整改闭环系统发出的试验消息，收到即说明渠道可用。")
    return Letter(marker, words, (Line(words, 1, "/"),), f"{site}/")
