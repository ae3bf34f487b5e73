"""Giving out numbers: one row lock a series, so that two problems never get the same."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from bihuan.journal.action import current
from bihuan.ledger.numbering_rules import NumberFacts, pattern
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bihuan.ledger.models import RestrictedChannel, Source
    from bihuan.organizations.models import Unit

NUMBERING_PROBLEM = "numbering.problem"
NEXT = """
INSERT INTO ledger_numberseries AS own (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = own.last + excluded.last
RETURNING last
"""
AT_LEAST = """
INSERT INTO ledger_numberseries (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = greatest(ledger_numberseries.last, excluded.last)
"""


def next_problem_no(
    jurisdiction: Unit, source: Source, day: date, channel: RestrictedChannel | None = None
) -> str:
    """The next number of the place's series, by its policy; a restricted channel counts in a series of its own."""
    return next_problem_nos(jurisdiction, [source], day, channel)[0]


def next_problem_nos(
    jurisdiction: Unit, sources: Sequence[Source], day: date, channel: RestrictedChannel | None = None
) -> list[str]:
    """Numbers for problems of these sources, in their order; each series is asked once for all it gives."""
    texts = {
        code: channel.number_pattern if channel else _pattern(jurisdiction, source, day)
        for code, source in {source.code: source for source in sources}.items()
    }
    kind = f"channel {channel.code}" if channel else "problem"
    return next_numbers(
        [(texts[source.code], facts_for(jurisdiction, source, day)) for source in sources], kind
    )


def _pattern(jurisdiction: Unit, source: Source, day: date) -> str:
    policy = policy_for(NUMBERING_PROBLEM, jurisdiction=jurisdiction, source=source.code, on=day)
    current().quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return str(policy.body["pattern"])


def facts_for(jurisdiction: Unit, source: Source | None, day: date) -> NumberFacts:
    """What a number may tell."""
    return NumberFacts(day=day, source=source.zh if source else "", jurisdiction=jurisdiction.code)


def next_number(text: str, facts: NumberFacts, kind: str) -> str:
    """The next number made by a pattern; `kind` keeps the series of problems, orders and channels apart."""
    return next_numbers([(text, facts)], kind)[0]


def next_numbers(wanted: Sequence[tuple[str, NumberFacts]], kind: str) -> list[str]:
    """The next numbers made by patterns, in the order they are wanted.

    The counters' rows stay locked until the transaction ends: a refused action gives its numbers back. Several
    counters are locked in the order of their names, so that two actions never wait for each other.
    """
    parsed = [(pattern(text), facts) for text, facts in wanted]
    keys = [series(kind, reading.scope(facts)) for reading, facts in parsed]
    serials: dict[str, Iterator[int]] = {}
    with connection.cursor() as cursor:
        for key, count in sorted(Counter(keys).items()):
            cursor.execute(NEXT, [key, count])
            last = cursor.fetchone()[0]
            serials[key] = iter(range(last - count + 1, last + 1))
    return [
        reading.render(facts, next(serials[key])) for key, (reading, facts) in zip(keys, parsed, strict=True)
    ]


def take_number(text: str, facts: NumberFacts, kind: str, number: str) -> None:
    """A number from an existing ledger was kept: the series goes on behind it."""
    reading = pattern(text).read(number)
    if reading is not None:
        with connection.cursor() as cursor:
            cursor.execute(AT_LEAST, [series(kind, reading.scope), reading.serial])


def series(kind: str, scope: str) -> str:
    """The key of a counter."""
    return f"{kind}:{scope}"
