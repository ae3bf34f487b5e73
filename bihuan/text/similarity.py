"""How alike two reports are: whether they tell of the same problem.

Rare shared tokens weigh most. Tokens that are different but keep the same company in the corpus (搅拌站 and 搅拌厂) count
as partly shared, so that other wording about the same thing is found; the same wording about another estate is told
apart by the names, which are the rarest tokens of a title.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from bihuan.text.normalise import fold
from bihuan.text.tokens import token_counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

SAME_FROM: Final = 0.36
_LEAD: Final = 120
_TOKENS_COMPARED: Final = 24
_SEEN_TOGETHER: Final = 3
_REASONS: Final = 6
_SAME_UNIT: Final = 0.04
_OTHER_PLACE: Final = -0.08
_NEAR_IN_TIME: Final = 0.02
_NEAR_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared. Place, unit and day are used where both reports have them."""

    title: str
    body: str = ""
    place: str = ""
    unit: str = ""
    day: dt.date | None = None

    @property
    def text(self) -> str:
        """Title and body."""
        return f"{self.title}。{self.body}"

    @property
    def lead(self) -> str:
        """The title and how the body begins: what the report is about stands there."""
        return f"{self.title}。{self.body[:_LEAD]}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """0 to 1, and the tokens that say so, the weightiest first."""

    score: float
    shared: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether they are taken for the same problem."""
        return self.score >= SAME_FROM


class Corpus(Protocol):
    """What is known about tokens: from the database's statistics, or counted."""

    def weight(self, token: str) -> float:
        """Inverse document frequency; a token never seen is rare."""

    def association(self, one: str, other: str) -> float:
        """0 to 1: how much two tokens keep the same company; 1 for a token and itself."""


class Frequencies:
    """A corpus of which only document frequencies are known: tokens are alike only when equal."""

    def __init__(self, counts: Mapping[str, int], total: int) -> None:
        self._counts = counts
        self._total = total

    def weight(self, token: str) -> float:
        return math.log((self._total + 1) / (self._counts.get(token, 0) + 0.5))

    def association(self, one: str, other: str) -> float:
        return float(one == other)


class CountedCorpus:
    """A corpus held in memory, which also knows which tokens go together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._postings: dict[str, set[int]] = {}
        self._total = 0
        self._known: dict[tuple[str, str], float] = {}
        for number, text in enumerate(texts):
            self._total += 1
            for token in token_counts(text):
                self._postings.setdefault(token, set()).add(number)

    def weight(self, token: str) -> float:
        return math.log((self._total + 1) / (len(self._postings.get(token, ())) + 0.5))

    def association(self, one: str, other: str) -> float:
        """Normalised pointwise mutual information of standing in the same text."""
        if one == other:
            return 1.0
        pair = (one, other) if one < other else (other, one)
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = self._information(*pair)
        return known

    def _information(self, one: str, other: str) -> float:
        first, second = self._postings.get(one, set()), self._postings.get(other, set())
        together = len(first & second)
        if together < _SEEN_TOGETHER or together == self._total:
            return 0.0
        share = together / self._total
        information = math.log(share * self._total * self._total / (len(first) * len(second)))
        return max(0.0, min(1.0, information / -math.log(share)))


def likeness(one: Report, other: Report, corpus: Corpus) -> Likeness:
    """How alike two reports are. Costs about two milliseconds with a counted corpus."""
    parts = (
        _soft(_heaviest(one.lead, corpus), _heaviest(other.lead, corpus), corpus),
        _soft(_heaviest(one.text, corpus), _heaviest(other.text, corpus), corpus),
        *_title_coverage(one, other, corpus),
    )
    score = sum(parts) / len(parts) + _circumstances(one, other)
    shared = token_counts(one.text).keys() & token_counts(other.text).keys()
    reasons = sorted(shared, key=lambda token: (-corpus.weight(token), token))[:_REASONS]
    return Likeness(round(max(0.0, min(1.0, score)), 4), tuple(reasons))


def _weights(text: str, corpus: Corpus) -> dict[str, float]:
    return {
        token: (1 + math.log(count)) * corpus.weight(token) for token, count in token_counts(text).items()
    }


def _heaviest(text: str, corpus: Corpus) -> dict[str, float]:
    ranked = sorted(_weights(text, corpus).items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_TOKENS_COMPARED])


def _soft(one: Mapping[str, float], other: Mapping[str, float], corpus: Corpus) -> float:
    """Each token of one text counts by its best companion in the other, in both directions."""
    if not one or not other:
        return 0.0

    def covered(those: Mapping[str, float], by: Mapping[str, float]) -> float:
        total = sum(those.values())
        found = sum(
            weight * max(corpus.association(token, known) for known in by) for token, weight in those.items()
        )
        return found / total if total > 0 else 0.0

    return (covered(one, other) + covered(other, one)) / 2


def _title_coverage(one: Report, other: Report, corpus: Corpus) -> tuple[float, float]:
    """How much of each title the other report mentions: the lesser and the greater share."""

    def share(title: str, text: str) -> float:
        weights = _weights(title, corpus)
        mentioned = token_counts(text).keys()
        total = sum(weights.values())
        return (
            sum(weight for token, weight in weights.items() if token in mentioned) / total
            if total > 0
            else 0.0
        )

    shares = share(one.title, other.text), share(other.title, one.text)
    return min(shares), max(shares)


def _circumstances(one: Report, other: Report) -> float:
    change = 0.0
    if one.unit and other.unit and fold(one.unit) == fold(other.unit):
        change += _SAME_UNIT
    if one.place and other.place:
        first, second = fold(one.place), fold(other.place)
        change += _SAME_UNIT if first in second or second in first else _OTHER_PLACE
    if one.day and other.day and abs((one.day - other.day).days) <= _NEAR_DAYS:
        change += _NEAR_IN_TIME
    return change
