"""How common tokens and signature keys are in the ledger, from what the database's planner knows of it.

The planner keeps the ten thousand commonest tokens with their shares; what it does not list is rare. That is all a lookup
has to know: which tokens would fetch half the ledger, and how much each says.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.db import connection

from bihuan.text.corpus import Frequencies

FRESH_FOR: Final = 600.0
"""Seconds. Shares move slowly, and reading ten thousand of them takes as long as a lookup."""
_READ: Final = """
SELECT s.attname, s.most_common_elems::text::text[], s.most_common_elem_freqs, greatest(c.reltuples, 0)
FROM pg_class AS c LEFT JOIN pg_stats AS s
    ON s.schemaname = current_schema() AND s.tablename = c.relname AND s.attname IN ('search', 'signature')
WHERE c.oid = 'ledger_problem'::regclass
"""
# What is not listed is rarer than the rarest listed; most of it far rarer.
_UNLISTED: Final = 1 / 8
SMALL: Final = 30


@dataclass(frozen=True)
class Shares:
    """Element -> in how many rows it stands, of the listed ones; and what to expect of any other."""

    listed: dict[str, int] = field(default_factory=dict)
    unlisted: int = 1

    def rows(self, element: object) -> int:
        """In about how many rows an element stands."""
        return self.listed.get(str(element), self.unlisted)


@dataclass(frozen=True)
class Known:
    """What the planner knew when it last looked."""

    total: int
    tokens: Shares
    keys: Shares

    @cached_property
    def corpus(self) -> Frequencies:
        """What each token weighs. Even of a small ledger, all of whose tokens count as unseen, some are rarer."""
        return Frequencies(self.tokens.listed, max(self.total, SMALL))

    def weight_of_key(self, key: int) -> float:
        """What sharing a key of a signature says, on the scale of the tokens' weights."""
        return math.log((max(self.total, SMALL) + 1) / (self.keys.rows(key) + 0.5))


_read: dict[str, tuple[float, Known]] = {}


def known() -> Known:
    """The frequencies, read anew every ten minutes in each process."""
    name = str(connection.settings_dict["NAME"])
    now = time.monotonic()
    last = _read.get(name)
    if last is None or now - last[0] > FRESH_FOR:
        _read[name] = (now, read())
    return _read[name][1]


def read() -> Known:
    """Ask the database. A table it has never looked at is small, and everything in it counts as rare."""
    found: dict[str, Shares] = {}
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        for column, elements, shares, rows in cursor.fetchall():
            total = int(rows)
            if elements:
                # Behind the shares of the elements stand the least and the greatest of them.
                listed = dict(zip(elements, (max(1, round(share * rows)) for share in shares), strict=False))
                found[column] = Shares(listed, max(1, round(min(listed.values()) * _UNLISTED)))
    return Known(total, found.get("search", Shares()), found.get("signature", Shares()))
