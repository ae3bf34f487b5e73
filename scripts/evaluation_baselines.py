"""The plain methods that `evaluate.py` sets beside the program's own, and how far chance moves a score."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DRAWS = 1000

Row = dict[str, str]


def paragraphs(text: str) -> dict[str, Any]:
    """Every paragraph is a candidate."""
    lines = text.splitlines(keepends=True)
    return {
        "passages": [{"text": line, "disposition": "candidate"} for line in lines],
        "candidates": [{"text": line.strip()} for line in lines if line.strip()],
    }


def cosine(corpus: Sequence[Row], pairs: Sequence[Row]) -> dict[str, Any]:
    """Cosine of character pairs weighted by rarity; the threshold is the one that suits these very pairs best."""
    places = {row["id"]: at for at, row in enumerate(corpus)}
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(2, 2)).fit_transform(
        [f"{row['title']}。{row['body']}" for row in corpus]
    )
    scores = [float((matrix[places[pair["a"]]] @ matrix[places[pair["b"]]].T).sum()) for pair in pairs]
    same = [pair["same"] == "1" for pair in pairs]
    ranked = sorted(set(scores))
    threshold = max(
        ((low + high) / 2 for low, high in pairwise(ranked)),
        key=lambda at: balanced([(truth, found >= at) for truth, found in zip(same, scores, strict=True)]),
    )
    return {
        "pairs": [
            {"a": pair["a"], "b": pair["b"], "score": found, "same": found >= threshold}
            for pair, found in zip(pairs, scores, strict=True)
        ]
    }


def machine_of_pairs(train: Sequence[Row], test: Sequence[Row]) -> list[dict[str, Any]]:
    """A linear support vector machine over character pairs."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 2))
    machine = LinearSVC(random_state=0).fit(
        vectors.fit_transform([row["text"] for row in train]), [row["label"] for row in train]
    )
    found = machine.predict(vectors.transform([row["text"] for row in test]))
    return [
        {"id": row["id"], "label": str(label), "best": str(label), "confidence": 1.0}
        for row, label in zip(test, found, strict=True)
    ]


def bootstrap(pairs: Sequence[Row], said: Mapping[str, Any]) -> dict[str, list[float]]:
    """The scores of as many sets of pairs, drawn with replacement from the set there is."""
    found = {(pair["a"], pair["b"]): pair for pair in said["pairs"]}
    rows = [(pair["same"] == "1", found[pair["a"], pair["b"]]) for pair in pairs]
    chance = random.Random(0)  # noqa: S311 - no secret
    drawn: dict[str, list[float]] = {"balanced_accuracy": [], "auc": []}
    for _ in range(_DRAWS):
        sample = chance.choices(rows, k=len(rows))
        drawn["balanced_accuracy"].append(balanced([(truth, pair["same"]) for truth, pair in sample]))
        drawn["auc"].append(_area([(truth, pair["score"]) for truth, pair in sample]))
    return drawn


def balanced(judged: Sequence[tuple[bool, bool]]) -> float:
    """The mean of how many of the same were found and how many of the others kept apart."""
    same = [said for truth, said in judged if truth]
    other = [not said for truth, said in judged if not truth]
    return (sum(same) / len(same) + sum(other) / len(other)) / 2


def _area(judged: Sequence[tuple[bool, float]]) -> float:
    same = np.array([score for truth, score in judged if truth])
    other = np.sort([score for truth, score in judged if not truth])
    below = np.searchsorted(other, same, "left") + np.searchsorted(other, same, "right")
    return float(below.mean() / 2 / len(other))
