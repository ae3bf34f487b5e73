"""How good a classifier is: accuracy, macro-F1, how often it speaks and is then right, and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOXES: Final = 10


def measures_of(judged: Sequence[tuple[str, str | None, str, float]]) -> dict[str, float]:
    """`judged` rows are (true label, said label or None, best guess, confidence)."""
    spoken = [(truth, said) for truth, said, _, _ in judged if said is not None]
    return {
        "accuracy": _share(sum(truth == best for truth, _, best, _ in judged), len(judged)),
        "macro_f1": macro_f1([(truth, best) for truth, _, best, _ in judged]),
        "coverage": _share(len(spoken), len(judged)),
        "abstention": _share(len(judged) - len(spoken), len(judged)),
        "accuracy_when_speaking": _share(sum(truth == said for truth, said in spoken), len(spoken)),
        "calibration_error": calibration_error([(truth == best, sure) for truth, _, best, sure in judged]),
    }


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean over the true labels of the harmonic mean of precision and recall."""
    scores = []
    for label in sorted({truth for truth, _ in pairs}):
        right = sum(truth == label == best for truth, best in pairs)
        wrong = sum((truth == label) != (best == label) for truth, best in pairs)
        scores.append(2 * right / (2 * right + wrong) if right or wrong else 0.0)
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def calibration_error(pairs: Sequence[tuple[bool, float]]) -> float:
    """The mean gap between how sure it was and how often it was right, over ten boxes of confidence."""
    boxes: list[list[tuple[bool, float]]] = [[] for _ in range(_BOXES)]
    for right, sure in pairs:
        boxes[min(_BOXES - 1, int(sure * _BOXES))].append((right, sure))
    gaps = sum(abs(sum(right for right, _ in box) - sum(sure for _, sure in box)) for box in boxes)
    return _share(gaps, len(pairs))


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
