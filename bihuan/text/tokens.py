"""Tokens that search, similarity and learning share: pairs of neighbouring Chinese characters, words and codes whole.

`ZG-2026-0147` stays one token (and gives its parts too), so that a number typed in full finds its one row.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bihuan.text.normalise import tidy
from bihuan.text.traditional import to_simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Runs of Han characters; words of letters and digits, joined by the signs numbers are written with.
_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U0002fa1f〇]+|[0-9a-z]+(?:[-_./〔〕()\[\]][0-9a-z]+)*")
_PARTS = re.compile(r"[0-9a-z]+")
_FIRST_HAN = "\u3007"
LONGEST_TOKEN = 60


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """The runs of a text, folded; True for those of Chinese characters."""
    for run in _RUNS.findall(to_simplified(tidy(text).casefold())):
        yield run[0] >= _FIRST_HAN, run


def index_tokens(text: str) -> set[str]:
    """Every token under which a text is filed."""
    found: set[str] = set()
    for is_han, run in runs(text):
        if is_han:
            found.update(pairs(run))
            found.update(run)
        else:
            found.add(run[:LONGEST_TOKEN])
            found.update(part[:LONGEST_TOKEN] for part in _PARTS.findall(run))
    return found


def query_tokens(text: str) -> list[str]:
    """The tokens a query asks for, all of which must be there; single characters only when nothing else is given."""
    found: list[str] = []
    for is_han, run in runs(text):
        if is_han:
            found.extend(pairs(run) if len(run) > 1 else [run])
        else:
            found.append(run[:LONGEST_TOKEN])
    return list(dict.fromkeys(found))


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of one run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def token_counts(text: str) -> Counter[str]:
    """How often each pair, word and code occurs: what similarity and learning compare."""
    counts: Counter[str] = Counter()
    for is_han, run in runs(text):
        counts.update((pairs(run) or [run]) if is_han else [run])
    return counts


def counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """`token_counts`, and how often each single Chinese character occurs."""
    tokens: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for is_han, run in runs(text):
        tokens.update((pairs(run) or [run]) if is_han else [run])
        if is_han:
            letters.update(run)
    return tokens, letters


def rarest(found: Iterable[str], frequencies: Mapping[str, int], limit: int) -> list[str]:
    """The rarest distinct tokens by document frequency; a token nobody has counted yet is rare."""
    return sorted(set(found), key=lambda token: (frequencies.get(token, 0), token))[:limit]


def document_frequencies(texts: Iterable[str]) -> Counter[str]:
    """In how many texts each token occurs."""
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(token_counts(text).keys())
    return frequencies
