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
    """What this worker has kept, and how far along the kept stages the present test stands."""

    kept: dict[Any, tuple[Rows, Any]]
    beginning: str = ""
    path: tuple[Any, ...] | None = ()
    mark: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """A new test, on an empty ledger."""
        self.beginning = transaction.savepoint()
        self.mark = written()

    def stage(self, key: Any, make: Callable[[], MadeT]) -> MadeT:
        """Make it on top of the stages before, or lay down the rows of all of them; gives what making it gave.

        Where a test has written something of its own in between, there is no stage to go back to any more: it is made.
        """
        if self.path is None or written() != self.mark:
            self.path = None
            return make()
        began, path = self.path, (*self.path, key)
        if path in self.kept:
            if began:
                transaction.savepoint_rollback(self.beginning)
            rows, made = self.kept[path]
            lay_down(rows)
        else:
            # Stages within this one are steps of it.
            self.path = None
            made = make()
            self.kept[path] = read_rows(), made
        self.path, self.mark = path, written()
        return made
