"""What a process of its own does for `verify`: one connection, one partition after another. It never sets Django up."""

from __future__ import annotations

from typing import Any

import psycopg

from bihuan.journal.verify.replay import Replay
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.stored import Shape

_replay: list[Replay] = []


def begin(address: dict[str, Any], shapes: tuple[Shape, ...], master_key: bytes) -> None:
    """Connect to the database the parent looks at, to read and nothing else."""
    connection = psycopg.connect(**address)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    _replay[:] = [Replay(connection, shapes, master_key)]


def verify_named(name: str) -> tuple[str, Tally]:
    """Verify one partition in a snapshot."""
    replay = _replay[0]
    with replay.connection.transaction():
        return name, replay.partition(name)
