"""Verifying one partition, or a few streams, through the connection this process has already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from bihuan.journal.vault import master_key
from bihuan.journal.verify.replay import Replay
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.shapes import shapes

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable


def verify_partition(name: str) -> Tally:
    """Verify the streams of one partition inside the caller's snapshot."""
    connection.ensure_connection()
    return Replay(connection.connection, shapes(), master_key()).partition(name)


def verify_streams(streams: Iterable[uuid.UUID]) -> Tally:
    """Verify these streams alone inside the caller's snapshot: their chains, heads, contents and rows."""
    connection.ensure_connection()
    return Replay(connection.connection, shapes(), master_key()).named([str(stream) for stream in streams])
