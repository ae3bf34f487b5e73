"""Which problems of the ledger a text may repeat: a small set fetched by index, then laid side by side in full.

What is fetched: problems under the rarest tokens of the text, under keys of its signature, with the very same words, or
with the same source number. Common tokens and keys are left alone, so that a lookup costs the same in a large ledger as
in a small one. A problem is compared within its own place and channel: only there may it be merged, and nothing said
here can tell of what runs elsewhere.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from bihuan.ledger.frequencies import Known, known
from bihuan.ledger.models import FindingLink, Problem
from bihuan.ledger.repeats import KEYS_ENOUGH, NEARLY, Why, is_telling
from bihuan.ledger.search import as_vector
from bihuan.ledger.sight import visible
from bihuan.ledger.wording import wording_of
from bihuan.text.normalise import fold
from bihuan.text.sameness import KEYS, digest_of, keys_shared, runs_of, share_of, signature_of
from bihuan.text.shared_words import words_shared
from bihuan.text.similarity import SAME_FROM, Report, prepared
from bihuan.text.similarity import Sought as SoughtReport
from bihuan.text.tokens import token_counts

if TYPE_CHECKING:
    from decimal import Decimal

    from bihuan.journal.action import Actor

FETCHED: Final = 20
"""So many are laid side by side in full; each takes about a millisecond."""
SHOWN: Final = 5
TO_LEARN_FROM: Final = 0.12
TO_LEARN_FROM_IN_SECTOR: Final = 0.06
"""In the same sector fewer shared words already mean the same kind of matter."""
ROWS_READ: Final = 1000
TOKENS_ASKED: Final = 48
NAMED: Final = 3
"""Tokens of the title count so many times: place and matter stand there, and comparing asks for them twice as well."""
READ_OF_TEXT: Final = 600

_SCOPE: Final = """p.jurisdiction_id = %(place)s AND p.channel_id IS NOT DISTINCT FROM %(channel)s::uuid
    AND NOT p.placeholder AND p.id <> ALL(%(but)s::uuid[])
    AND (%(states)s::text[] IS NULL OR p.state = ANY(%(states)s::text[]))"""
# OFFSET 0 keeps the planner from weighing the place together with the words. It cannot know how rare they are, and would
# read the whole index of a place beside each token, or every row of a middling ledger for all of them.
_HELD: Final = """(SELECT id, jurisdiction_id, channel_id, placeholder, state FROM ledger_problem WHERE {held} OFFSET 0) AS p"""
# What needs no likeness stands before all that is merely alike: the source's own number, then the same words.
_BY_DIGEST: Final = (
    f"(SELECT p.id, 1000.0 FROM {_HELD.format(held='text_digest = %(digest)s')} WHERE {{scope}} LIMIT 20)"  # noqa: S608  (our own words)
)
_BY_KEYS: Final = f"""
SELECT p.id, k.weight FROM unnest(%(keys)s::int[], %(key_weights)s::real[]) AS k(key, weight)
CROSS JOIN LATERAL {_HELD.format(held="signature @> ARRAY[k.key]")} WHERE {{scope}}"""  # noqa: S608  (our own words)
_BY_TOKENS: Final = f"""
SELECT p.id, k.weight FROM unnest(%(tokens)s::text[], %(weights)s::real[]) AS k(token, weight)
CROSS JOIN LATERAL {_HELD.format(held="search @@ k.token::tsquery")} WHERE {{scope}}"""  # noqa: S608  (our own words)
# All at once, where none alone is rare: the index joins their lists before it reads a row.
_BY_ALL_KEYS: Final = (
    f"(SELECT p.id, 100.0 FROM {_HELD.format(held='signature @> %(keys)s::int[]')} WHERE {{scope}} LIMIT 20)"  # noqa: S608  (our own words)
)
_BY_ALL_TOKENS: Final = (
    f"(SELECT p.id, 1 FROM {_HELD.format(held='search @@ %(together)s::tsquery')} WHERE {{scope}} LIMIT 60)"  # noqa: S608  (our own words)
)
_BY_NUMBER: Final = """
(SELECT p.id, 100000.0 FROM ledger_finding AS f
JOIN ledger_batch AS b ON b.id = f.batch_id AND b.source_id = %(source)s
JOIN ledger_findinglink AS l ON l.finding_id = f.id JOIN ledger_problem AS p ON p.id = l.problem_id
WHERE f.source_no = ANY(%(numbers)s) AND f.source_no <> '' AND {scope} LIMIT 20)"""
_NOTHING: Final = "SELECT NULL::uuid, 0 WHERE FALSE"
_RANK: Final = """
SELECT found.id FROM ({parts}) AS found(id, weight) GROUP BY found.id ORDER BY sum(found.weight) DESC, found.id DESC
LIMIT {limit}"""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A problem, or what may become one, for which the ledger is looked through."""

    title: str
    text: str
    place: uuid.UUID
    channel: uuid.UUID | None = None
    source: uuid.UUID | None = None
    source_nos: frozenset[str] = frozenset()
    lead_unit: uuid.UUID | None = None
    site: str = ""
    concerned_party: str = ""
    amount: Decimal | None = None
    day: dt.date | None = None
    but: frozenset[uuid.UUID] = frozenset()
    """Not to be named: the problem itself, and what it was kept apart from."""
    states: frozenset[str] | None = None
    """Only problems in one of these states; None: in any."""


@dataclass(frozen=True)
class Alike:
    """A problem that may be the same, and why. `percent` is how alike; `sure` that it needs no likeness to say so."""

    problem: Problem
    percent: int
    why: Why | None
    words: tuple[str, ...]
    same_place: bool
    same_unit: bool
    same_party: bool
    same_amount: bool
    source_nos: tuple[str, ...] = field(default=())


class Row(NamedTuple):
    """What is read of every problem that was fetched; only what is shown is read whole."""

    pk: uuid.UUID
    title: str
    text: str
    site: str
    registered_on: dt.date
    text_digest: int
    signature: list[int]


class Judged(NamedTuple):
    """A fetched problem that may be the same: how alike, why if it needs no likeness, source numbers in common."""

    score: float
    why: Why | None
    row: Row
    source_nos: tuple[str, ...]


def alike(sought: Sought, *, actor: Actor | None, most: int = SHOWN) -> list[Alike]:
    """The problems the actor sees that may be the same, the likest first."""
    facts = known()
    ids = fetched(sought, facts)
    rows = visible(actor, Problem.objects.filter(pk__in=ids)).values_list(*Row._fields)
    found = {row[0]: Row(*row) for row in rows}
    ordered = [found[pk] for pk in ids if pk in found][:FETCHED]
    numbers = _numbers_of(ordered) if sought.source_nos else {}
    judged = sorted(
        _judged(sought, ordered, numbers, facts),
        key=lambda one: (one.why is not Why.SOURCE_NO, -one.score, one.row.pk),
    )[:most]
    shown = {
        problem.pk: problem
        for problem in Problem.objects.filter(pk__in=[one.row.pk for one in judged]).select_related(
            "lead_unit"
        )
    }
    return [_said(sought, facts, one, shown[one.row.pk]) for one in judged]


def alike_to_learn_from(
    sought: Sought, *, sector: uuid.UUID, actor: Actor | None
) -> list[tuple[Problem, int]]:
    """Problems the actor sees that are near enough to learn from, with how alike in percent, the likest first.

    Much less is asked than for being the same; whoever looks decides what is of use.
    """
    facts = known()
    ids = fetched(sought, facts)
    seen = visible(actor, Problem.objects.filter(pk__in=ids)).select_related("lead_unit", "sector")
    found = {problem.pk: problem for problem in seen}
    corpus = facts.corpus
    own = SoughtReport(prepared(_report(sought.title, sought.text, "", None), corpus), corpus)
    scored = [
        (problem, own.like(prepared(_report(problem.title, problem.text, "", None), corpus)).score)
        for problem in (found[pk] for pk in ids if pk in found)
    ]
    near = [
        (problem, round(100 * score))
        for problem, score in scored
        if score >= (TO_LEARN_FROM_IN_SECTOR if problem.sector_id == sector else TO_LEARN_FROM)
    ]
    return sorted(near, key=lambda one: (-one[1], one[0].pk))


def fetched(sought: Sought, facts: Known) -> list[uuid.UUID]:
    """The ids of those worth laying side by side, the most promising first; one statement."""
    statement, parameters = statement_for(sought, facts)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [pk for (pk,) in cursor.fetchall()]


def statement_for(sought: Sought, facts: Known) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters; what it leaves out would have read too many rows."""
    words = wording_of(sought.title, sought.text)
    keys = signature_of(words)
    wanted, weights = _rarest(sought, facts)
    rare_keys = [key for key in keys if facts.keys.rows(key) <= ROWS_READ // len(keys)]
    parts = [_BY_DIGEST] if keys else []
    parts += [_BY_TOKENS] if wanted else []
    parts += [_BY_KEYS if rare_keys else _BY_ALL_KEYS] if keys else []
    together = _together(sought, facts) if len(wanted) < len(token_counts(sought.title)) else ""
    parts += [_BY_ALL_TOKENS] if together else []
    numbers = [number for number in sought.source_nos if is_telling(number)]
    parts += [_BY_NUMBER] if numbers and sought.source else []
    parameters = {
        "place": sought.place, "channel": sought.channel, "but": list(sought.but), "tokens": wanted,
        "weights": weights, "together": together, "keys": rare_keys or keys,
        "key_weights": [facts.weight_of_key(key) for key in rare_keys],
        "states": None if sought.states is None else sorted(sought.states), "digest": digest_of(words), "numbers": numbers, "source": sought.source,
    }  # fmt: skip
    united = " UNION ALL ".join(parts or [_NOTHING]).format(scope=_SCOPE)
    return _RANK.format(parts=united, limit=2 * FETCHED), parameters


def _rarest(sought: Sought, facts: Known) -> tuple[list[str], list[float]]:
    """The rarest tokens of the beginning of a text, as many as may be read, with what each says."""
    counts = token_counts(f"{sought.title}。{sought.text[:READ_OF_TEXT]}")
    chosen, left = [], ROWS_READ
    for token in sorted(counts, key=facts.tokens.rows)[:TOKENS_ASKED]:
        rows = facts.tokens.rows(token)
        if rows > left:
            break
        left -= rows
        chosen.append(token)
    named = token_counts(sought.title).keys()
    weights = [facts.corpus.weight(token) * (NAMED if token in named else 1) for token in chosen]
    return [as_vector({token}) for token in chosen], weights


def _together(sought: Sought, facts: Known) -> str:
    """The tokens of the title, all of them at once, the rarest six."""
    ranked = sorted(token_counts(sought.title), key=facts.tokens.rows)
    return " & ".join(as_vector({token}) for token in ranked[:6])


def _numbers_of(problems: Iterable[Row]) -> dict[uuid.UUID, set[str]]:
    links = FindingLink.objects.filter(problem__in=[problem.pk for problem in problems])
    found: dict[uuid.UUID, set[str]] = {}
    for problem, source, number in links.values_list(
        "problem", "finding__batch__source", "finding__source_no"
    ):
        if number:
            found.setdefault(problem, set()).add(f"{source}:{number}")
    return found


def _judged(
    sought: Sought, problems: Sequence[Row], numbers: dict[uuid.UUID, set[str]], facts: Known
) -> Iterator[Judged]:
    corpus = facts.corpus
    own = SoughtReport(prepared(_report(sought.title, sought.text, sought.site, sought.day), corpus), corpus)
    words = wording_of(sought.title, sought.text)
    digest, keys, runs = digest_of(words), signature_of(words), runs_of(words)
    for problem in problems:
        cited = tuple(
            number
            for number in sorted(sought.source_nos)
            if f"{sought.source}:{number}" in numbers.get(problem.pk, ())
        )
        share = 0.0
        if problem.text_digest == digest and keys:
            share = 1.0
        elif keys_shared(keys, problem.signature) * KEYS >= KEYS_ENOUGH:
            share = share_of(runs, runs_of(wording_of(problem.title, problem.text)))
        why = _why(cited, share)
        report = _report(problem.title, problem.text, problem.site, problem.registered_on)
        score = 1.0 if share == 1 else own.like(prepared(report, corpus)).score
        if why is not None or score >= SAME_FROM:
            yield Judged(max(score, share if why is not None else 0.0), why, problem, cited)


def _said(sought: Sought, facts: Known, found: Judged, problem: Problem) -> Alike:
    """The reasons, which only those that are shown need."""
    words = wording_of(sought.title, sought.text), wording_of(problem.title, problem.text)
    return Alike(
        problem=problem,
        percent=round(100 * found.score),
        why=found.why,
        words=tuple(words_shared(*words, facts.corpus.weight)),
        same_place=_equal(sought.site, problem.site),
        same_unit=sought.lead_unit is not None and sought.lead_unit == problem.lead_unit_id,
        same_party=_equal(sought.concerned_party, problem.concerned_party),
        same_amount=bool(sought.amount) and sought.amount == problem.amount,
        source_nos=found.source_nos,
    )


def _why(cited: Sequence[str], share: float) -> Why | None:
    if any(map(is_telling, cited)):
        return Why.SOURCE_NO
    if share == 1:
        return Why.SAME_WORDS
    return Why.NEARLY_SAME_WORDS if share >= NEARLY else None


def _report(title: str, text: str, site: str, day: dt.date | None) -> Report:
    return Report(title=title, body=text[:READ_OF_TEXT], place=site, day=day)


def _equal(one: str, other: str) -> bool:
    return bool(one) and fold(one) == fold(other)


__all__ = ["Alike", "Sought", "alike", "alike_to_learn_from", "fetched", "statement_for"]
