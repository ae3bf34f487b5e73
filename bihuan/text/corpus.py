"""What is known about the tokens of a collection of texts: how rare each is, and which keep the same company."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final, Protocol

from bihuan.text.tokens import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEEN_TOGETHER: Final = 3
# A token of every tenth text keeps everybody's company, which says nothing and costs most to count.
_COMMON: Final = 0.1
_MOST_TEXTS: Final = 200
_NONE: Final[Mapping[str, float]] = {}


class Corpus(Protocol):
    """From the database's statistics, or counted."""

    def weight(self, token: str) -> float:
        """Inverse document frequency; a token never seen is rare."""

    def companions(self, token: str) -> Mapping[str, float]:
        """Other tokens that keep the same company, each with how much: more than 0, at most 1."""


class Frequencies:
    """A corpus of which only document frequencies are known: tokens are alike only when equal."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        self._weight = {token: math.log((total + 1) / (count + 0.5)) for token, count in counts.items()}
        self._never_seen = math.log((total + 1) / 0.5)

    def weight(self, token: str) -> float:
        return self._weight.get(token, self._never_seen)

    def companions(self, token: str) -> Mapping[str, float]:
        return _NONE


class CountedCorpus:
    """A corpus held in memory, which also knows which tokens go together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._tokens: list[tuple[str, ...]] = []
        self._postings: dict[str, list[int]] = {}
        letters: Counter[str] = Counter()
        for number, text in enumerate(texts):
            counts, spoken = counted(text)
            letters.update(spoken.keys())
            tokens = tuple(counts)
            self._tokens.append(tokens)
            for token in tokens:
                self._postings.setdefault(token, []).append(number)
        self._known: dict[str, dict[str, float]] = {}
        self._weight = {
            token: math.log((len(self._tokens) + 1) / (len(found) + 0.5))
            for token, found in self._postings.items()
        } | {letter: math.log((len(self._tokens) + 1) / (found + 0.5)) for letter, found in letters.items()}
        self._never_seen = math.log((len(self._tokens) + 1) / 0.5)

    def __len__(self) -> int:
        return len(self._tokens)

    def weight(self, token: str) -> float:
        return self._weight.get(token, self._never_seen)

    def companions(self, token: str) -> Mapping[str, float]:
        """Normalised pointwise mutual information of standing in the same text."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._counted(token)
        return known

    def candidates(self, weights: Mapping[str, float], limit: int, *, beside: int) -> list[int]:
        """The texts, `beside` left out, that share the weightiest of these tokens; the database does the same by index."""
        shared: dict[int, float] = {}
        for token, weight in weights.items():
            for number in self._postings.get(token, ()):
                shared[number] = shared.get(number, 0.0) + weight
        shared.pop(beside, None)
        # Among equals the choice must not depend on where they stand in the collection.
        ranked = sorted(shared, key=lambda number: (-round(shared[number], 9), self._tokens[number]))
        return ranked[:limit]

    def _common(self, token: str) -> bool:
        most = min(_MOST_TEXTS, _COMMON * len(self._tokens))
        return len(self._postings[token]) > max(_SEEN_TOGETHER, most)

    def _counted(self, token: str) -> dict[str, float]:
        own = self._postings.get(token, [])
        if len(own) < _SEEN_TOGETHER or self._common(token):
            return {}
        together: Counter[str] = Counter()
        for number in own:
            together.update(self._tokens[number])
        del together[token]
        return {
            other: information
            for other, count in together.items()
            if count >= _SEEN_TOGETHER
            and not self._common(other)
            and (information := self._information(count, len(own), len(self._postings[other]))) > 0
        }

    def _information(self, together: int, one: int, other: int) -> float:
        total = len(self._tokens)
        if together == total:
            return 0.0
        return min(1.0, math.log(together * total / (one * other)) / -math.log(together / total))
