"""Which label a text deserves, how sure that is, why, and when to say nothing.

`Profiles` is the cold start: keyword profiles, no learning. A learnt model offers the same `Classifier` protocol.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from bihuan.text.normalise import fold
from bihuan.text.starting_taxonomy import SECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


_START: Final = 2


@dataclass(frozen=True, slots=True)
class Prediction:
    """`label` is None where the classifier abstains; `best` is what it would have said. `reasons` are words found."""

    label: str | None
    best: str
    confidence: float
    reasons: tuple[str, ...]
    alternatives: tuple[tuple[str, float], ...] = ()


class Classifier(Protocol):
    """Anything that labels a text."""

    @property
    def version(self) -> str:
        """What made it, as a stored prediction names it."""

    def predict(self, text: str) -> Prediction:
        """The label of one text."""


class Profiles:
    """Labels by keyword profiles. A word counts by its length and by how few profiles share it."""

    version = "profiles-1"

    def __init__(self, words: Mapping[str, Sequence[str]], *, threshold: float = 0.4, fallback: str) -> None:
        """`fallback` is the best guess where no word is found at all; such a text is always abstained from."""
        self.words = {label: tuple(found) for label, found in words.items()}
        self._labels: dict[str, dict[str, str]] = {}
        for label, found in words.items():
            for word in found:
                self._labels.setdefault(fold(word), {})[label] = word
        self._weight = {key: (len(key) - 0.6) / len(labels) for key, labels in self._labels.items()}
        # Looking only for words that begin as the text does at some place costs a tenth of looking for each word.
        self._starts: dict[str, list[str]] = {}
        self._short: list[str] = []
        for key in sorted(self._labels):
            if len(key) >= _START:
                self._starts.setdefault(key[:_START], []).append(key)
            elif key:
                self._short.append(key)
        self.labels = tuple(words)
        self._threshold = threshold
        self.fallback = fallback

    def predict(self, text: str) -> Prediction:
        """Scores add up with falling returns, so that one word said ten times does not decide."""
        found = self.evidence(text)
        if not found:
            return Prediction(None, self.fallback, 0.0, ())
        scores = _sums(found)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        confidence = _confidence(ranked)
        best = ranked[0][0]
        why = tuple(word for _, word in sorted(found[best], reverse=True)[:5])
        said = best if confidence >= self._threshold else None
        return Prediction(
            said, best, confidence, why, tuple((name, round(score, 2)) for name, score in ranked[:3])
        )

    def scores(self, text: str) -> dict[str, float]:
        """How loudly each label's words speak; labels without a word in the text are left out."""
        return _sums(self.evidence(text))

    def evidence(self, text: str) -> dict[str, list[tuple[float, str]]]:
        """What speaks for each label: the profile words a text contains, with their weights there."""
        found: dict[str, list[tuple[float, str]]] = {}
        for key, weight in self._words_in(fold(text)):
            for label, written in self._labels[key].items():
                found.setdefault(label, []).append((weight, written))
        return found

    def _words_in(self, folded: str) -> Iterator[tuple[str, float]]:
        """Every profile word of a text with its weight there, in a fixed order."""
        counts: dict[str, int] = {}
        for at, start in enumerate(map(str.__add__, folded, folded[1:])):
            # Most pairs of characters begin no word.
            if start in self._starts:
                for key in self._starts[start]:
                    if folded.startswith(key, at):
                        counts[key] = counts.get(key, 0) + 1
        for key in self._short:
            if key in folded:
                counts[key] = folded.count(key)
        for key in sorted(counts):
            early = 1.3 if key in folded[:30] else 1.0
            yield key, self._weight[key] * (1 + math.log(counts[key])) * early


def _sums(found: Mapping[str, Sequence[tuple[float, str]]]) -> dict[str, float]:
    return {label: sum(weight for weight, _ in words) for label, words in found.items()}


def _confidence(ranked: list[tuple[str, float]]) -> float:
    """The share of the best label among the first three, damped while there is little evidence."""
    best = ranked[0][1]
    share = best / sum(score for _, score in ranked[:3])
    return round(share * (1 - math.exp(-best / 2.5)), 3)


def starting_classifier() -> Profiles:
    """The cold-start classifier of sectors."""
    return Profiles({sector.code: sector.words for sector in SECTORS}, fallback="government")
