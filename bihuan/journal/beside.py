"""Writing beside the work: rows that are ready go into the database while the action makes the next ones.

    current().write_beside()          # from here on; every read before it
    Problem.objects.bulk_create(…)    # noted and spelt here, copied in by a thread

One connection and one transaction as ever, and the statements in the order they were given: a thread carries them out,
and whatever else is asked of the connection waits until it has. Only the waiting is saved, which is half of a block of
a thousand rows. What a constraint refuses is raised at the next question, at the latest before the action ends.
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connections
from psycopg.copy import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

# Keys to rows of other tables are checked at the end of an action; of rows whose turn has come they are checked now,
# while the action goes on, or all of them would be waited for together.
CHECK_KEYS = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def database_clock(using: str) -> datetime:
    """The present moment by the clock of the database, which nobody here can move."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


class Beside:
    """What carries out an action's writing; made and closed by the action that is open."""

    def __init__(self, using: str) -> None:
        self._connection = connections[using]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bihuan-beside")
        self._under_way: list[Future[None]] = []
        self._connection.execute_wrappers.append(self._after_all)
        _turns.begin()

    def copy(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Spell the rows as COPY reads them, now, and have them copied in."""
        spelt = _Spelt()
        raw = self._connection.connection
        with (
            self._connection.wrap_database_errors,
            raw.cursor() as cursor,
            psycopg.Copy(cursor, writer=spelt) as copy,
        ):
            for row in rows:
                copy.write_row(row)
        content = b"".join(spelt.parts)

        def carry_out() -> None:
            with raw.cursor() as cursor:
                with cursor.copy(statement) as copy:
                    copy.write(content)
                cursor.execute(CHECK_KEYS)

        self._have(carry_out)

    def execute(self, statement: str, parameters: Sequence[object]) -> None:
        """Have a statement carried out of which no answer is wanted."""
        raw = self._connection.connection

        def carry_out() -> None:
            with raw.cursor() as cursor:
                cursor.execute(statement, parameters)

        self._have(carry_out)

    def wait(self) -> None:
        """Until all of it is written; raises what went wrong first, as the connection itself would have."""
        under_way, self._under_way = self._under_way, []
        with self._connection.wrap_database_errors:
            for one in under_way:
                one.result()

    def close(self) -> None:
        """The action is over: nothing may be under way when its transaction ends, well or badly."""
        self._connection.execute_wrappers.remove(self._after_all)
        self._thread.shutdown(wait=True)
        _turns.end()
        with suppress(psycopg.Error):
            for one in self._under_way:
                one.result()

    def _have(self, carry_out: Callable[[], None]) -> None:
        before = self._under_way[-1] if self._under_way else None

        def in_turn() -> None:
            # After a refusal the transaction takes nothing more: what comes behind it is not even tried.
            if before is not None:
                before.result()
            carry_out()

        self._under_way.append(self._thread.submit(in_turn))

    def _after_all(self, execute: Callable[..., Any], *question: Any) -> Any:
        self.wait()
        return execute(*question)


class _Turns:
    """Short turns for all threads while anybody writes beside the work.

    The writer needs the interpreter for a moment at each step, and would wait the usual five thousandths of a second
    for it, as long as the database needs for a step.
    """

    SHORT = 0.001

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writers = 0
        self._usual = 0.0

    def begin(self) -> None:
        with self._lock:
            if not self._writers:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(min(self.SHORT, self._usual))
            self._writers += 1

    def end(self) -> None:
        with self._lock:
            self._writers -= 1
            if not self._writers:
                sys.setswitchinterval(self._usual)


_turns = _Turns()


class _Spelt(Writer):
    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: Any) -> None:
        self.parts.append(bytes(data))
