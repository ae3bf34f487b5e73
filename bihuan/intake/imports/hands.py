"""Further processes that enter blocks of a run beside this one: making rows is work for a processor, and a program has one.

A hand looks at the database its parent looks at, takes blocks as its parent does and ends when none is left to take, or
with its parent. One that cannot begin or breaks off costs nothing but its help.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from django.db import connection, connections

from bihuan.intake.imports import hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.intake.models import ImportRun

WORTH_A_HAND: Final = 5_000
"""From so many rows on a further process pays for its own beginning, which takes some seconds."""
MOST: Final = 4
log = logging.getLogger(__name__)


@contextmanager
def beside(run: ImportRun, *, rows: int) -> Iterator[None]:
    """Have the other processors help with so many rows as long as this lasts, and until what they took stands."""
    # What stands in an open transaction no other process sees.
    wanted = 0 if rows < WORTH_A_HAND or connection.in_atomic_block else min(MOST, os.cpu_count() or 1) - 1
    there = {alias: dict(connections[alias].settings_dict) for alias in connections}
    # Begun afresh rather than forked: a connection two processes inherit would be closed by one for both.
    context = get_context("spawn")
    begun = [
        context.Process(target=hand.lend, args=(str(run.pk), there, os.getpid()), daemon=True)
        for _hand in range(wanted)
    ]
    for process in begun:
        process.start()
    try:
        yield
    finally:
        for process in begun:
            process.join()
            if process.exitcode:
                log.warning("a hand at import %s ended with %s", run.pk, process.exitcode)
