"""Two versions of a text side by side: what stayed, what went, what came, word by word.

The comparing is the standard library's; ours is only what counts as one word: a Chinese character, a run of letters or
digits with the signs numbers are written with, any other sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORDS: Final = re.compile(r"[0-9A-Za-z]+(?:[-_./%][0-9A-Za-z]+)*%?|\s+|.", re.DOTALL)
_ISLAND: Final = 1
"""One word left standing between two changes reads as confetti: it is shown as gone and come again with them."""


class Fate(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row with one fate."""

    fate: Fate
    words: str


def word_changes(before: str, after: str) -> list[Piece]:
    """The pieces in reading order, what went before what came in its place.

    Leaving out what is new gives `before` again, leaving out what is gone gives `after`.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for same, left, right in _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if same:
            pieces.append(Piece(Fate.SAME, "".join(old[slice(*left)])))
            continue
        pieces += [
            Piece(fate, "".join(words[slice(*span)]))
            for fate, words, span in ((Fate.GONE, old, left), (Fate.NEW, new, right))
            if span[0] < span[1]
        ]
    return pieces


Span = tuple[int, int]


def _joined(opcodes: Sequence[tuple[str, int, int, int, int]]) -> Iterator[tuple[bool, Span, Span]]:
    """Neighbouring changes as one, islands between them included."""
    held: tuple[Span, Span] | None = None
    for at, (tag, *edges) in enumerate(opcodes):
        left, right = (edges[0], edges[1]), (edges[2], edges[3])
        is_island = held is not None and left[1] - left[0] <= _ISLAND and at + 1 < len(opcodes)
        if tag == "equal" and not is_island:
            if held is not None:
                yield False, *held
            held = None
            yield True, left, right
            continue
        held = (left, right) if held is None else ((held[0][0], left[1]), (held[1][0], right[1]))
    if held is not None:
        yield False, *held


def before_of(pieces: Sequence[Piece]) -> list[Piece]:
    """The older side: what stayed and what went."""
    return [piece for piece in pieces if piece.fate is not Fate.NEW]


def after_of(pieces: Sequence[Piece]) -> list[Piece]:
    """The newer side: what stayed and what came."""
    return [piece for piece in pieces if piece.fate is not Fate.GONE]
