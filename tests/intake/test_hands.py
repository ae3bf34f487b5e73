"""Several processes enter one ledger side by side: every row once, under its own number and place, whoever breaks off."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.db.models import F

from bihuan.intake import actions as intake
from bihuan.intake.imports import blocks, hands, staging
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportBlock, ImportRun, StagedRow
from bihuan.journal.action import Actor, action, system_only
from bihuan.journal.verify.whole import verify_derived, verify_journal
from bihuan.ledger.models import Batch, Finding, NumberSeries, Problem
from bihuan.ledger.registering import register_finding_row
from tests.intake.conftest import open_batch
from tests.intake.sheets import look, rows, workbook
from tests.organizations.cast import Cast, build_cast, seed_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 40


@pytest.fixture
def town(committed: str) -> Cast:
    """A city other processes find."""
    cast = build_cast()
    seed_lists(cast)
    return cast


@pytest.fixture
def run(town: Cast, monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    monkeypatch.setattr(blocks, "BLOCK", 4)
    monkeypatch.setattr(hands, "WORTH_A_HAND", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return look(open_batch(town), workbook(rows(ROWS)), town).run


def stands_whole(run: ImportRun) -> None:
    """Numbers and places in the order of the file, without a gap; and the ledger verifies."""
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (ImportRun.State.DONE, ROWS, ROWS)
    problems = Problem.objects.filter(batch=run.batch)
    origins = [f"旧台账.xlsx:{row.place}" for row in StagedRow.objects.filter(run=run).order_by("n")]
    by_place = problems.order_by("finding_links__finding__ordinal")
    assert list(by_place.values_list("imported_from", flat=True)) == origins
    assert list(problems.order_by("problem_no").values_list("imported_from", flat=True)) == origins
    assert list(Finding.objects.order_by("ordinal").values_list("ordinal", flat=True)) == [
        *range(1, ROWS + 1)
    ]
    assert NumberSeries.objects.get(series__startswith="problem:").last == ROWS
    assert not ImportBlock.objects.exists()
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert tally.wrong == []
    assert verify_derived().wrong == []


def test_two_processes_enter_every_row_once(
    run: ImportRun, town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This hand waits with its second block until the other has entered something."""
    mine: list[int] = []

    def count(of: ImportRun, entered: int) -> None:
        mine.append(entered)
        ImportRun.objects.filter(pk=of.pk).update(done=F("done") + entered)
        if len(mine) == 1:
            others_have_entered(of, entered)

    monkeypatch.setattr(import_runs, "_count", count)
    import_runs.take(run, actor=town.coordinator.actor)
    stands_whole(run)
    assert 0 < sum(mine) < ROWS


def others_have_entered(run: ImportRun, mine: int) -> None:
    with connections["default"].cursor() as cursor:
        for _try in range(600):
            cursor.execute("SELECT done FROM intake_importrun WHERE id = %s", [str(run.pk)])
            if cursor.fetchone()[0] > mine:
                return
            cursor.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("nobody else entered anything")


def test_what_a_hand_had_taken_that_broke_off_is_entered_under_its_numbers(
    run: ImportRun, town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def one_that_breaks_off(of: ImportRun, *, rows: int) -> Iterator[None]:
        next(blocks.next_blocks(of))
        yield

    monkeypatch.setattr(hands, "beside", one_that_breaks_off)
    import_runs.take(run, actor=town.coordinator.actor)
    stands_whole(run)


def test_a_run_killed_with_blocks_taken_goes_on_with_their_numbers(
    run: ImportRun, town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hands, "WORTH_A_HAND", ROWS + 1)
    with monkeypatch.context() as patched:
        patched.setattr(import_runs, "_count", killed)
        with pytest.raises(KeyboardInterrupt):
            import_runs.take(run, actor=town.coordinator.actor)
    assert ImportBlock.objects.exists()
    import_runs.enter(run.pk)
    stands_whole(run)


def test_a_place_in_the_batch_is_given_once_whoever_asks(run: ImportRun, town: Cast) -> None:
    """A finding entered by hand while blocks are taken stands behind them."""
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    taking = blocks.next_blocks(run)
    (note, laid), _second = next(taking), next(taking)
    finding = by_hand(run.batch, town)
    assert finding.ordinal == note.count * 2 + 1
    block = staging.StagedBlock(laid, note)
    intake.import_rows(run.batch, block=block, file_name=run.name, actor=town.coordinator.actor)
    assert list(Finding.objects.order_by("ordinal").values_list("ordinal", flat=True)) == [1, 2, 3, 4, 9]


def test_places_go_on_behind_findings_that_were_there_before_they_were_counted(town: Cast) -> None:
    batch = open_batch(town)
    assert by_hand(batch, town).ordinal == 1
    NumberSeries.objects.filter(series__startswith="finding:").delete()
    assert [by_hand(batch, town).ordinal for _more in range(2)] == [2, 3]


@action("tests.find", may=system_only)
def find(batch: Batch, *, actor: Actor) -> Finding:
    return register_finding_row(batch, text="现场另查出一处漏点。")


def by_hand(batch: Batch, town: Cast) -> Finding:
    return find(batch, actor=town.system)
