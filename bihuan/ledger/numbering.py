"""Giving out numbers: one row lock a series, so that two problems never get the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from bihuan.journal.action import current
from bihuan.ledger.numbering_rules import NumberFacts, pattern
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from bihuan.ledger.models import RestrictedChannel, Source
    from bihuan.organizations.models import Unit

NUMBERING_PROBLEM = "numbering.problem"
NEXT = """
INSERT INTO ledger_numberseries (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = ledger_numberseries.last + 1
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
    if channel is not None:
        return next_number(
            channel.number_pattern, facts_for(jurisdiction, source, day), f"channel {channel.code}"
        )
    act = current()
    policy = policy_for(NUMBERING_PROBLEM, jurisdiction=jurisdiction, source=source.code, on=day)
    act.quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return next_number(policy.body["pattern"], facts_for(jurisdiction, source, day), "problem")


def facts_for(jurisdiction: Unit, source: Source | None, day: date) -> NumberFacts:
    """What a number may tell."""
    return NumberFacts(day=day, source=source.zh if source else "", jurisdiction=jurisdiction.code)


def next_number(text: str, facts: NumberFacts, kind: str) -> str:
    """The next number made by a pattern; `kind` keeps the series of problems, orders and channels apart.

    The counter's row stays locked until the transaction ends: a refused action gives its number back.
    """
    parsed = pattern(text)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series(kind, parsed.scope(facts))])
        return parsed.render(facts, cursor.fetchone()[0])


def take_number(text: str, facts: NumberFacts, kind: str, number: str) -> None:
    """A number from an existing ledger was kept: the series goes on behind it."""
    reading = pattern(text).read(number)
    if reading is not None:
        with connection.cursor() as cursor:
            cursor.execute(AT_LEAST, [series(kind, reading.scope), reading.serial])


def series(kind: str, scope: str) -> str:
    """The key of a counter."""
    return f"{kind}:{scope}"
