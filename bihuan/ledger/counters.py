"""Reading the counters: how many problems a whole slice holds, exactly, without counting them.

Readers add what is folded to what is not, in one statement and so in one snapshot; folding moves deltas into their
counters in one statement too. There is no mark up to which something was folded, and so nothing to get wrong when a
transaction commits late.

What an actor sees is decided by involvements, not by counters. But whoever sees a place sees every problem of it
through its office; so where a slice has no problem outside the places somebody sees, the counters know its number.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count

from bihuan.journal.action import Actor
from bihuan.journal.verify.report import Fault, Found
from bihuan.ledger.models import Counter, CounterDelta, Problem, Readership
from bihuan.ledger.models.counters import KEY
from bihuan.ledger.sight import channels_of, visible
from bihuan.organizations.remembering import remembered
from bihuan.organizations.sight import Sight, sight_of

COLUMNS: Final = ", ".join(KEY)
ALL: Final = f"""
SELECT {COLUMNS}, count FROM {Counter._meta.db_table}
UNION ALL SELECT {COLUMNS}, count FROM {CounterDelta._meta.db_table}
"""  # noqa: S608  (our own names)
STANDING: Final = f"""
SELECT c.state, c.readership, c.channel_id IS NOT NULL, sum(c.count)::bigint,
    coalesce(sum(c.count) FILTER (WHERE place.path <@ %(seen)s::ltree[]), 0)::bigint
FROM ({ALL}) AS c
JOIN organizations_unit AS place ON place.id = c.jurisdiction_id
LEFT JOIN organizations_unit AS lead ON lead.id = c.lead_unit_id
WHERE (c.channel_id IS NULL OR c.channel_id = ANY(%(channels)s))
AND (%(lead)s = '' OR lead.path <@ nullif(%(lead)s, '')::ltree)
GROUP BY 1, 2, 3
"""  # noqa: S608
FOLD: Final = f"""
WITH gone AS (DELETE FROM {CounterDelta._meta.db_table} RETURNING {COLUMNS}, count)
INSERT INTO {Counter._meta.db_table} AS kept ({COLUMNS}, count)
SELECT {COLUMNS}, sum(count) FROM gone GROUP BY {COLUMNS} ORDER BY {COLUMNS}
ON CONFLICT ({COLUMNS}) DO UPDATE SET count = kept.count + excluded.count
"""  # noqa: S608
DIFFERENCES: Final = f"""
SELECT {COLUMNS}, sum(count)::bigint FROM (
    {ALL} UNION ALL SELECT {COLUMNS}, -1 FROM {Problem._meta.db_table}
) AS both_sides GROUP BY {COLUMNS} HAVING sum(count) <> 0 ORDER BY {COLUMNS}
"""  # noqa: S608
AGAIN: Final = f"""
INSERT INTO {Counter._meta.db_table} ({COLUMNS}, count)
SELECT {COLUMNS}, count(*) FROM {Problem._meta.db_table} GROUP BY {COLUMNS}
"""  # noqa: S608


@dataclass(frozen=True)
class Standing:
    """The problems of one state, readership and side of the channel: all there are, and those of places seen."""

    state: str
    readership: str
    restricted: bool
    everywhere: int
    inside: int

    @property
    def secret(self) -> bool:
        """A work secret of everybody's ledger: not the place decides who sees it, but who is directly involved."""
        return self.readership == Readership.WORK_SECRET and not self.restricted


def exact_count(actor: Actor, states: frozenset[str] | None = None, lead_path: str = "") -> int | None:
    """How many problems the actor sees in these states (in all, if None) led by a unit under a path.

    None where the counters cannot say. One query for all states of a page, and one more where there are work secrets.
    """
    sight = sight_of(actor)
    if sight.everything or sight.nothing:
        return 0 if sight.nothing else None
    found = [one for one in _standing(sight, lead_path) if states is None or one.state in states]
    total = settled(one for one in found if not one.secret)
    if total is None or not any(one.everywhere for one in found if one.secret):
        return total
    return total + sum(
        count for state, count in _secrets_seen(actor, lead_path).items() if states is None or state in states
    )


def settled(parts: Iterable[Standing]) -> int | None:
    """The sum of what is seen, if it is certain: what is restricted was asked for by its channels and is seen whole;
    the rest is seen where it lies inside, and nothing may lie outside, where involvements would decide.
    """
    total = 0
    for one in parts:
        if not one.restricted and one.inside != one.everywhere:
            return None
        total += one.everywhere
    return total


@remembered
def _secrets_seen(actor: Actor, lead_path: str) -> dict[str, int]:
    """Work secrets the actor sees, by state."""
    rows = Problem.objects.filter(readership=Readership.WORK_SECRET, channel=None)
    if lead_path:
        rows = rows.filter(lead_unit__path__under=lead_path)
    return dict(visible(actor, rows).values_list("state").annotate(count=Count("pk")).order_by())


@remembered
def _standing(sight: Sight, lead_path: str) -> list[Standing]:
    parameters: dict[str, Any] = {
        "seen": list(sight.subtrees),
        "channels": list(channels_of(sight)),
        "lead": lead_path,
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDING, parameters)
        return [Standing(*row) for row in cursor.fetchall()]


def fold() -> int:
    """Move what is not folded into its counters; returns how many counters were touched. Safe to run at any time."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        return int(cursor.rowcount)


def count_again() -> None:
    """Throw the counters away and count the rows, while nobody writes one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Problem._meta.db_table} IN SHARE MODE")
        for model in (Counter, CounterDelta):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        cursor.execute(AGAIN)


def found_in_counters() -> Iterable[Found]:
    """For `bihuan verify --derived`: every counter that does not say what the rows say."""
    for key, too_high in differences():
        where = " ".join(f"{name}={value}" for name, value in key.items() if value is not None)
        yield Found(Fault.DERIVED_DIFFERS, f"{Counter._meta.label_lower}: {where}", f"{too_high:+d}")


def differences() -> list[tuple[dict[str, uuid.UUID | str | None], int]]:
    """The counters that do not say what the rows say, each with how much too high it is."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [(dict(zip(KEY, row[:-1], strict=True)), row[-1]) for row in cursor.fetchall()]
