"""What many tests begin with, made once a worker by real actions and copied ever after, which is ten times as fast.

A test's transaction begins on an empty ledger; what was kept is all the rows that were there when it was made, table by
table, as COPY writes them. Jobs are not kept: who tests one defers it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, transaction

Rows = dict[str, bytes]
MadeT = TypeVar("MadeT")
WRITTEN = """
SELECT coalesce(pg_partition_root(relid), relid)::regclass::text, sum(n_tup_ins + n_tup_upd + n_tup_del)
FROM pg_stat_xact_user_tables WHERE relname NOT LIKE 'procrastinate%' GROUP BY 1 ORDER BY 1
"""
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'
"""


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written; more only ever."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: int(count) for table, count in cursor.fetchall() if count}


def read_rows() -> Rows:
    """All rows of the tables that were written to."""
    rows = {}
    with connection.cursor() as cursor:
        for table in written():
            cursor.execute(COLUMNS, [table])
            (columns,) = cursor.fetchone()
            with cursor.copy(f"COPY (SELECT {columns} FROM {table}) TO STDOUT") as copy:
                content = b"".join(bytes(block) for block in copy)
            if content:
                rows[f"{table} ({columns})"] = content
    return rows


def lay_down(rows: Rows) -> None:
    """Write the same rows again, as the actions that made them did."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'tests.kept', true)")
        for named, content in rows.items():
            with cursor.copy(f"COPY {named} FROM STDIN") as copy:
                copy.write(content)
        cursor.execute("SELECT set_config('bihuan.action', '', true)")


@dataclass
class Shelf:
    """What this worker has kept, and the empty beginning of the present test."""

    kept: dict[Any, tuple[Rows, Any]]
    beginning: str = ""
    mark: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """A new test, on an empty ledger."""
        self.beginning = transaction.savepoint()

    def stand(self) -> None:
        """What is there now is what a kept stage was made from; see `stage`."""
        self.mark = written()

    def first(self, key: Any, make: Callable[[], MadeT]) -> MadeT:
        """Make it, or lay down its rows; gives what making it gave."""
        if key in self.kept:
            rows, made = self.kept[key]
            lay_down(rows)
            return made
        made = make()
        self.kept[key] = read_rows(), made
        return made

    def stage(self, key: Any, make: Callable[[], MadeT]) -> MadeT:
        """A later stage: where nothing was written since `stand`, go back to the beginning and lay all of it down."""
        if written() != self.mark:
            return make()
        if key in self.kept:
            transaction.savepoint_rollback(self.beginning)
        return self.first(key, make)
