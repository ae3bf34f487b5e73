"""Which row of a newer ledger is which problem taken over before: by its words, by its number, else by likeness.

Words that are the same decide first, for numbers shift when a row is put in. A number decides where the words are at
least alike; what is left over on both sides and reads alike is proposed, and a person says whether it is the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bihuan.ledger.models import Batch, FindingLink, Problem
from bihuan.text.normalise import fold
from bihuan.text.tokens import token_counts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

ALIKE_WITH_NUMBER: Final = 0.5
ALIKE_ALONE: Final = 0.6
MOST_COMPARED: Final = 5_000
"""Rows left over on either side beyond which nobody looks for likeness: that is another ledger, not a newer one."""
COMMON: Final = 200


def mark_of(text: str) -> int:
    """A short digest of the words, whatever their spacing and width."""
    return int.from_bytes(hashlib.blake2b(fold(text).encode(), digest_size=8).digest(), "big")


def likeness(left: Mapping[str, int], right: Mapping[str, int]) -> float:
    """The share of pairs of characters two texts have in common."""
    both = sum(min(count, right[token]) for token, count in left.items() if token in right)
    return both / max(1, sum(left.values()) + sum(right.values()) - both)


@dataclass(slots=True)
class Standing:
    """What stands in a batch from earlier imports, by its words and by its number in the source."""

    problems: list[uuid.UUID] = field(default_factory=list)
    by_mark: dict[int, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[str, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, batch: Batch, *, registered: bool = False) -> Standing:
        """Read once, in the source's order; with those `registered` here, which a superior's form may name too."""
        standing = cls()
        links = FindingLink.objects.filter(finding__batch=batch)
        if not registered:
            links = links.filter(problem__imported_from__gt="")
        rows = links.order_by("finding__ordinal").values_list(
            "problem_id", "finding__source_no", "finding__text", "problem__text", "problem__problem_no"
        )
        for problem, number, words, words_now, own_number in rows.iterator(chunk_size=2000):
            standing.problems.append(problem)
            for mark in {mark_of(words), mark_of(words_now)}:
                standing.by_mark[mark].append(problem)
            for one in {number, own_number} - {""}:
                standing.by_number[one].append(problem)
        return standing


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept in memory of a row of the newer ledger."""

    n: int
    number: str
    mark: int


@dataclass(slots=True)
class Matches:
    """Row -> problem: what is certain, and what is only proposed."""

    certain: dict[int, uuid.UUID] = field(default_factory=dict)
    likely: dict[int, uuid.UUID] = field(default_factory=dict)
    taken: set[uuid.UUID] = field(default_factory=set)

    def settle(self, n: int, problem: uuid.UUID) -> None:
        """This row is this problem."""
        self.certain[n] = problem
        self.taken.add(problem)


def by_words(rows: Sequence[Seen], standing: Standing) -> Matches:
    """Rows whose words stand there already; among several with the same words the number decides, then the order."""
    matches = Matches()
    later = []
    for row in rows:
        free = [one for one in standing.by_mark.get(row.mark, ()) if one not in matches.taken]
        numbered = set(standing.by_number.get(row.number, ()) if row.number else ())
        same = [one for one in free if one in numbered]
        if same:
            matches.settle(row.n, same[0])
        elif free:
            later.append(row)
    for row in later:
        free = [one for one in standing.by_mark[row.mark] if one not in matches.taken]
        if free:
            matches.settle(row.n, free[0])
    return matches


def by_number(
    rows: Iterable[tuple[Seen, str]],
    standing: Standing,
    matches: Matches,
    texts: Mapping[uuid.UUID, str],
) -> None:
    """Rows (with their words) whose number stands there: certain where the words are alike too."""
    for row, words in rows:
        free = [one for one in standing.by_number.get(row.number, ()) if one not in matches.taken]
        if not row.number or not free:
            continue
        mine = token_counts(words)
        score, best = max((likeness(mine, token_counts(texts.get(one, ""))), one) for one in free)
        if score >= ALIKE_WITH_NUMBER:
            matches.settle(row.n, best)


def by_likeness(rows: Sequence[tuple[Seen, str]], matches: Matches, texts: Mapping[uuid.UUID, str]) -> bool:
    """Propose for rows still alone the free problem that reads most alike. False where there are too many to compare."""
    free = {problem: token_counts(text) for problem, text in texts.items() if problem not in matches.taken}
    if max(len(rows), len(free)) > MOST_COMPARED:
        return False
    holders: dict[str, list[uuid.UUID]] = defaultdict(list)
    for problem, tokens in free.items():
        for token in tokens:
            holders[token].append(problem)
    found: list[tuple[float, int, uuid.UUID]] = []
    for row, words in rows:
        mine = token_counts(words)
        shared = Counter(
            problem
            for token in mine
            if len(holders.get(token, ())) <= COMMON
            for problem in holders.get(token, ())
        )
        for problem, _count in shared.most_common(5):
            score = likeness(mine, free[problem])
            if score >= ALIKE_ALONE:
                found.append((score, row.n, problem))
    taken: set[uuid.UUID] = set()
    for _score, n, problem in sorted(found, key=lambda one: (-one[0], one[1])):
        if n not in matches.likely and problem not in taken:
            matches.likely[n] = problem
            taken.add(problem)
    return True


def texts_of(problems: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The words of problems as they stand."""
    return dict(Problem.objects.filter(pk__in=list(problems)).values_list("pk", "text"))
