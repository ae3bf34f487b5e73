"""A linear classifier learnt from confirmed labels: quick to train, calibrated, explains itself, abstains.

A linear support vector machine over the features of `features.py`. Confidence is calibrated on held-back folds of the
training examples, and the threshold below which it abstains is the lowest at which those folds reach the asked accuracy.
The same examples in any order give the same model.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bihuan.text.classifier import Prediction
from bihuan.text.features import Background, Features, Read, own_profiles
from bihuan.text.reasons import Reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from bihuan.text.classifier import Profiles

_FOLDS: Final = 5
_SEED: Final = 20260101
_TEMPERATURES: Final = tuple(0.05 * 1.1**step for step in range(50))
_NEVER: Final = 1.1
_MANY: Final = 2
_BLOCK: Final = 256
# What a machine says of a text that is certainly not a label's.
UNHEARD: Final = -1.0


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its confirmed label."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of examples by models that had not seen them, one row each, with the column of the true label."""

    texts: list[str]
    scores: NDArray[np.float64]
    truths: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Start:
    """What is known before the first example."""

    profiles: Profiles
    background: Background | None
    shared: int


class LinearClassifier:
    """The learnt model. `predict` is the `Classifier` protocol."""

    version = "linear-2"

    def __init__(self, features: Features, labels: Sequence[str], weights: NDArray[np.float64]) -> None:
        """`weights` has a row a label; its last column is what each label starts from."""
        self.features = features
        # Laid out by columns: one text takes its few columns out of them, and no copy of all is made for it.
        self.weights = np.asfortranarray(weights)
        self._reasons = Reasons(features, self.weights)
        self.labels = tuple(labels)
        self.temperature = 1.0
        self.threshold = 0.0

    def predict(self, text: str) -> Prediction:
        """The label, or None below the threshold; the reasons are the words that spoke loudest for it."""
        return self.predict_all([text])[0]

    def predict_all(self, texts: Sequence[str]) -> list[Prediction]:
        """The same for many texts at once."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _BLOCK):
            block = texts[start : start + _BLOCK]
            reads = [self.features.read(text) for text in block]
            shares = shares_of(self.scores(reads), self.temperature)
            found += [
                self._prediction(text, read, row)
                for text, read, row in zip(block, reads, shares, strict=True)
            ]
        return found

    def scores(self, reads: Sequence[Read]) -> NDArray[np.float64]:
        """How much speaks for each label, one row a text."""
        return _scores(self.weights, self.features.matrix(reads))

    def reasons(self, text: str, read: Read, label: str) -> tuple[str, ...]:
        """The words that speak for a label."""
        return self._reasons.of(text, read, self.labels.index(label))

    def _prediction(self, text: str, read: Read, shares: NDArray[np.float64]) -> Prediction:
        """A text of which nothing is known is abstained from, however the labels are spread."""
        ranked = sorted(zip(self.labels, shares.tolist(), strict=True), key=lambda item: (-item[1], item[0]))
        best, confidence = ranked[0]
        said = best if (read.written or read.spoken) and confidence >= self.threshold else None
        reasons = self.reasons(text, read, best)
        return Prediction(said, best, round(confidence, 4), reasons, tuple(ranked[:3]))


def learn(
    examples: Sequence[Example],
    *,
    unlabelled: Sequence[str] = (),
    profiles: Profiles | None = None,
    accuracy: float = 0.9,
) -> LinearClassifier:
    """A model of all examples, calibrated on folds. Needs at least two labels.

    `profiles` are the keyword profiles to start from: our own unless others are given. Unlabelled texts say how rare a
    token is and nothing else: taking a model's own guesses about them for labels made it worse wherever it was measured.
    """
    model, judged = learn_and_judge(examples, unlabelled=unlabelled, profiles=profiles)
    model.threshold = lowest_reaching(accuracy, shares_of(judged.scores, model.temperature), judged.truths)
    return model


def learn_and_judge(
    examples: Sequence[Example],
    *,
    unlabelled: Sequence[str] = (),
    profiles: Profiles | None = None,
    shared: int = 1,
) -> tuple[LinearClassifier, Judged]:
    """A model that says everything it thinks, and what models that had not seen them thought of its examples.

    A token that stands in fewer than `shared` examples is left out.
    """
    labels = sorted({example.label for example in examples})
    if len(labels) < _MANY:
        message = "at least two labels are needed"
        raise ValueError(message)
    start = _Start(profiles or own_profiles(), Background(unlabelled) if unlabelled else None, shared)
    ordered = sorted(examples, key=lambda example: (example.label, example.text))
    texts = [example.text for example in ordered]
    truths = np.array([labels.index(example.label) for example in ordered])
    scores = _held_back(texts, truths, len(labels), start)
    features, matrix = _read(texts, start)
    model = LinearClassifier(features, labels, _trained(matrix, truths, len(labels)))
    model.temperature = _temperature(scores, truths)
    return model, Judged(texts, scores, truths)


def _read(texts: Sequence[str], start: _Start) -> tuple[Features, csr_matrix]:
    features = Features.counted(
        texts, profiles=start.profiles, background=start.background, shared=start.shared
    )
    return features, features.matrix([features.read(text) for text in texts])


def _trained(matrix: csr_matrix, truths: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """A row of weights for each label, and what it starts from. A label without an example gets no voice."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((count, matrix.shape[1] + 1))
    present = np.unique(truths)
    weights[np.setdiff1d(np.arange(count), present), -1] = UNHEARD
    if len(present) < _MANY:
        return weights
    machine = LinearSVC(random_state=_SEED).fit(matrix, truths)
    coefficients = np.hstack([machine.coef_, machine.intercept_[:, None]])
    # Two labels are told apart by one row: what speaks for the one speaks against the other.
    weights[present] = np.vstack([-coefficients, coefficients]) if len(present) == _MANY else coefficients
    # As exact as a file of it is, so that a model read from one says the very same.
    return weights.astype(np.float32).astype(np.float64)


def _scores(weights: NDArray[np.float64], matrix: csr_matrix) -> NDArray[np.float64]:
    return np.asarray(matrix @ weights[:, :-1].T + weights[:, -1])


def shares_of(scores: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Scores made comparable: each row adds up to 1."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _held_back(
    texts: Sequence[str], truths: NDArray[np.int64], count: int, start: _Start
) -> NDArray[np.float64]:
    """Every label is spread over all folds; rarities too are counted without the fold."""
    order = list(range(len(texts)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 (an order of training, no secret)
    order.sort(key=lambda at: int(truths[at]))
    fold_of = np.empty(len(texts), np.int64)
    fold_of[order] = np.arange(len(texts)) % _FOLDS
    scores = np.zeros((len(texts), count))
    for fold in range(_FOLDS):
        inside: list[int] = np.flatnonzero(fold_of != fold).tolist()
        out: list[int] = np.flatnonzero(fold_of == fold).tolist()
        if not out or not inside:
            continue
        features, matrix = _read([texts[at] for at in inside], start)
        weights = _trained(matrix, truths[inside], count)
        scores[out] = _scores(weights, features.matrix([features.read(texts[at]) for at in out]))
    return scores


def _temperature(scores: NDArray[np.float64], truths: NDArray[np.int64]) -> float:
    """The temperature at which the held-back labels are likeliest."""
    rows = np.arange(len(truths))

    def loss(temperature: float) -> float:
        shares = shares_of(scores, temperature)[rows, truths]
        return -float(np.log(np.maximum(shares, 1e-12)).sum())

    return min(_TEMPERATURES, key=loss)


def lowest_reaching(
    accuracy: float, shares: NDArray[np.float64], truths: NDArray[np.int64], *, doubt: int = 0
) -> float:
    """The lowest confidence from which on the held-back labels were right often enough.

    `doubt` counts so many further examples half right, so that three lucky ones do not decide.
    """
    right = shares.argmax(axis=1) == truths
    ranked = sorted(zip(shares.max(axis=1).tolist(), right.tolist(), strict=True), reverse=True)
    correct, threshold = doubt / 2, _NEVER
    for count, (confidence, is_right) in enumerate(ranked, start=1):
        correct += is_right
        # Equally sure ones stand or fall together.
        last_of_its_kind = count == len(ranked) or ranked[count][0] < confidence
        if last_of_its_kind and correct / (count + doubt) >= accuracy:
            threshold = confidence
    return threshold
