"""A client that does many small actions at once and says which of them it was told were done.

    python -m tests.journal.hammer ACKNOWLEDGED FIRST COUNT GO

Half of the actions make a record of their own, half change one of a few records everybody changes. Each carries an
idempotency key. A key is written to the file ACKNOWLEDGED only after its call has returned; while the database is
away the same key is tried again, as a web client would. It begins when the file GO is there, so that several can begin at once.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402  (Django first)

from bihuan.journal.action import Actor, action, anyone_signed_in, current  # noqa: E402
from bihuan.journal.errors import Refused  # noqa: E402
from bihuan.journal.expungement import Expungement  # noqa: E402

THREADS: Final = 4
SHARED: Final = 8
PATIENCE_SECONDS: Final = 240
SOMEBODY: Final = Actor(uuid.UUID(int=7), "甲", post_name="经办岗", unit_name="整改办")


@action("journal.hammer_make", may=anyone_signed_in)
def make(*, reason: str, actor: Actor) -> Expungement:
    """A record of its own."""
    return Expungement.objects.create(
        reason=reason, document_no="〔2026〕1号", proposed_by=actor.person, proposed_at=current().now
    )


@action("journal.hammer_change", may=anyone_signed_in)
def change(record: Expungement, *, reason: str, actor: Actor) -> None:
    """A word in a record that others change at the same moment."""
    record.reason = reason
    record.save()


def name_of(number: int) -> str:
    """The key of an action, which is also the word it writes."""
    return f"锤{number:05}"


def prepare() -> None:
    """The records everybody changes."""
    for number in range(SHARED):
        name = f"共{number}"
        make.call(key=name)(reason=name, actor=SOMEBODY)


def act(number: int) -> None:
    """One action, under its key."""
    name = name_of(number)
    if number % 2:
        make.call(key=name)(reason=name, actor=SOMEBODY)
        return
    # A shared record is one that was made from no number: the oldest there are.
    record = Expungement.objects.order_by("proposed_at", "id")[number // 2 % SHARED]
    change.call(key=name)(record, reason=name, actor=SOMEBODY)


def until_done(number: int, log: int) -> None:
    """The same key again and again until a call has returned, then the word that it did."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            act(number)
            break
        except (DatabaseError, Refused):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    os.write(log, f"{name_of(number)}\n".encode())


def main(path: str, first: int, count: int, go: Path) -> None:
    """Do them all, several at a time."""
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while not go.exists():
        time.sleep(0.002)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(until_done, number, log) for number in range(first, first + count)]:
            done.result()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
