"""Which label a text deserves, how sure that is, why, and when to say nothing.

`Profiles` is the cold start: keyword profiles, no learning. A learnt model offers the same `Classifier` protocol.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bihuan.text.normalise import fold
from bihuan.text.starting_taxonomy import SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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

    version: str

    def predict(self, text: str) -> Prediction:
        """The label of one text."""


class Profiles:
    """Labels by keyword profiles. A word counts by its length and by how few profiles share it."""

    version = "profiles-1"

    def __init__(self, words: Mapping[str, Sequence[str]], *, threshold: float = 0.4, fallback: str) -> None:
        """`fallback` is the best guess where no word is found at all; such a text is always abstained from."""
        self._words = {
            label: tuple({fold(word): word for word in found}.items()) for label, found in words.items()
        }
        shared = Counter(folded for found in self._words.values() for folded, _ in found)
        self._weight = {folded: (len(folded) - 0.6) / count for folded, count in shared.items()}
        self._threshold = threshold
        self._fallback = fallback

    def predict(self, text: str) -> Prediction:
        """Scores add up with falling returns, so that one word said ten times does not decide."""
        folded = fold(text)
        scores: dict[str, float] = {}
        reasons: dict[str, list[tuple[float, str]]] = {}
        for label, words in self._words.items():
            for key, written in words:
                times = folded.count(key)
                if times:
                    weight = self._weight[key] * (1 + math.log(times)) * (1.3 if key in folded[:30] else 1.0)
                    scores[label] = scores.get(label, 0.0) + weight
                    reasons.setdefault(label, []).append((weight, written))
        if not scores:
            return Prediction(None, self._fallback, 0.0, ())
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        confidence = _confidence(ranked)
        best = ranked[0][0]
        why = tuple(word for _, word in sorted(reasons[best], reverse=True)[:5])
        said = best if confidence >= self._threshold else None
        return Prediction(
            said, best, confidence, why, tuple((name, round(score, 2)) for name, score in ranked[:3])
        )


def _confidence(ranked: list[tuple[str, float]]) -> float:
    """The share of the best label among the first three, damped while there is little evidence."""
    best = ranked[0][1]
    share = best / sum(score for _, score in ranked[:3])
    return round(share * (1 - math.exp(-best / 2.5)), 3)


def starting_classifier() -> Profiles:
    """The cold-start classifier of sectors."""
    return Profiles({sector.code: sector.words for sector in SECTORS}, fallback="government")
