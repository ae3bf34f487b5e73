"""Giving out numbers: one row lock a series, so that two problems never get the same."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from bihuan.journal.action import current
from bihuan.ledger.numbering_rules import NumberFacts, Pattern, pattern
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.ledger.models import Batch, RestrictedChannel, Source
    from bihuan.organizations.models import Unit
    from bihuan.policies.models import Policy

Aside = dict[str, tuple[int, int]]
"""Serials set aside: series -> the first of them, and how many."""
NUMBERING_PROBLEM = "numbering.problem"
NEXT = """
INSERT INTO ledger_numberseries AS own (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = own.last + excluded.last
RETURNING last
"""
NEXT_ORDINALS = """
INSERT INTO ledger_numberseries AS own (series, last)
SELECT %(series)s, max_now.ordinal + %(count)s
FROM (SELECT coalesce(max(ordinal), 0) AS ordinal FROM ledger_finding WHERE batch_id = %(batch)s) AS max_now
ON CONFLICT (series) DO UPDATE SET last = greatest(own.last, excluded.last - %(count)s) + %(count)s
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
    jurisdiction: Unit,
    sources: Sequence[Source],
    day: date,
    channel: RestrictedChannel | None = None,
    aside: Aside | None = None,
) -> list[str]:
    """Numbers for problems of these sources, in their order; each series is asked once for all it gives.

    `aside` are serials `set_aside` for these problems; a series they do not reach for is asked.
    """
    policies = {} if channel else _policies(jurisdiction, sources, day)
    for policy in policies.values():
        current().quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return next_numbers(*_wanted(jurisdiction, sources, day, channel, policies), aside)


def set_aside(
    jurisdiction: Unit, sources: Sequence[Source], day: date, channel: RestrictedChannel | None = None
) -> Aside:
    """Serials for problems that enter in a transaction of their own, which then holds no counter: series -> first, how many.

    Called in a short transaction. Whoever asked for them keeps them until the problems stand.
    """
    policies = {} if channel else _policies(jurisdiction, sources, day)
    wanted, kind = _wanted(jurisdiction, sources, day, channel, policies)
    return _take(Counter(key for _reading, _facts, key in _read(wanted, kind)))


def numbers_aside(
    jurisdiction: Unit, sources: Sequence[Source], day: date, channel: RestrictedChannel | None, aside: Aside
) -> list[tuple[str, str, int]]:
    """What was set aside, as people read it: the first number of each series, the last, and how many.

    By the pattern of that day; a series no pattern leads to any more is told by its serials.
    """
    policies = {} if channel else _policies(jurisdiction, sources, day)
    wanted, kind = _wanted(jurisdiction, sources, day, channel, policies)
    known = {key: (reading, facts) for reading, facts, key in _read(wanted, kind)}
    told = []
    for key, (first, count) in sorted(aside.items()):
        ends = (first, first + count - 1)
        if key in known:
            reading, facts = known[key]
            told.append((reading.render(facts, ends[0]), reading.render(facts, ends[1]), count))
        else:
            told.append((str(ends[0]), str(ends[1]), count))
    return told


def next_ordinals(batch: Batch, count: int) -> range:
    """The next places in a batch, for so many findings. The counter's row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        name = series("finding", str(batch.pk))
        cursor.execute(NEXT_ORDINALS, {"series": name, "batch": str(batch.pk), "count": count})
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def _policies(jurisdiction: Unit, sources: Sequence[Source], day: date) -> dict[str, Policy]:
    return {
        code: policy_for(NUMBERING_PROBLEM, jurisdiction=jurisdiction, source=code, on=day)
        for code in dict.fromkeys(source.code for source in sources)
    }


def _wanted(
    jurisdiction: Unit,
    sources: Sequence[Source],
    day: date,
    channel: RestrictedChannel | None,
    policies: Mapping[str, Policy],
) -> tuple[list[tuple[str, NumberFacts]], str]:
    """Pattern and facts of each number, and the kind of its series."""
    facts = {source.code: facts_for(jurisdiction, source, day) for source in sources}
    if channel:
        return [(channel.number_pattern, facts[source.code]) for source in sources], f"channel {channel.code}"
    texts = {code: str(policy.body["pattern"]) for code, policy in policies.items()}
    return [(texts[source.code], facts[source.code]) for source in sources], "problem"


def facts_for(jurisdiction: Unit, source: Source | None, day: date) -> NumberFacts:
    """What a number may tell."""
    return NumberFacts(day=day, source=source.zh if source else "", jurisdiction=jurisdiction.code)


def next_number(text: str, facts: NumberFacts, kind: str) -> str:
    """The next number made by a pattern; `kind` keeps the series of problems, orders and channels apart."""
    return next_numbers([(text, facts)], kind)[0]


def next_numbers(
    wanted: Sequence[tuple[str, NumberFacts]], kind: str, aside: Aside | None = None
) -> list[str]:
    """The next numbers made by patterns, in the order they are wanted; of series set aside, those.

    The counters' rows stay locked until the transaction ends: a refused action gives its numbers back. Several
    counters are locked in the order of their names, so that two actions never wait for each other.
    """
    read = _read(wanted, kind)
    counts, aside = Counter(key for _reading, _facts, key in read), aside or {}
    enough = {key: aside[key] for key, count in counts.items() if key in aside and aside[key][1] >= count}
    taken = _take({key: count for key, count in counts.items() if key not in enough})
    serials = {key: iter(range(first, first + count)) for key, (first, count) in {**taken, **enough}.items()}
    return [reading.render(facts, next(serials[key])) for reading, facts, key in read]


def _read(wanted: Sequence[tuple[str, NumberFacts]], kind: str) -> list[tuple[Pattern, NumberFacts, str]]:
    """Each pattern read, with its facts and the series it counts in; those alike are read once."""
    once: dict[tuple[str, NumberFacts], tuple[Pattern, NumberFacts, str]] = {}
    for text, facts in wanted:
        if (text, facts) not in once:
            reading = pattern(text)
            once[text, facts] = reading, facts, series(kind, reading.scope(facts))
    return [once[one] for one in wanted]


def _take(counts: Mapping[str, int]) -> Aside:
    """So many serials of each series: the first of them, and how many."""
    taken = {}
    with connection.cursor() as cursor:
        for key, count in sorted(counts.items()):
            cursor.execute(NEXT, [key, count])
            taken[key] = (int(cursor.fetchone()[0]) - count + 1, count)
    return taken


def take_number(text: str, facts: NumberFacts, kind: str, number: str) -> None:
    """A number from an existing ledger was kept: the series goes on behind it."""
    reading = pattern(text).read(number)
    if reading is not None:
        with connection.cursor() as cursor:
            cursor.execute(AT_LEAST, [series(kind, reading.scope), reading.serial])


def series(kind: str, scope: str) -> str:
    """The key of a counter."""
    return f"{kind}:{scope}"
