"""A linear classifier learnt from confirmed labels: quick to train, calibrated, explains itself, abstains.

Pairs of characters and whole words, weighted by rarity, in a complement naive Bayes model: it is counted in one pass,
so the same labels always give the same model. Confidence is calibrated on held-back folds, and the threshold below which it abstains is the lowest at which the held-back folds reach the asked accuracy.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.text.classifier import Prediction
from bihuan.text.tokens import document_frequencies, token_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SMOOTHING: Final = 0.15
_FOLDS: Final = 5
_SEED: Final = 20260101
_TEMPERATURES: Final = tuple(0.02 * 1.15**step for step in range(50))
_REASONS: Final = 5
_NEVER: Final = 1.1
_MANY: Final = 2

_Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its confirmed label."""

    text: str
    label: str


class Features:
    """Texts to unit vectors; frequencies may also come from unlabelled texts of the same kind."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept = list(texts)
        self._total = len(kept)
        self._frequencies = document_frequencies(kept)

    def vector(self, text: str) -> _Vector:
        """Tokens seen once in the corpus carry nothing that could be learnt."""
        weights = {
            token: (1 + math.log(count)) * math.log((self._total + 1) / self._frequencies[token])
            for token, count in token_counts(text).items()
            if self._frequencies.get(token, 0) >= _MANY
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {token: weight / length for token, weight in weights.items()} if length else {}


class LinearClassifier:
    """The learnt model. `predict` is the `Classifier` protocol."""

    def __init__(self, features: Features, weights: Mapping[str, _Vector]) -> None:
        self._features = features
        self._weights = weights
        self.temperature = 1.0
        self.threshold = 0.0
        self.version = "complement-1"

    def scores(self, vector: _Vector) -> dict[str, float]:
        """The raw score of each label."""
        return {
            label: sum(weight * weights.get(token, 0.0) for token, weight in vector.items())
            for label, weights in self._weights.items()
        }

    def probabilities(self, scores: Mapping[str, float]) -> dict[str, float]:
        """Scores made comparable and calibrated."""
        highest = max(scores.values())
        raised = {label: math.exp((score - highest) / self.temperature) for label, score in scores.items()}
        total = sum(raised.values())
        return {label: value / total for label, value in raised.items()}

    def _lead(self, label: str, token: str) -> float:
        """How much more a token speaks for this label than for the labels on average."""
        spoken = [weights.get(token, 0.0) for weights in self._weights.values()]
        return self._weights[label].get(token, 0.0) - sum(spoken) / len(spoken)

    def predict(self, text: str) -> Prediction:
        """The label, or None below the threshold; the reasons are the tokens that spoke loudest for it."""
        vector = self._features.vector(text)
        shares = self.probabilities(self.scores(vector))
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        best, confidence = ranked[0]
        loudest = sorted(vector, key=lambda token: (-vector[token] * self._lead(best, token), token))
        reasons = tuple(token for token in loudest[:_REASONS] if self._lead(best, token) > 0)
        said = best if confidence >= self.threshold else None
        return Prediction(said, best, round(confidence, 4), reasons, tuple(ranked[:3]))


def learn(
    examples: Sequence[Example], *, unlabelled: Sequence[str] = (), accuracy: float = 0.9
) -> LinearClassifier:
    """A model of all examples, calibrated on folds. Needs at least two labels."""
    if len({example.label for example in examples}) < _MANY:
        message = "at least two labels are needed"
        raise ValueError(message)
    features = Features([*(example.text for example in examples), *unlabelled])
    vectors = [features.vector(example.text) for example in examples]
    labels = [example.label for example in examples]
    held_back = _held_back(features, vectors, labels)
    model = _trained(features, vectors, labels)
    model.temperature = _temperature(model, held_back)
    model.threshold = _threshold(model, held_back, accuracy)
    return model


def _trained(features: Features, vectors: Sequence[_Vector], labels: Sequence[str]) -> LinearClassifier:
    """Complement estimates: a label's weights come from the texts of all other labels, which are many more."""
    names = sorted(set(labels))
    of_label: dict[str, _Vector] = {name: {} for name in names}
    of_all: _Vector = {}
    for vector, label in zip(vectors, labels, strict=True):
        own = of_label[label]
        for token, weight in vector.items():
            own[token] = own.get(token, 0.0) + weight
            of_all[token] = of_all.get(token, 0.0) + weight
    total, smoothing = sum(of_all.values()), _SMOOTHING * len(of_all)
    weights = {}
    for name, own in of_label.items():
        rest = total - sum(own.values()) + smoothing
        weights[name] = {
            token: -math.log((weight - own.get(token, 0.0) + _SMOOTHING) / rest)
            for token, weight in of_all.items()
        }
    return LinearClassifier(features, weights)


def _held_back(
    features: Features, vectors: Sequence[_Vector], labels: Sequence[str]
) -> list[tuple[dict[str, float], str]]:
    """Scores of each example by a model that has not seen it."""
    order = list(range(len(vectors)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 (an order of training, no secret)
    result = []
    for fold in range(_FOLDS):
        out = set(order[fold::_FOLDS])
        inside = [at for at in order if at not in out]
        if len({labels[at] for at in inside}) < _MANY:
            continue
        model = _trained(features, [vectors[at] for at in inside], [labels[at] for at in inside])
        result += [(model.scores(vectors[at]), labels[at]) for at in sorted(out)]
    return result


def _temperature(model: LinearClassifier, held_back: Sequence[tuple[dict[str, float], str]]) -> float:
    """The temperature at which the held-back labels are likeliest."""

    def loss(temperature: float) -> float:
        model.temperature = temperature
        return -sum(
            math.log(max(1e-12, model.probabilities(scores).get(label, 0.0))) for scores, label in held_back
        )

    return min(_TEMPERATURES, key=loss) if held_back else 1.0


def _threshold(
    model: LinearClassifier, held_back: Sequence[tuple[dict[str, float], str]], accuracy: float
) -> float:
    """The lowest confidence from which on the held-back labels were right often enough."""
    judged = []
    for scores, label in held_back:
        shares = model.probabilities(scores)
        best = max(shares, key=lambda name: shares[name])
        judged.append((shares[best], best == label))
    judged.sort(reverse=True)
    right, threshold = 0, _NEVER
    for count, (confidence, correct) in enumerate(judged, start=1):
        right += correct
        # Equally sure ones stand or fall together.
        last_of_its_kind = count == len(judged) or judged[count][0] < confidence
        if last_of_its_kind and right / count >= accuracy:
            threshold = confidence
    return threshold
