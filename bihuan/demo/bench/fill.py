"""Filling a ledger: streams that real actions wrote are copied under new ids, re-chained, and loaded by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from django.db import connection, connections

from bihuan.demo.bench.copies import load_copies
from bihuan.demo.bench.template import templates
from bihuan.demo.bench.worker import begin, load_serials

COPIES_AT_A_TIME = 1000


def filled() -> set[int]:
    """The serial numbers of the copies the ledger holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT substr(problem_no, 4)::int FROM ledger_problem WHERE problem_no LIKE 'BN-%%'")
        return {serial for (serial,) in cursor.fetchall()}


def fill(count: int, say: Callable[[str], object], *, processes: int = 1) -> int:
    """Load copies until there are `count`; returns how many events were loaded.

    Each block is one transaction, and copies that are there are not loaded again: a stopped fill goes on.
    """
    missing = sorted(set(range(1, count + 1)) - filled())
    blocks = [missing[at : at + COPIES_AT_A_TIME] for at in range(0, len(missing), COPIES_AT_A_TIME)]
    events = done = 0
    for loaded, copies in _loaded(blocks, processes):
        events, done = events + loaded, done + copies
        say(f"{done:,} / {len(missing):,}")
    return events


def _loaded(blocks: list[list[int]], processes: int) -> Iterator[tuple[int, int]]:
    """Events and copies of each block, as it ends."""
    if min(processes, len(blocks)) <= 1:
        connection.ensure_connection()
        originals = list(templates())
        yield from ((load_copies(connection.connection, originals, block), len(block)) for block in blocks)
        return
    there = {alias: dict(connections[alias].settings_dict) for alias in connections}
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=begin, initargs=(there,)
    ) as pool:
        running = {pool.submit(load_serials, block): len(block) for block in blocks}
        for future in as_completed(running):
            yield future.result(), running[future]
