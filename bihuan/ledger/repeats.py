"""Which of many new rows repeat the ledger, or one another: a few statements, however many rows there are.

    repeats = repeats_of((NewRow(at, title, text, source_no) for …), jurisdiction=…, source=…, actor=…)

Found are the same source number of the same source, the same words, and nearly the same words. Each row is told the
earliest problem and the earliest row it repeats, so that ten thousand equal rows cost ten thousand hints and not their
square. What is alike in other words is another question (`duplicates.py`), asked afterwards, row by row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from bihuan.journal.loading import array
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import channels_of, visible
from bihuan.ledger.wording import Likeness, likeness_of, wording_of
from bihuan.organizations.sight import sight_of
from bihuan.text.normalise import fold
from bihuan.text.sameness import runs_of, share_of

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Source
    from bihuan.organizations.models import Unit

NEARLY: Final = 0.8
"""The share of common runs of three characters from which words count as nearly the same."""
KEYS_ENOUGH: Final = 5
"""So many keys of a signature are equal in nine of ten texts that are nearly the same."""
FEW_ROWS: Final = 200
TOLD_APART_BY: Final = 5
"""A source number with fewer letters and digits (“3”, “（二）”) numbers an item of one document, and no case."""
BLOCK: Final = 1000

# The new rows stand in the statement itself: the running role makes no tables, not even temporary ones, and the planner
# sees how many there are. The earliest holder of a digest, number or key stands for all: so the work grows with the rows.
_DIGESTS: Final = """
WITH n AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::bigint[], %(digests)s::bigint[]) AS n(number, digest) WHERE digest IS NOT NULL
)"""
_SOURCE_NOS: Final = """
WITH n AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::bigint[], %(source_nos)s::text[]) AS n(number, source_no)
    WHERE source_no IS NOT NULL
)"""
_SIGNATURES: Final = """
WITH n AS MATERIALIZED (
    SELECT number, signature::int[] FROM unnest(%(numbers)s::bigint[], %(signatures)s::text[]) AS n(number, signature)
)"""
SAME_IN_LEDGER: Final = """{rows}
SELECT n.number, held.id FROM n JOIN (
    SELECT DISTINCT ON (p.text_digest) p.text_digest, p.id FROM ledger_problem AS p
    WHERE p.text_digest IN (SELECT digest FROM n) AND {scope}
    ORDER BY p.text_digest, p.id
) AS held ON held.text_digest = n.digest
"""
SAME_IN_ROWS: Final = """{rows}
SELECT number, first FROM (SELECT number, min(number) OVER (PARTITION BY digest) AS first FROM n) AS n
WHERE first < number
"""
NUMBER_IN_LEDGER: Final = """{rows}
SELECT n.number, held.id FROM n JOIN (
    SELECT DISTINCT ON (f.source_no) f.source_no, p.id FROM ledger_finding AS f
    JOIN ledger_batch AS b ON b.id = f.batch_id
    JOIN ledger_findinglink AS l ON l.finding_id = f.id
    JOIN ledger_problem AS p ON p.id = l.problem_id
    WHERE b.source_id = %(source)s AND f.source_no IN (SELECT source_no FROM n) AND f.source_no <> '' AND {scope}
    ORDER BY f.source_no, p.id
) AS held ON held.source_no = n.source_no
"""
NUMBER_IN_ROWS: Final = """{rows}
SELECT number, first FROM (SELECT number, min(number) OVER (PARTITION BY source_no) AS first FROM n) AS n
WHERE first < number
"""
_EQUAL: Final = "(SELECT count(*) FROM unnest(n.signature, o.signature) AS k(own, others) WHERE own = others)"
NEAR_IN_LEDGER: Final = """{rows},
keys AS MATERIALIZED (SELECT DISTINCT unnest(signature) AS key FROM n),
held AS (
    SELECT DISTINCT ON (k.key) k.key, p.id FROM ledger_problem AS p CROSS JOIN unnest(p.signature) AS k(key)
    WHERE {scope} {few} AND k.key IN (SELECT key FROM keys)
    ORDER BY k.key, p.id
),
pairs AS (SELECT DISTINCT n.number, held.id FROM n CROSS JOIN unnest(n.signature) AS k(key) JOIN held USING (key))
SELECT DISTINCT ON (number) number, id FROM (
    SELECT n.number, o.id, {equal} AS equal
    FROM pairs JOIN n USING (number) JOIN ledger_problem AS o ON o.id = pairs.id
) AS judged WHERE equal >= %(enough)s ORDER BY number, equal DESC, id
"""
# A few rows ask the index; many read every signature once, which is quicker than asking for each.
FEW: Final = "AND p.signature && %(keys)s::int[]"
NEAR_IN_ROWS: Final = """{rows},
held AS (SELECT k.key, min(n.number) AS other FROM n CROSS JOIN unnest(n.signature) AS k(key) GROUP BY k.key),
pairs AS (
    SELECT DISTINCT n.number, held.other FROM n CROSS JOIN unnest(n.signature) AS k(key) JOIN held USING (key)
    WHERE held.other < n.number
)
SELECT DISTINCT ON (number) number, other FROM (
    SELECT n.number, pairs.other, {equal} AS equal
    FROM pairs JOIN n USING (number) JOIN n AS o ON o.number = pairs.other
) AS judged WHERE equal >= %(enough)s ORDER BY number, equal DESC, other
"""


class Why(StrEnum):
    """In what a row repeats another; the first that holds."""

    SOURCE_NO = "source_no"
    SAME_WORDS = "same_words"
    NEARLY_SAME_WORDS = "nearly_same_words"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that is not in the ledger yet. `number` is the caller's own and comes back; `likeness`, if it is known."""

    number: int
    title: str
    text: str
    source_no: str = ""
    likeness: Likeness | None = None

    @property
    def wording(self) -> str:
        return wording_of(self.title, self.text)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Row `number` repeats a problem of the ledger, or an earlier row; `percent` of its wording is in the other."""

    number: int
    why: Why
    percent: int = 100
    problem: uuid.UUID | None = None
    row: int | None = None


def is_telling(source_no: str) -> bool:
    """Whether a source number names one case wherever it stands."""
    return sum(letter.isascii() and letter.isalnum() for letter in fold(source_no)) >= TOLD_APART_BY


def repeats_of(
    rows: Iterable[NewRow], *, jurisdiction: Unit, source: Source | None, actor: Actor
) -> list[Repeat]:
    """The hints for all rows in the order of their numbers: at most one about the ledger and one about an earlier row.

    Only problems of the place that the actor sees are named. `rows` may be a generator; they are held while it
    runs, some hundred megabytes for a hundred thousand rows. Writes nothing.
    """
    known: dict[int, NewRow] = {}
    asked = _asked(rows, known)
    if not known:
        return []
    scope, parameters = _scope(jurisdiction, source, actor)
    asked |= parameters
    near = {"equal": _EQUAL, "few": FEW if len(known) <= FEW_ROWS else "", "scope": scope}
    of_ledger = _pairs(
        (Why.NEARLY_SAME_WORDS, NEAR_IN_LEDGER.format(rows=_SIGNATURES, **near)),
        (Why.SAME_WORDS, SAME_IN_LEDGER.format(rows=_DIGESTS, scope=scope)),
        (Why.SOURCE_NO, NUMBER_IN_LEDGER.format(rows=_SOURCE_NOS, scope=scope)),
        asked=asked,
    )
    of_rows = _pairs(
        (Why.NEARLY_SAME_WORDS, NEAR_IN_ROWS.format(rows=_SIGNATURES, **near)),
        (Why.SAME_WORDS, SAME_IN_ROWS.format(rows=_DIGESTS)),
        (Why.SOURCE_NO, NUMBER_IN_ROWS.format(rows=_SOURCE_NOS)),
        asked=asked,
    )
    measured = _measured(of_ledger, known, lambda others: _words_of_problems(others, actor))
    found = [Repeat(row, why, percent, problem=other) for row, why, percent, other in measured]
    measured = _measured(of_rows, known, lambda others: {other: known[other].wording for other in others})
    found += [Repeat(row, why, percent, row=other) for row, why, percent, other in measured]
    return sorted(found, key=lambda one: (one.number, one.row is not None))


def _asked(rows: Iterable[NewRow], known: dict[int, NewRow]) -> dict[str, Any]:
    """The marks of all rows as arrays, in one order; the rows are put into `known`."""
    asked: dict[str, Any] = {name: [] for name in ("numbers", "digests", "signatures", "source_nos", "keys")}
    for row in rows:
        known[row.number] = row
        likeness = row.likeness or likeness_of(row.title, row.text)
        keys = likeness.signature
        asked["numbers"].append(row.number)
        asked["digests"].append(likeness.digest if keys else None)
        asked["signatures"].append(array(keys))
        asked["source_nos"].append(row.source_no.strip() if is_telling(row.source_no) else None)
        if len(known) <= FEW_ROWS:
            asked["keys"].extend(keys)
    return asked


def _scope(jurisdiction: Unit, source: Source | None, actor: Actor) -> tuple[str, dict[str, Any]]:
    """The problems of the place, but for those in channels the actor does not belong to; `_seen` asks the rest."""
    sight = sight_of(actor)
    channels = [] if sight.everything else list(channels_of(sight))
    open_to = (
        "TRUE" if sight.everything else "(p.channel_id IS NULL OR p.channel_id = ANY(%(channels)s::uuid[]))"
    )
    parameters = {
        "place": jurisdiction.pk,
        "channels": channels,
        "source": source.pk if source else None,
        "enough": KEYS_ENOUGH,
    }
    return f"p.jurisdiction_id = %(place)s AND {open_to}", parameters


Pairs = dict[int, tuple[Why, Any]]


def _pairs(*questions: tuple[Why, str], asked: Mapping[str, Any]) -> Pairs:
    """Row -> what it repeats; of two answers the later question's counts."""
    found: Pairs = {}
    with connection.cursor() as cursor:
        for why, statement in questions:
            cursor.execute(statement, asked)
            found.update({number: (why, other) for number, other in cursor.fetchall()})
    return found


def _measured(
    pairs: Pairs, known: Mapping[int, NewRow], words_of: Callable[[set[Any]], Mapping[Any, str]]
) -> Iterator[tuple[int, Why, int, Any]]:
    """The pairs with the share of their wording in common; of those that looked nearly alike only the ones that are."""
    left = iter(pairs.items())
    while block := list(islice(left, BLOCK)):
        others = words_of({other for _, (_, other) in block})
        for number, (why, other) in block:
            if other not in others:
                continue
            if why is Why.SAME_WORDS:
                yield number, why, 100, other
                continue
            share = share_of(runs_of(known[number].wording), runs_of(others[other]))
            if why is Why.SOURCE_NO or share >= NEARLY:
                yield number, why, round(share * 100), other


def _words_of_problems(problems: set[uuid.UUID], actor: Actor) -> dict[Any, str]:
    rows = visible(actor, Problem.objects.filter(pk__in=problems)).values_list("pk", "title", "text")
    return {pk: wording_of(title, text) for pk, title, text in rows}
