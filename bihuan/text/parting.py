"""From which likeness on two reports of a corpus are taken for the same problem, found without any label.

Where letters are short and formal, even strangers look alike; where they are long and personal, even twins do not. So
a fixed threshold is wrong somewhere. But the scores that letters give with their nearest neighbours fall into two heaps,
those of the same problem and those of others; they part best where the variance between them is greatest (Otsu's
method). How much of a corpus is there twice pulls that point up or down, so the threshold goes half the way to it, from
where invented letters part.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from bihuan.text.similarity import SAME_FROM, Sought, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.text.corpus import CountedCorpus
    from bihuan.text.similarity import Report

_SAMPLE: Final = 1000
# So many that most of them are strangers; this and half the way were chosen on invented letters.
_NEIGHBOURS: Final = 10
# Fewer letters than this do not show two heaps.
_ENOUGH: Final = 100
_SMALLEST_HEAP: Final = 5
_SEED: Final = 20260101


def same_from_of(reports: Sequence[Report], corpus: CountedCorpus) -> float:
    """The threshold for a corpus, whose texts are those of `reports` in the same order."""
    if len(reports) < _ENOUGH:
        return SAME_FROM
    scores: list[float] = []
    for at in _sample(reports):
        own = prepared(reports[at], corpus)
        sought = Sought(own, corpus)
        near = corpus.candidates(own.text, _NEIGHBOURS, beside=at)
        scores += [sought.like(prepared(reports[number], corpus)).score for number in near]
    return round((SAME_FROM + parting(scores)) / 2, 4)


def _sample(reports: Sequence[Report]) -> list[int]:
    """By content, so that the order of the reports does not matter."""
    order = sorted(range(len(reports)), key=lambda at: reports[at].text)
    return random.Random(_SEED).sample(order, min(_SAMPLE, len(order)))  # noqa: S311 (no secret)


def parting(scores: Sequence[float]) -> float:
    """Where the scores part into two heaps."""
    ranked = sorted(scores)
    total, below, best = sum(ranked), 0.0, (-1.0, SAME_FROM)
    for count in range(1, len(ranked)):
        below += ranked[count - 1]
        rest = len(ranked) - count
        if min(count, rest) < _SMALLEST_HEAP:
            continue
        gap = below / count - (total - below) / rest
        best = max(best, (count * rest * gap * gap, (ranked[count - 1] + ranked[count]) / 2))
    return round(best[1], 4)
