"""What a process of its own does for `verify`: one connection, one partition after another. It never sets Django up."""

from __future__ import annotations

from typing import Any

import psycopg

from bihuan.journal.verify.replay import Replay
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.stored import Shape

_connection: list[tuple[psycopg.Connection[Any], bytes]] = []


def begin(address: dict[str, Any], master_key: bytes) -> None:
    """Connect to the database the parent looks at, to read and nothing else.

    Keep the arguments few: a parent that hands more than a pipe holds to a process that dies at once waits for ever.
    """
    connection = psycopg.connect(**address)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    _connection[:] = [(connection, master_key)]


def verify_named(name: str, shapes: tuple[Shape, ...]) -> tuple[str, Tally]:
    """Verify one partition in a snapshot."""
    connection, master_key = _connection[0]
    with connection.transaction():
        return name, Replay(connection, shapes, master_key).partition(name)
