"""Why a learnt classifier says what it says, in words a reader finds in the text."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from bihuan.text.tokens import pairs, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from bihuan.text.features import Features, Read

_REASONS: Final = 5
_LOUDEST_PAIRS: Final = 14
_LONGEST: Final = 8
_SHORTEST: Final = 2


class Reasons:
    """What speaks for a label more than for the labels on average."""

    def __init__(self, features: Features, weights: NDArray[np.float64]) -> None:
        self._features = features
        self._weights = weights
        self._usual = weights.mean(axis=0)

    def of(self, text: str, read: Read, label: int) -> tuple[str, ...]:
        """Five words at most, the loudest first, none of them part of another."""
        voices = self._profile_words(read, label)
        for piece, voice in _grown(text, self._pairs(read, label)):
            voices[piece] = max(voice, voices.get(piece, 0.0))
        chosen: list[str] = []
        for word in sorted(voices, key=lambda word: (-voices[word], word)):
            if not any(word in known or known in word for known in chosen):
                chosen.append(word)
        return tuple(chosen[:_REASONS])

    def _pairs(self, read: Read, label: int) -> dict[str, float]:
        """The loudest tokens of two characters and more; a single character tells a reader nothing."""
        tokens = self._features.tokens
        # All at once: taken one by one, single values of an array are slow, and as lists they fill the memory.
        leads = self._leads(label, list(read.written))
        heard = [
            (-value * lead, tokens[at])
            for (at, value), lead in zip(read.written.items(), leads, strict=True)
            if lead > 0 and len(tokens[at]) >= _SHORTEST
        ]
        return {token: -voice for voice, token in nsmallest(_LOUDEST_PAIRS, heard)}

    def _leads(self, label: int, columns: list[int]) -> list[float]:
        """How much more these columns weigh for a label than for the labels on average."""
        found: list[float] = (self._weights[label, columns] - self._usual[columns]).tolist()
        return found

    def _profile_words(self, read: Read, label: int) -> dict[str, float]:
        """Each word of a profile has its share of what the profile says."""
        voices: dict[str, float] = {}
        for name, words in read.evidence.items():
            at = self._features.profile_columns[name]
            voice = read.spoken[at] * self._leads(label, [at])[0]
            total = sum(weight for weight, _ in words)
            for weight, word in words if voice > 0 else ():
                voices[word] = voices.get(word, 0.0) + voice * weight / total
        return voices


def _grown(text: str, heard: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Pairs that overlap in the text as one piece: 拖欠, 欠工 and 工资 are read as 拖欠工资."""
    for is_han, run in runs(text):
        if not is_han:
            if run in heard:
                yield run, heard[run]
            continue
        piece, voice = "", 0.0
        for pair in pairs(run):
            if pair not in heard or len(piece) == _LONGEST:
                if piece:
                    yield piece, voice
                piece, voice = "", 0.0
            if pair in heard:
                piece += pair if not piece else pair[1]
                voice += heard[pair]
        if piece:
            yield piece, voice
