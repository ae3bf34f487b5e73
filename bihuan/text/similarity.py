"""How alike two reports are: whether they tell of the same problem.

Rare shared tokens weigh most. Tokens that are different but keep the same company in the corpus (搅拌站 and 搅拌厂) count
as partly shared, so that other wording about the same thing is found; the same wording about another estate is told
apart by the names, which are the rarest tokens of a title. Five shares are averaged, none of them weighted: how much of
the leads, and of the whole texts, finds its like in the other; the lesser and the greater share of a title that the other
report mentions; and how alike their single characters are, which other words for the same thing often share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from bihuan.text.corpus import Corpus, CountedCorpus, Frequencies
from bihuan.text.normalise import fold
from bihuan.text.tokens import counted, token_counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

__all__ = [
    "SAME_FROM",
    "CountedCorpus",
    "Frequencies",
    "Likeness",
    "Report",
    "Sought",
    "likeness",
    "prepared",
]

# Where invented letters about the same and about other problems part best (tests/text/invented_reports.py). A corpus
# large enough says for itself where its letters part: `parting.py`.
SAME_FROM: Final = 0.47
_LEAD: Final = 120
_TOKENS_COMPARED: Final = 24
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
    same_from: float = SAME_FROM

    @property
    def same(self) -> bool:
        """Whether they are taken for the same problem."""
        return self.score >= self.same_from


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report's tokens with their weights: the weightiest of its lead and of the whole, and those of its title."""

    report: Report
    lead: Mapping[str, float]
    text: Mapping[str, float]
    title: Mapping[str, float]
    tokens: AbstractSet[str]
    letters: Mapping[str, float]


def prepared(report: Report, corpus: Corpus) -> Prepared:
    """Costs more than comparing does: worth keeping where a report is compared again."""
    title, letters = counted(report.title)
    # A title and a body never share a pair of characters: a full stop stands between them.
    body, more = counted(report.body)
    counts = title + body
    text = _heaviest(_weights(counts, corpus))
    lead = text
    if len(report.body) > _LEAD:
        lead = _heaviest(_weights(title + token_counts(report.body[:_LEAD]), corpus))
    of_length_one = _of_length_one(_weights(letters + more, corpus))
    return Prepared(report, lead, text, _weights(title, corpus), counts.keys(), of_length_one)


class Sought:
    """A report for which others are looked through; what its tokens are like is found out once."""

    def __init__(self, report: Prepared, corpus: Corpus, *, same_from: float = SAME_FROM) -> None:
        self._own = report
        self._corpus = corpus
        self._same_from = same_from
        self._lead = _Companions(report.lead, corpus)
        self._text = _Companions(report.text, corpus)

    def like(self, other: Prepared) -> Likeness:
        """How alike the sought and another report are."""
        parts = (
            self._lead.shared_with(other.lead),
            self._text.shared_with(other.text),
            *_title_coverage(self._own, other),
            _cosine(self._own.letters, other.letters),
        )
        score = sum(parts) / len(parts) + _circumstances(self._own.report, other.report)
        shared = self._own.tokens & other.tokens
        reasons = sorted(shared, key=lambda token: (-self._corpus.weight(token), token))[:_REASONS]
        return Likeness(round(max(0.0, min(1.0, score)), 4), tuple(reasons), self._same_from)

    def ranked(self, candidates: Iterable[Prepared]) -> list[tuple[Prepared, Likeness]]:
        """All candidates, the likest first; equally like ones keep their order."""
        judged = [(candidate, self.like(candidate)) for candidate in candidates]
        return sorted(judged, key=lambda item: -item[1].score)


def likeness(one: Report, other: Report, corpus: Corpus) -> Likeness:
    """How alike two reports are."""
    return Sought(prepared(one, corpus), corpus).like(prepared(other, corpus))


class _Companions:
    """Some weighted tokens, and which others are partly like them."""

    def __init__(self, weights: Mapping[str, float], corpus: Corpus) -> None:
        self._weights = weights
        self._total = sum(weights.values())
        self._of = {token: corpus.companions(token) for token in weights}
        self._best: dict[str, float] = {}
        for known in self._of.values():
            for token, degree in known.items():
                if degree > self._best.get(token, 0.0):
                    self._best[token] = degree

    def shared_with(self, others: Mapping[str, float]) -> float:
        """Each token of one side counts by its best companion on the other; the mean of both directions."""
        total = sum(others.values())
        if self._total <= 0 or total <= 0:
            return 0.0
        found = 0.0
        for token, weight in self._weights.items():
            if token in others:
                found += weight
            elif companions := self._of[token].keys() & others.keys():
                found += weight * max(map(self._of[token].__getitem__, companions))
        back = sum(
            weight * (1.0 if token in self._weights else self._best.get(token, 0.0))
            for token, weight in others.items()
        )
        return (found / self._total + back / total) / 2


def _weights(counts: Mapping[str, int], corpus: Corpus) -> dict[str, float]:
    weight = corpus.weight
    return {
        token: weight(token) if count == 1 else (1 + math.log(count)) * weight(token)
        for token, count in counts.items()
    }


def _heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    """The heaviest tokens; among equally heavy ones the choice must not depend on where they stand."""
    ranked = nsmallest(_TOKENS_COMPARED, ((-weight, token) for token, weight in weights.items()))
    return {token: -weight for weight, token in ranked}


def _of_length_one(weights: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {letter: weight / length for letter, weight in weights.items()} if length else {}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * longer[letter] for letter, weight in shorter.items() if letter in longer)


def _title_coverage(one: Prepared, other: Prepared) -> tuple[float, float]:
    """How much of each title the other report mentions: the lesser and the greater share."""

    def share(title: Mapping[str, float], mentioned: AbstractSet[str]) -> float:
        total = sum(title.values())
        return sum(title[token] for token in title if token in mentioned) / total if total > 0 else 0.0

    shares = share(one.title, other.tokens), share(other.title, one.tokens)
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
