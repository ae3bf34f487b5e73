"""What the owner of a database can do behind the journal's back, for tests that see whether it is found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bihuan.journal.action import Actor, action, anyone_signed_in, current
from bihuan.journal.canonical import GENESIS, chain_hash
from bihuan.journal.expungement import Expungement
from bihuan.journal.verify.report import Tally
from bihuan.journal.verify.whole import verify_journal
from tests import databases

TABLES = ("journal_event", "journal_stream_head", "journal_expungement", "journal_payload")
Owner = psycopg.Connection[Any]


@action("journal.test_make_plain", may=anyone_signed_in)
def make_plain(*, reason: str, actor: Actor, rows: dict[str, Any] | None = None) -> Expungement:
    """A record without content beside the chain."""
    return Expungement.objects.create(
        reason=reason,
        document_no="1",
        proposed_by=actor.person,
        proposed_at=current().now,
        rows=rows or {},
    )


@contextmanager
def vandal(name: str) -> Iterator[Owner]:
    """The owner of the database, who can switch triggers off, and on again when done."""
    with psycopg.connect(**databases.parameters(databases.owner(), name), autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield connection
        finally:
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def body_of(owner: Owner, stream: uuid.UUID, seq: int = 1) -> str:
    """The text of an event as it is hashed."""
    row = owner.execute(
        "SELECT body::text FROM journal_event WHERE (stream, seq) = (%s, %s)", [stream, seq]
    ).fetchone()
    assert row is not None
    return str(row[0])


def rewrite(owner: Owner, stream: uuid.UUID, changed: dict[int, str], algorithm: str = "sha256") -> None:
    """Replace bodies of a stream and make every hash after them, and the head, fit: the chain alone believes it."""
    events = owner.execute(
        "SELECT seq, body::text FROM journal_event WHERE stream = %s ORDER BY seq", [stream]
    ).fetchall()
    linked = GENESIS
    for seq, text in events:
        written = changed.get(seq, text)
        linked = chain_hash(algorithm, linked, written.encode())
        owner.execute(
            "UPDATE journal_event SET body = %s::json, hash = %s WHERE (stream, seq) = (%s, %s)",
            [written, linked, stream, seq],
        )
    owner.execute("UPDATE journal_stream_head SET hash = %s WHERE stream = %s", [linked, stream])


def verify() -> Tally:
    return verify_journal(processes=1, done={}, progress=lambda *_: None)


def faults() -> set[tuple[str, str]]:
    return {(found.fault, found.where) for found in verify().wrong}
