"""A running ledger taken over: in any state, with its own dates, the good rows or none."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.deadlines.models import Clock, ClockKind, ClockState
from bihuan.exchange.wire import reachable
from bihuan.files import store
from bihuan.intake import actions, jobs
from bihuan.intake.imports import blocks, importing, staging
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.imports.marked import marked_copy
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Batch, Finding, Involvement, InvolvementRole, Problem
from bihuan.lookback.models import Lookback
from tests.documents.opening import sound
from tests.intake.sheets import HEADER, Looked, look, rows, take, workbook

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db


def faults(plan: Looked) -> list[str]:
    return [f"{cell.place} {cell.words}" for cell in plan.bad]


def test_rows_enter_in_their_own_state_with_their_own_dates(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(5)), cast)
    closed = Problem.objects.get(state="closed")
    assert (closed.registered_on, closed.assigned_on, closed.closed_on) == (
        date(2026, 1, 15),
        date(2026, 1, 15),
        date(2026, 5, 20),
    )
    states = Problem.objects.order_by("problem_no").values_list("state", flat=True)
    assert list(states) == ["rectifying", "closed", "registered", "accepting", "standing_duty"]


def test_what_is_taken_over_is_pressed_and_looked_back_at_like_the_rest(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(5)), cast)
    running = Clock.objects.filter(state=ClockState.RUNNING).values_list("problem__state", "kind", "due")
    assert ("rectifying", ClockKind.RECTIFICATION, date(2026, 10, 31)) in set(running)
    assert {state for state, _kind, _due in running} >= {"rectifying", "accepting"}
    planned = set(Lookback.objects.values_list("problem__state", "state"))
    assert planned == {("closed", "scheduled"), ("standing_duty", "scheduled")}


def test_each_says_which_file_and_row_it_came_from(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(2)), cast)
    origins = Problem.objects.order_by("problem_no").values_list("imported_from", flat=True)
    assert list(origins) == ["旧台账.xlsx:台账!3", "旧台账.xlsx:台账!4"]


def test_amounts_are_yuan_whatever_the_column_says(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(1)), cast)
    assert Problem.objects.get().amount == 125_000


def test_each_row_is_a_finding_with_its_own_number(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(3)), cast)
    found = Finding.objects.order_by("ordinal").values_list("ordinal", "source_no")
    assert list(found) == [(1, "1"), (2, "2"), (3, "3")]


def test_the_unit_that_is_at_work_sees_its_problem(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(1)), cast)
    assert Involvement.objects.filter(role=InvolvementRole.LEAD, unit=cast.water).exists()


def test_one_event_a_stream_and_all_under_one_run(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(4)), cast)
    events = JournalEvent.objects.filter(verb="intake.import_rows")
    assert events.count() == 8
    assert events.values("batch").distinct().count() == 1


def test_bad_rows_stay_out_and_good_ones_enter(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(10, bad=frozenset({2, 7}))), cast)
    assert Problem.objects.count() == 8


def test_looking_writes_nothing_into_the_ledger(batch: Batch, cast: Cast) -> None:
    look(batch, workbook(rows(3)), cast)
    assert not Problem.objects.exists()


def test_a_bad_cell_is_named_with_what_would_be_accepted(batch: Batch, cast: Cast) -> None:
    plan = look(batch, workbook(rows(3, bad=frozenset({1}))), cast)
    assert len(plan.bad) == 1
    assert plan.bad[0].place == "台账!D4"
    assert "等通知" in plan.bad[0].words
    assert "2026-09-30" in plan.bad[0].words


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ([1, "管网漏损", "市水务局", "", "整得差不多了", "", "", ""], "台账!E3", "不认识状态"),
        ([1, "管网漏损", "东海龙宫管理局", "", "整改中", "", "", ""], "台账!C3", "单位树里没有"),
        ([1, "管网漏损", "", "", "整改中", "", "", ""], "台账!C3", "没有填责任单位"),
        ([1, "管网漏损", "市水务局", "", "已销号", "", "", ""], "台账!F3", "销号时间"),
        ([1, "管网漏损", "市水务局", "", "已销号", "2025-01-01", "2026-01-01", ""], "台账!F3", "早于"),
        ([1, "管网漏损", "市水务局", "", "整改中", "", "", "一大笔"], "台账!H3", "不是金额"),
    ],
)
def test_what_does_not_fit_together_is_found(
    batch: Batch, cast: Cast, row: list[object], place: str, words: str
) -> None:
    plan = look(batch, workbook([row]), cast)
    assert any(fault.startswith(place) and words in fault for fault in faults(plan)), faults(plan)
    assert plan.rows == []


def test_duplicate_numbers_are_found(batch: Batch, cast: Cast) -> None:
    twice = rows(2)
    twice[1][0] = 1
    plan = look(batch, workbook(twice), cast)
    assert plan.bad_rows == 1


def test_the_marked_copy_says_why_beside_each_bad_row(batch: Batch, cast: Cast) -> None:
    plan = look(batch, workbook(rows(3, bad=frozenset({1}))), cast)
    page = load_workbook(BytesIO(sound(marked_copy(plan.run)))).active
    lines = [[cell.value for cell in row] for row in page.iter_rows()]
    header = next(at for at, line in enumerate(lines) if line[0] == "序号")
    assert lines[header][: len(HEADER)] == list(HEADER)
    assert [bool(line[len(HEADER)]) for line in lines[header + 1 :]] == [False, True, False]


def test_importing_twice_brings_nothing_twice(batch: Batch, cast: Cast) -> None:
    take(batch, workbook(rows(5)), cast)
    take(batch, workbook(rows(5)), cast)
    assert Problem.objects.count() == 5


def test_a_run_that_stopped_goes_on(batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine stops after the first block; whoever takes up the job enters the rest, and nothing twice."""
    monkeypatch.setattr(blocks, "BLOCK", 2)
    run = look(batch, workbook(rows(5)), cast).run
    told: list[int] = []

    def stop(_run: object, entered: int) -> None:
        told.append(entered)
        if len(told) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(import_runs, "_count", stop)
    with pytest.raises(KeyboardInterrupt):
        import_runs.take(run, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 2
    import_runs.enter(run.pk)
    assert told == [2, 2, 1]
    assert Problem.objects.count() == Finding.objects.count() == 5
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE


def test_rows_that_stand_are_not_entered_again_whoever_asks(batch: Batch, cast: Cast) -> None:
    plan = look(batch, workbook(rows(5)), cast)
    block = staging.StagedBlock(plan.laid(StagedRow.Group.NEW))
    actions.import_rows(batch, block=block, file_name="旧台账.xlsx", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已经入账"):
        actions.import_rows(batch, block=block, file_name="旧台账.xlsx", actor=cast.coordinator.actor)
    assert Problem.objects.count() == Finding.objects.count() == 5


def test_before_it_is_confirmed_it_can_be_cancelled_and_nothing_stays(batch: Batch, cast: Cast) -> None:
    run = look(batch, workbook(rows(5)), cast).run
    assert import_runs.cancel(run)
    import_runs.take(run, actor=cast.coordinator.actor)
    assert not Problem.objects.exists()
    assert not StagedRow.objects.filter(run=run).exists()


def test_while_it_enters_it_stops_behind_the_block_under_way(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 2)
    run = look(batch, workbook(rows(6)), cast).run
    monkeypatch.setattr(import_runs, "_count", lambda *_given: import_runs.cancel(run))
    import_runs.take(run, actor=cast.coordinator.actor)
    run.refresh_from_db()
    assert (Problem.objects.count(), run.state) == (2, ImportRun.State.CHECKED)
    monkeypatch.undo()
    import_runs.take(run, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 6


def test_two_ledgers_never_enter_a_batch_at_once(batch: Batch, cast: Cast) -> None:
    first = look(batch, workbook(rows(2)), cast).run
    ImportRun.objects.filter(pk=first.pk).update(state=ImportRun.State.ENTERING)
    second = look(batch, workbook(rows(3)), cast, "另一份.xlsx").run
    with pytest.raises(Refused, match="另一份台账正在导入"):
        import_runs.take(second, actor=cast.coordinator.actor)


def test_what_was_checked_before_another_import_ended_is_compared_again(batch: Batch, cast: Cast) -> None:
    first = look(batch, workbook(rows(3)), cast).run
    second = look(batch, workbook(rows(4)), cast, "另一份.xlsx").run
    import_runs.take(first, actor=cast.coordinator.actor)
    assert not import_runs.take(second, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 3
    second.refresh_from_db()
    assert second.counts["new"] == [1, 0]
    import_runs.take(second, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 4


def test_many_rows_are_left_to_a_job(batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[str] = []
    monkeypatch.setattr(import_runs, "AT_ONCE", 2)
    for task in (jobs.check_import, jobs.enter_import):
        monkeypatch.setattr(task, "defer", lambda *, run: queued.append(run))
    run = look(batch, workbook(rows(3)), cast).run
    assert (run.state, queued) == (ImportRun.State.WAITING, [str(run.pk)])
    jobs.check_import(queued.pop())
    run.refresh_from_db()
    import_runs.take(run, actor=cast.coordinator.actor)
    assert not Problem.objects.exists()
    jobs.enter_import(queued.pop())
    assert Problem.objects.count() == 3


def test_a_block_enters_whole_or_not_at_all(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(importing._Block, "_involvements", fail)
    run = take(batch, workbook(rows(3)), cast)
    assert (run.state, run.failure["message"]) == (ImportRun.State.FAILED, "no")
    assert not Finding.objects.exists()
    assert not Problem.objects.exists()


def test_a_ledger_with_a_clue_is_not_kept(batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "write", lambda *given: pytest.fail("a clue was stored"))
    row = [1, "某镇党委书记王某收受企业礼金。", "市水务局", "", "整改中", "", "", ""]
    with pytest.raises(Refused, match="线索") as refused:
        look(batch, workbook([row]), cast)
    assert refused.value.data["places"] == ["台账!3"]


def test_outsiders_import_nothing(batch: Batch, cast: Cast) -> None:
    plan = look(batch, workbook(rows(1)), cast)
    with pytest.raises(NotVisible):
        import_runs.take(plan.run, actor=cast.handler.actor)
    with pytest.raises(NotVisible):
        import_runs.begin("另一份.xlsx", workbook(rows(2)), batch, actor=cast.handler.actor)


def test_programs_cannot_hand_in_rows_nobody_read() -> None:
    assert not {"intake.import_rows", "intake.receive_document"} & reachable().keys()


def test_a_block_asks_the_database_a_fixed_number_of_times_however_many_rows_it_has(
    batch: Batch, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    plan = look(batch, workbook(rows(400)), cast)
    with django_assert_max_num_queries(105):
        import_runs.take(plan.run, actor=cast.coordinator.actor)


def test_who_accepts_is_asked_once_for_a_source_and_not_for_each_sector(
    batch: Batch, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    said = (
        "供水管网漏损",
        "学校食堂后厨脏乱",
        "医院收费不公开",
        "农田被占用建房",
        "消防通道被占用",
        "化工厂偷排污水",
    )
    judged = [row for row in rows(150) if row[4] == "待验收"]
    for at, row in enumerate(judged):
        row[1] = f"第{at}处{said[at % len(said)]}。"
    plan = look(batch, workbook(judged), cast)
    with django_assert_max_num_queries(110):
        import_runs.take(plan.run, actor=cast.coordinator.actor)
    assert Problem.objects.values("sector").distinct().count() >= 4


def test_rows_that_repeat_the_ledger_or_one_another_say_so_and_may_enter(batch: Batch, cast: Cast) -> None:
    sheet = rows(3)
    sheet[0][1] = "市水务局对青石县供水管网巡检不到位，漏损率长期超过百分之二十，群众多次反映未得到有效解决。"
    sheet[1][1] = "石堰镇水源地保护区内仍有三家养殖场未按期搬迁，粪污直排沟渠，存在饮水安全隐患。"
    sheet[2][1] = sheet[1][1]
    take(batch, workbook(sheet[:1]), cast)
    again = [[9, sheet[0][1].replace("多次", "一再"), "市水务局", "", "整改中", "", "", ""], *sheet[1:]]
    plan = look(batch, workbook(again), cast, "又一份.xlsx")
    told = {one.n: one.repeats for one in plan.laid(StagedRow.Group.NEW, StagedRow.Group.LIKELY)}
    (twice,) = [found for n, found in told.items() if found and found[0]["row"] is not None]
    assert (twice[0]["why"], twice[0]["percent"]) == ("same_words", 100)
    assert plan.run.counts["repeating"] == 1
    import_runs.take(plan.run, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 3


def test_a_header_on_row_seven_odd_dates_and_one_number_with_two_problems(batch: Batch, cast: Cast) -> None:
    """What offices really keep: lines above the header, dates as numbers and words, a merged number over two rows."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet("台账")
        for line, words in enumerate(
            ("附件3", "问题整改台账", "填报单位：市水务局", "填报日期：", "单位：万元", "")
        ):
            page.write(line, 0, words)
        page.write_row(6, 0, HEADER)
        page.merge_range(7, 0, 8, 0, 1)
        page.write_row(7, 1, ["管网巡检不到位，漏损率高。", "市水务局", 46295, "整改中", "", 45291])
        page.write_row(8, 1, ["巡检记录事后补写。", "", "8月底", "整改中", "", "2024.3"])
        page.write_row(9, 0, [2, "水箱长期不清洗消毒。", "市水务局", "2026.9", "整改中", "", "2024.3"])
    plan = look(batch, written.getvalue(), cast)
    assert plan.bad == []
    assert [(row.source_no, str(row.deadline), str(row.registered_on)) for row in plan.rows] == [
        ("1", "2026-09-30", "2023-12-31"), ("1", "2026-08-31", "2024-03-31"), ("2", "2026-09-30", "2024-03-31"),
    ]  # fmt: skip
    assert len({row.lead_unit for row in plan.rows}) == 1
    import_runs.take(plan.run, actor=cast.coordinator.actor)
    assert Finding.objects.filter(source_no="1").count() == 2
    assert {one.group for one in look(batch, written.getvalue(), cast).laid(*StagedRow.Group)} == {
        "unchanged"
    }


@pytest.mark.usefixtures("uncollected_static")
def test_the_page_names_the_numbers_of_rows_that_did_not_enter(
    batch: Batch, cast: Cast, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped behind a crash: whoever wonders about a gap finds the answer where it was made."""
    monkeypatch.setattr(blocks, "BLOCK", 3)
    run = look(batch, workbook(rows(5)), cast).run
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    next(blocks.next_blocks(run))
    import_runs.cancel(run)
    page = reverse("intake:import_run", args=[batch.pk, run.pk])
    ((first, last, count),) = blocks.numbers_waiting(run)
    assert count == 3
    assert f"{first} – {last}" in desk.get(page).content.decode()
    import_runs.take(run, actor=cast.coordinator.actor)
    numbers = list(Problem.objects.order_by("problem_no").values_list("problem_no", flat=True))
    assert (numbers[0], numbers[2], len(numbers)) == (first, last, 5), "gone on with, they are used"
    assert "已留出" not in desk.get(page).content.decode()
