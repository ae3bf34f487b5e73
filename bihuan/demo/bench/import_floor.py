"""The floor under an import: every cell read, and the very bytes it wrote copied into tables without keys or indexes."""

from __future__ import annotations

import tempfile
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import python_calamine
from django.conf import settings
from psycopg import sql

from bihuan.installation.connections import connect

if TYPE_CHECKING:
    import uuid

    import psycopg

BYTES: Final = 1 << 20
_PROBLEMS: Final = "SELECT id FROM ledger_problem WHERE batch_id = {batch}"
_FINDINGS: Final = "SELECT id FROM ledger_finding WHERE batch_id = {batch}"
_LOOKBACKS: Final = f"SELECT id FROM lookback_lookback WHERE problem_id IN ({_PROBLEMS})"  # noqa: S608  (our own words)
_STREAMS: Final = f"{_PROBLEMS} UNION ALL {_FINDINGS} UNION ALL {_LOOKBACKS}"
WRITTEN: Final = {
    "ledger_finding": "batch_id = {batch}",
    "ledger_problem": "batch_id = {batch}",
    "ledger_findinglink": f"problem_id IN ({_PROBLEMS})",
    "ledger_involvement": f"problem_id IN ({_PROBLEMS})",
    "deadlines_clock": f"problem_id IN ({_PROBLEMS})",
    "lookback_lookback": f"problem_id IN ({_PROBLEMS})",
    "journal_payload": f"stream IN ({_STREAMS})",
    "journal_stream_head": f"stream IN ({_STREAMS})",
    "journal_event": f"stream IN ({_STREAMS})",
}
"""Table -> its rows that the import of a batch wrote."""


def floor_of(content: bytes, batch: uuid.UUID) -> tuple[dict[str, float], int]:
    """Seconds to read every cell and to copy what was written, and how many bytes that is."""
    began = time.perf_counter()
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    for row in sheet.iter_rows():
        for value in row:
            str(value)
    floor = {"read": time.perf_counter() - began, "copy": 0.0}
    written = 0
    # The running role makes no tables; the owner's are gone with its connection.
    with connect(settings.CONFIGURATION.owner_database) as owner:
        for table, condition in WRITTEN.items():
            with tempfile.TemporaryFile() as kept:
                written += _kept(owner, table, condition, batch, kept)
                kept.seek(0)
                floor["copy"] += _copied(owner, table, kept)
        owner.rollback()
    return floor, written


def _kept(owner: psycopg.Connection[Any], table: str, condition: str, batch: uuid.UUID, target: Any) -> int:
    rows = sql.SQL("SELECT * FROM {} WHERE ").format(sql.Identifier(table)) + sql.SQL(condition).format(
        batch=sql.Literal(batch)
    )
    with owner.cursor() as cursor, cursor.copy(sql.SQL("COPY ({}) TO STDOUT").format(rows)) as copy:
        return sum(target.write(part) for part in copy)


def _copied(owner: psycopg.Connection[Any], table: str, source: Any) -> float:
    """Seconds to copy the bytes into a table that has the columns and nothing else."""
    bare = sql.Identifier(f"bare_{table}")
    owner.execute(sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {})").format(bare, sql.Identifier(table)))
    began = time.perf_counter()
    with owner.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(bare)) as copy:
        while part := source.read(BYTES):
            copy.write(part)
    return time.perf_counter() - began
