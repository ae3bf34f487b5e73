"""Verifying the whole ledger: partitions on every core, then what no partition can see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from bihuan.journal.checkpoint_file import Checkpoint
from bihuan.journal.guards import partitions
from bihuan.journal.records import Part, business_models, derived_columns, owner_field
from bihuan.journal.vault import master_key
from bihuan.journal.verify.others import registered_recounts
from bihuan.journal.verify.partition import verify_partition
from bihuan.journal.verify.report import Fault, Found, Tally
from bihuan.journal.verify.shapes import shapes
from bihuan.journal.verify.worker import begin, verify_named

LEAVES_AT_A_TIME = 5000
# What Django adds to the address of a database: classes of its own, which another process has not.
OF_DJANGO = frozenset({"context", "cursor_factory"})
Progress = Callable[[int, int, Tally], None]


@contextmanager
def snapshot() -> Iterator[None]:
    """One consistent view, however long it takes; nothing is written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:  # inside a test the snapshot is the test's own
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def verify_journal(*, processes: int, done: dict[str, Tally], progress: Progress) -> Tally:
    """Verify all partitions not yet in `done` (which is filled as they end, so that a stopped run can go on)."""
    todo = [name for name in partitions() if name not in done]
    total = len(partitions())
    for name, tally in _run(todo, processes):
        done[name] = tally
        progress(len(done), total, tally)
    whole = Tally()
    for tally in done.values():
        whole.add(tally)
    with snapshot():
        whole.found.extend(rows_without_stream())
        whole.found.extend(payloads_without_stream())
        whole.found.extend(streams_without_event())
    return whole


def _run(names: list[str], processes: int) -> Iterator[tuple[str, Tally]]:
    if min(processes, len(names)) <= 1:
        for name in names:
            with snapshot():
                yield name, verify_partition(name)
        return
    # Started afresh rather than forked: a connection two processes inherit would be closed by one for both.
    known = (address(), master_key())
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=begin, initargs=known
    ) as pool:
        for future in as_completed([pool.submit(verify_named, name, shapes()) for name in names]):
            yield future.result()


def address() -> dict[str, Any]:
    """How a process without Django reaches the database this one looks at."""
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name not in OF_DJANGO}


def rows_without_stream() -> Iterable[Found]:
    """Rows put in behind the journal's back: their stream does not exist."""
    for model in business_models():
        table = connection.ops.quote_name(model._meta.db_table)
        column = owner_field(model).column if issubclass(model, Part) else "id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.id FROM {table} t WHERE NOT EXISTS"  # noqa: S608  (names from our own models)
                f" (SELECT 1 FROM journal_stream_head h WHERE h.stream = t.{column})"
            )
            for (pk,) in cursor.fetchall():
                yield Found(Fault.ROW_WITHOUT_STREAM, f"{model._meta.label_lower}:{pk}")


def payloads_without_stream() -> Iterable[Found]:
    """Content put beside a chain that does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM journal_payload p"
            " WHERE NOT EXISTS (SELECT 1 FROM journal_stream_head h WHERE h.stream = p.stream)"
        )
        for (pk,) in cursor.fetchall():
            yield Found(Fault.PAYLOAD_WITHOUT_EVENT, str(pk))


def streams_without_event() -> Iterable[Found]:
    """Heads whose events are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, kind FROM journal_stream_head h"
            " WHERE NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.stream = h.stream AND e.seq = 1)"
        )
        for stream, kind in cursor.fetchall():
            yield Found(Fault.STREAM_WITHOUT_EVENT, str(stream), kind)


def verify_derived() -> Tally:
    """Recompute every derived column and everything counted, and compare it with what is stored."""
    tally = Tally()
    for model in business_models():
        columns = derived_columns(model)
        if not columns:
            continue
        for row in model._base_manager.defer(None).iterator(chunk_size=1000):
            tally.rows += 1
            wrong = [name for name, function in columns.items() if function(row) != getattr(row, name)]
            if wrong:
                tally.found.append(Found(Fault.DERIVED_DIFFERS, row.row_key, ", ".join(wrong)))
    for recount in registered_recounts():
        tally.found.extend(recount())
    return tally


def verify_against_checkpoint(checkpoint: Checkpoint) -> Iterable[Found]:
    """Does the ledger still hold what was signed: every head of the checkpoint is still an event of its stream.

    Whose signature it is was judged before; here it is only compared.
    """
    batch: list[Any] = []
    for leaf in checkpoint.leaves():
        batch.append(leaf)
        if len(batch) == LEAVES_AT_A_TIME:
            yield from _missing_heads(batch)
            batch = []
    yield from _missing_heads(batch)


def _missing_heads(leaves: list[Any]) -> Iterable[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.stream, e.seq, e.hash FROM unnest(%s::uuid[], %s::int[]) AS w(stream, seq)"
            " JOIN journal_event e ON e.stream = w.stream AND e.seq = w.seq",
            [[leaf.stream for leaf in leaves], [leaf.seq for leaf in leaves]],
        )
        stored = {(stream, seq): bytes(digest) for stream, seq, digest in cursor.fetchall()}
    for leaf in leaves:
        if stored.get((leaf.stream, leaf.seq)) != leaf.head:
            yield Found(Fault.CHECKPOINT_DIFFERS, f"{leaf.stream}/{leaf.seq}")


def save_progress(file: Path, done: dict[str, Tally]) -> None:
    """Write down which partitions are done, so that a stopped verification can go on from there."""
    state = {
        name: {**vars(tally), "found": [found.as_json() for found in tally.found]}
        for name, tally in done.items()
    }
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(state))
    beside.replace(file)


def load_progress(file: Path) -> dict[str, Tally]:
    """The partitions a stopped verification had done."""
    if not file.exists():
        return {}
    state = json.loads(file.read_text())
    return {
        name: Tally(
            **{
                **values,
                "found": [Found(Fault(f["fault"]), f["where"], f["detail"]) for f in values["found"]],
            }
        )
        for name, values in state.items()
    }
