"""The access log: refusals, reads of personal or restricted data, every page an administrator opens.

It is written on a connection of its own, outside any business transaction, and is append-only in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from bihuan.journal import timesource
from bihuan.journal.models import AccessEntry
from bihuan.journal.open_action import Actor
from bihuan.journal.records import Record

LOG = "access_log"
client_address: ContextVar[str] = ContextVar("client_address", default="")


def record(
    actor: Actor, what: str, *, outcome: str = "seen", subjects: Sequence[Record] = (), **detail: Any
) -> None:
    """Append one entry. `what` is a short code (``refused:ledger.merge``, ``personal:mobile``)."""
    named = subjects[0].row_key if subjects else ""
    if len(subjects) > 1:
        detail["subjects"] = len(subjects)
    AccessEntry(
        at=timesource.now(),
        person=actor.person,
        post=actor.post,
        what=what[:80],
        subject=named,
        outcome=outcome[:20],
        address=client_address.get(),
        detail=detail,
    ).save(using=LOG, force_insert=True)
