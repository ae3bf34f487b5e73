"""A block that enters by the thousand leaves the very rows and events that it leaves row by row."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import uuid_utils.compat
from django.db import connection, transaction

from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal import append, beside, loading, records, timesource
from bihuan.journal.open_action import OpenAction
from bihuan.journal.records import GuardedQuerySet
from bihuan.journal.verify.whole import verify_journal
from tests.intake.sheets import rows, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db

WRITTEN_BY = (
    "journal_event",
    "journal_stream_head",
    "journal_payload",
    "ledger_finding",
    "ledger_problem",
    "ledger_findinglink",
    "ledger_involvement",
    "ledger_waiting",
    "ledger_numberseries",
    "deadlines_clock",
    "lookback_lookback",
    "intake_stagedrow",
)
MOMENT = dt.datetime(2026, 3, 25, 9, 30, tzinfo=dt.UTC)
MANY = loading.MANY * 6


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables an import writes, as text, in an order of their own."""
    found = {}
    with connection.cursor() as cursor:
        for table in WRITTEN_BY:
            cursor.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def entered(run: ImportRun, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[Any, ...]]]:
    """What stands after the run has entered, with ids, salts and clock that are the same every time."""
    ids = itertools.count(1)
    monkeypatch.setattr(uuid_utils.compat, "uuid7", lambda: uuid.UUID(int=(0x7 << 76) + next(ids)))
    monkeypatch.setattr(os, "urandom", bytes)
    for module in (append, beside):
        monkeypatch.setattr(module, "database_clock", lambda _using: MOMENT)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    within = transaction.atomic()
    within._from_testcase = True  # type: ignore[attr-defined]  # actions are durable, and are so inside a test's block
    with within, timesource.at(MOMENT):
        import_runs.enter(run.pk)
        run.refresh_from_db()
        assert run.state == ImportRun.State.DONE, run.failure
        assert not verify_journal(processes=1, done={}, progress=lambda *_: None).wrong
        found = stored()
        transaction.set_rollback(True)
    monkeypatch.undo()
    return found


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row saved by itself and each event inserted: what everything else in the program does."""

    def save_each(_rows: GuardedQuerySet[Any], made: Iterable[Any], **_kwargs: Any) -> list[Any]:
        saved = list(made)
        for row in saved:
            row.save()
        return saved

    monkeypatch.setattr(GuardedQuerySet, "bulk_create", save_each)
    monkeypatch.setattr(OpenAction, "write_beside", lambda *_: None)
    for module in (append, records):
        monkeypatch.setattr(module, "MANY", 10**9)


def test_rows_and_events_are_the_same_as_one_by_one(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = import_runs.hand_in("台账.xlsx", workbook(rows(MANY)), batch, actor=cast.coordinator.actor)
    import_runs.check(run.pk)
    together = entered(run, monkeypatch)
    one_by_one(monkeypatch)
    apart = entered(run, monkeypatch)
    assert all(together[table] for table in WRITTEN_BY)
    for table in WRITTEN_BY:
        assert together[table] == apart[table], table


def test_a_block_asks_nothing_while_it_is_being_written(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question would wait for all that was handed to the writer before it; only the jobs queued at the end do."""
    waited: list[str] = []
    asked = beside.Beside._after_all

    def listen(writer: beside.Beside, execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if writer._under_way:
            waited.append(statement)
        return asked(writer, execute, statement, *rest)

    run = import_runs.hand_in("台账.xlsx", workbook(rows(MANY)), batch, actor=cast.coordinator.actor)
    import_runs.check(run.pk)
    monkeypatch.setattr(beside.Beside, "_after_all", listen)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    import_runs.enter(run.pk)
    assert ["procrastinate_defer_jobs" in statement for statement in waited] == [True], waited
