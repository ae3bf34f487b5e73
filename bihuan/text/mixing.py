"""Keyword profiles and what an office's labels teach, said as one.

Scores of both are added before they become shares, each as loudly as made the held-back labels likeliest: with few
labels the profiles are heard, with many the learnt model carries the day by itself. A label nobody has confirmed yet can
still be proposed, because the profiles know it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bihuan.text.classifier import Prediction, Profiles, starting_classifier
from bihuan.text.learning import UNHEARD, LinearClassifier, learn_and_judge, lowest_reaching, shares_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bihuan.text.features import Read
    from bihuan.text.learning import Example

_VOICES: Final = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_BLOCK: Final = 256
_MOST_REASONS: Final = 5
_LIKELIEST: Final = 3
# Held-back labels prove little while they are few.
_DOUBT: Final = 2


@dataclass(frozen=True, slots=True)
class Voices:
    """How loudly each part is heard; 0 is not at all."""

    learnt: float
    profiles: float


@dataclass(frozen=True, slots=True)
class Mixed:
    """A `Classifier` made of a learnt model and of profiles whose names are labels."""

    learnt: LinearClassifier
    profiles: Profiles
    voices: Voices
    threshold: float

    @property
    def version(self) -> str:
        return f"mixed-{self.learnt.version}"

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label it can say."""
        return _all_labels(self.learnt, self.profiles)

    def predict(self, text: str) -> Prediction:
        """The label, or None below the threshold."""
        return self.predict_all([text])[0]

    def predict_all(self, texts: Sequence[str]) -> list[Prediction]:
        """The same for many texts at once."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _BLOCK):
            block = texts[start : start + _BLOCK]
            reads = [self.learnt.features.read(text) for text in block]
            taught = _widened(self.learnt.scores(reads), self.learnt.labels, self.labels)
            shares = _mixed(self.voices, taught, _scores_of(self.profiles, block, self.labels))
            found += [
                self._prediction(text, read, row)
                for text, read, row in zip(block, reads, shares, strict=True)
            ]
        return found

    def _prediction(self, text: str, read: Read, shares: NDArray[np.float64]) -> Prediction:
        """A text of which nothing is known is abstained from."""
        ranked = sorted(zip(self.labels, shares.tolist(), strict=True), key=lambda item: (-item[1], item[0]))
        best, confidence = ranked[0]
        known = bool(read.written or read.spoken)
        said = best if known and confidence >= self.threshold else None
        alternatives = tuple((label, round(share, 4)) for label, share in ranked[:_LIKELIEST])
        return Prediction(said, best, round(confidence, 4), self._reasons(text, read, best), alternatives)

    def _reasons(self, text: str, read: Read, label: str) -> tuple[str, ...]:
        """Words the labels taught, then words of the profile."""
        heard = self.voices.learnt > 0 and label in self.learnt.labels
        taught = self.learnt.reasons(text, read, label) if heard else ()
        words = sorted(self.profiles.evidence(text).get(label, ()), reverse=True)
        own = [word for _, word in words if not any(word in known or known in word for known in taught)]
        return (*taught, *own)[:_MOST_REASONS]


def learn_beside_profiles(
    examples: Sequence[Example],
    *,
    profiles: Profiles | None = None,
    accuracy: float = 0.9,
    shared: int = 1,
) -> Mixed:
    """A model of all examples beside profiles (those of our sectors). Needs at least two labels.

    A token that stands in fewer than `shared` examples is not learnt.
    """
    learnt, judged = learn_and_judge(examples, shared=shared)
    started = profiles or starting_classifier()
    labels = _all_labels(learnt, started)
    taught = _widened(judged.scores, learnt.labels, labels)
    own = _scores_of(started, judged.texts, labels)
    truths = np.array([labels.index(learnt.labels[at]) for at in judged.truths])
    loudness = [Voices(one, other) for one in _VOICES for other in _VOICES]
    voices = max(loudness, key=lambda each: _likelihood(_mixed(each, taught, own), truths))
    threshold = lowest_reaching(accuracy, _mixed(voices, taught, own), truths, doubt=_DOUBT)
    return Mixed(learnt, started, voices, threshold)


def _all_labels(learnt: LinearClassifier, profiles: Profiles) -> tuple[str, ...]:
    return tuple(sorted({*learnt.labels, *profiles.labels}))


def _widened(
    scores: NDArray[np.float64], labels: Sequence[str], wanted: Sequence[str]
) -> NDArray[np.float64]:
    """The same scores under more labels."""
    wide = np.full((len(scores), len(wanted)), UNHEARD)
    wide[:, [wanted.index(label) for label in labels]] = scores
    return wide


def _scores_of(profiles: Profiles, texts: Sequence[str], wanted: Sequence[str]) -> NDArray[np.float64]:
    """How loudly each profile speaks, with falling returns."""
    scores = np.zeros((len(texts), len(wanted)))
    columns = {label: at for at, label in enumerate(wanted)}
    for row, text in enumerate(texts):
        for label, score in profiles.scores(text).items():
            scores[row, columns[label]] = math.sqrt(score)
    return scores


def _mixed(voices: Voices, taught: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    return shares_of(voices.learnt * taught + voices.profiles * own, 1.0)


def _likelihood(shares: NDArray[np.float64], truths: NDArray[np.int64]) -> float:
    return float(np.log(np.maximum(shares[np.arange(len(truths)), truths], 1e-12)).sum())
