"""Verifying one partition through the connection this process has already."""

from __future__ import annotations

from django.db import connection

from bihuan.journal.vault import master_key
from bihuan.journal.verify.replay import Replay
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.shapes import shapes


def verify_partition(name: str) -> Tally:
    """Verify the streams of one partition inside the caller's snapshot."""
    connection.ensure_connection()
    return Replay(connection.connection, shapes(), master_key()).partition(name)
