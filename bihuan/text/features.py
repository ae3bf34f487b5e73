"""Texts as the numbers a linear classifier learns from.

Two kinds: characters and pairs of neighbours, weighted by rarity, the lead of a text counted thrice because a title says
what a letter is about; and how loudly each keyword profile speaks, which carries over to words no example has shown.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bihuan.text.classifier import Profiles
from bihuan.text.petition_words import PETITION_WORDS
from bihuan.text.sector_words import WORDS
from bihuan.text.tokens import pairs, runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_matrix

_LEAD_COUNTS: Final = 3
_LONGEST_LEAD: Final = 40
_PROFILES_COUNT: Final = 0.5
_ENDS: Final = " \n\t\u3000。！？!?；;"


def lead_of(text: str) -> str:
    """The title where a text begins with one, else its first sentence; forty characters at most."""
    start = text.lstrip()[:_LONGEST_LEAD]
    ends = [at for end in _ENDS if (at := start.find(end)) > 0]
    return start[: min(ends)] if ends else start


def own_profiles() -> Profiles:
    """What is known before anything is learnt: our sectors, and the subjects of petition portals."""
    words: dict[str, Sequence[str]] = {f"subject:{label}": found for label, found in PETITION_WORDS.items()}
    words |= {f"sector:{code}": found for code, found in WORDS.items()}
    return Profiles(words, fallback="")


@dataclass(frozen=True, slots=True)
class Read:
    """A text's columns with their values, those of tokens and those of profiles, and the profile words behind them."""

    written: Mapping[int, float]
    spoken: Mapping[int, float]
    evidence: Mapping[str, Sequence[tuple[float, str]]]


class Background:
    """In how many texts each token occurs."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.total = len(texts)
        self.seen: Counter[str] = Counter()
        for text in texts:
            self.seen.update(_tokens(text).keys())


class Features:
    """A fixed vocabulary with rarities, counted in the texts a model is trained on."""

    def __init__(self, tokens: Sequence[str], rarity: Sequence[float], profiles: Profiles) -> None:
        self.profiles = profiles
        self.tokens = list(tokens)
        self.rarity = list(rarity)
        self.columns = {token: at for at, token in enumerate(self.tokens)}
        self.profile_columns = {label: len(self.tokens) + at for at, label in enumerate(profiles.labels)}

    @classmethod
    def counted(
        cls,
        texts: Sequence[str],
        *,
        profiles: Profiles,
        background: Background | None = None,
        shared: int = 1,
    ) -> Features:
        """Rarity is counted in the background too; what stands only there is not learnt about, and left out.

        So is a token that stands in fewer than `shared` texts.
        """
        own = Background(texts)
        seen, total = own.seen, own.total
        tokens = sorted(token for token, count in seen.items() if count >= shared)
        if background:
            seen, total = seen + background.seen, total + background.total
        return cls(tokens, [1 + math.log((1 + total) / (1 + seen[token])) for token in tokens], profiles)

    def read(self, text: str) -> Read:
        """What a text shows of the vocabulary, and of the profiles."""
        columns, rarity = self.columns, self.rarity
        written = {
            (at := columns[token]): count * rarity[at]
            for token, count in _counts(text).items()
            if token in columns
        }
        evidence = self.profiles.evidence(text)
        spoken = {
            self.profile_columns[label]: math.sqrt(sum(weight for weight, _ in words))
            for label, words in evidence.items()
        }
        return Read(_of_length(written, 1.0), _of_length(spoken, _PROFILES_COUNT), evidence)

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.tokens) + len(self.profile_columns)

    def matrix(self, reads: Sequence[Read]) -> csr_matrix:
        """One row a text."""
        from scipy.sparse import csr_matrix

        starts, columns, values = [0], array("l"), array("d")
        for read in reads:
            for part in (read.written, read.spoken):
                for at in sorted(part):
                    columns.append(at)
                    values.append(part[at])
            starts.append(len(columns))
        return csr_matrix(
            (np.array(values, np.float64), np.array(columns, np.int32), np.array(starts, np.int32)),
            shape=(len(reads), self.width),
        )


def _counts(text: str) -> Counter[str]:
    counts = _tokens(text)
    for token, count in _tokens(lead_of(text)).items():
        counts[token] += (_LEAD_COUNTS - 1) * count
    return counts


def _tokens(text: str) -> Counter[str]:
    """Single characters too: few examples show a pair, more of them show its characters."""
    counts: Counter[str] = Counter()
    for is_han, run in runs(text):
        if is_han:
            counts.update(run)
            counts.update(pairs(run))
        else:
            counts[run] += 1
    return counts


def _of_length(row: Mapping[int, float], wanted: float) -> dict[int, float]:
    """The row made as long as wanted; a row of nothing stays one."""
    length = math.sqrt(sum(value * value for value in row.values()))
    return {at: value * wanted / length for at, value in row.items()}
