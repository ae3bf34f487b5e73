"""A sheet filled in: only what was changed is taken, as the progress it is, and nothing newer is overwritten."""

from __future__ import annotations

import pytest

from bihuan.deadlines.models import Clock
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Problem
from bihuan.rectification import actions as do
from bihuan.rectification.models import ProgressReport
from bihuan.reviews import answering
from bihuan.reviews.actions import withdraw_review
from bihuan.reviews.models import ReviewRow
from tests.rectification.conftest import fresh
from tests.reviews.calls import answer, draft_of, entry, issue, line_about, lines, row_of, sheet_of

pytestmark = pytest.mark.django_db
FACTS = "已更换管网六公里，剩余路段完成围挡。"


@pytest.fixture
def sheet(issued, story):
    return sheet_of(issued, story.cast.water)


def verbs(problem: Problem, last: int) -> list[str]:
    events = JournalEvent.objects.filter(stream=problem.pk).order_by("-seq")[:last]
    return [event.body["verb"] for event in events][::-1]


def test_each_lead_unit_is_asked_once_about_all_its_problems(issued, sheet, story, problem, plain):
    assert issued.sheets.count() == 1
    assert {line.problem.pk for line in lines(sheet, story.cast.handler)} == {problem.pk, plain.pk}


def test_the_sheet_comes_filled_in_from_the_ledger(sheet, story, problem, plain):
    (measure,) = story.measures(problem)
    story.clock.go_on()
    story.report(
        problem, 30, measure=measure, facts="已开工。", next_step="铺设管道", obstacle="占道许可未批"
    )
    planned = line_about(sheet, problem, story.cast.handler)
    assert planned.measure == measure
    assert planned.now == {
        "percent": "30",
        "facts": "已开工。",
        "next_step": "铺设管道",
        "obstacle": "占道许可未批",
        "word": "",
    }
    assert line_about(sheet, plain, story.cast.handler).now["percent"] == "0"


def test_one_act_reports_on_every_changed_problem_as_the_problems_own_page_would(
    sheet, story, problem, plain
):
    story.clock.go_on()
    one, other = (line_about(sheet, which, story.cast.handler) for which in (problem, plain))
    after = answer(
        sheet,
        story.cast.liaison,
        entry(one, percent="45%", facts=FACTS, obstacle="占道许可未批"),
        entry(other, percent="20", facts="已整改一处。", next_step="整改其余三处", word="at_risk"),
    )
    assert after.state == "answered"
    assert [row_of(after, which).state for which in (problem, plain)] == ["changed", "changed"]
    problem, plain = fresh([problem, plain])
    assert (problem.progress, problem.reason_unfinished) == (45, "占道许可未批")
    assert (plain.progress, plain.next_step) == (20, "整改其余三处")
    report = ProgressReport.objects.get(problem=problem)
    assert (report.facts, report.measure.progress, report.reported_by) == (
        FACTS,
        45,
        story.cast.liaison.person.pk,
    )
    assert "rectification.report_progress" in verbs(problem, 3)
    assert "reviews.answer_sheet" not in verbs(problem, 5)
    assert Clock.objects.get(problem=plain, kind="rectification").light == "yellow"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_what_nobody_touched_is_unchanged_and_counted(sheet, story, problem, plain):
    story.clock.go_on()
    before = JournalEvent.objects.filter(stream=plain.pk).count()
    line = line_about(sheet, problem, story.cast.handler)
    untouched = entry(line_about(sheet, plain, story.cast.handler), percent="0", facts="")
    answer(sheet, story.cast.liaison, entry(line, percent="10", facts=FACTS), untouched)
    assert (row_of(sheet, plain).state, row_of(sheet, plain).unchanged_times) == ("unchanged", 1)
    assert JournalEvent.objects.filter(stream=plain.pk).count() == before
    assert ProgressReport.objects.filter(problem=plain).count() == 0


def test_unchanged_again_and_again_adds_up_until_something_is_reported(sheet, story, problem, plain):
    answer(sheet, story.cast.liaison)
    for times in (2, 3):
        story.clock.go_on(25)
        again = sheet_of(issue(draft_of(story), story), story.cast.water)
        answer(again, story.cast.liaison)
        assert row_of(again, plain).unchanged_times == times
    story.clock.go_on()
    story.report(plain, 5, facts="动工。")
    story.clock.go_on(25)
    again = sheet_of(issue(draft_of(story), story), story.cast.water)
    answer(again, story.cast.liaison)
    assert (row_of(again, plain).unchanged_times, row_of(again, problem).unchanged_times) == (1, 4)


def test_what_was_reported_on_its_own_page_is_not_asked_twice(sheet, story, problem, plain):
    story.clock.go_on()
    story.report(plain, 40, facts="已完成四成。")
    answer(sheet, story.cast.liaison)
    assert (row_of(sheet, plain).state, row_of(sheet, problem).state) == ("changed", "unchanged")


def test_a_line_that_went_out_before_something_newer_overwrites_nothing(sheet, story, problem, plain):
    story.clock.go_on()
    early = {one.pk: line_about(sheet, one, story.cast.handler) for one in (problem, plain)}
    story.report(plain, 60, facts="又完成一处。")
    with pytest.raises(Refused, match="更新的内容") as refused:
        answer(
            sheet,
            story.cast.liaison,
            entry(early[problem.pk], percent="10", facts=FACTS),
            entry(early[plain.pk], percent="30", facts="完成三成。"),
        )
    assert refused.value.data["lines"] == [{"number": plain.problem_no, "faults": ["conflict"]}]
    problem, plain = fresh([problem, plain])
    assert (problem.progress, plain.progress) == (0, 60)
    # What was not touched, or says the same by now, stands against nothing.
    same = entry(early[plain.pk], percent="60", facts="又完成一处。")
    assert answer(sheet, story.cast.liaison, same).state == "answered"
    assert ProgressReport.objects.filter(problem=plain).count() == 2


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"percent": "120", "facts": "x"}, "percent"),
        ({"percent": "0.45", "facts": "x"}, "percent"),
        ({"percent": "9"}, "no_facts"),
        ({"percent": "", "facts": "x"}, "percent"),
        ({"word": "maybe"}, "word"),
        ({"obstacle": "难" * 2001}, "too_long"),
    ],
)
def test_a_wrong_cell_is_named_and_the_whole_sheet_left_alone(sheet, story, plain, cells, fault):
    problem = next(one for one in story.cast.water.led_problems.all() if one != plain)
    good = entry(line_about(sheet, problem, story.cast.handler), percent="10", facts=FACTS)
    bad = entry(line_about(sheet, plain, story.cast.handler), **cells)
    with pytest.raises(Refused, match="整张表都没有写入") as refused:
        answer(sheet, story.cast.liaison, good, bad)
    [line] = refused.value.data["lines"]
    assert (line["number"], fault in line["faults"]) == (plain.problem_no, True)
    assert not ProgressReport.objects.exists()


def test_keys_are_not_to_be_altered_lent_or_used_twice(sheet, story, plain):
    line = line_about(sheet, plain, story.cast.handler)
    told = entry(line, percent="10", facts=FACTS)
    forged = answering.Entry(key=line.key[:-2] + "xx", cells=told.cells)
    for entries, words in (([forged], "行标记被改动"), ([told, told], "出现了两次")):
        with pytest.raises(Refused, match=words):
            answer(sheet, story.cast.liaison, *entries)
    story.clock.go_on(25)
    later = sheet_of(issue(draft_of(story), story), story.cast.water)
    with pytest.raises(Refused, match="不在本单位的这张表上"):
        answer(later, story.cast.liaison, told)


def test_progress_handed_down_is_read_from_the_tree_and_not_written_here(sheet, story, problem):
    (measure,) = story.measures(problem)
    do.hand_down(
        measure,
        unit=story.cast.station,
        text="更换六公里",
        deadline=measure.deadline,
        deliverable="验收资料",
        actor=story.cast.handler.actor,
    )
    child = next(one for one in story.measures(problem) if one.parent_id)
    story.clock.go_on()
    story.report(problem, 50, measure=child, facts="站里已更换三公里。", by=story.cast.subordinate)
    line = line_about(sheet, problem, story.cast.handler)
    assert (line.measure, line.now["percent"], line.now["facts"]) == (None, "50", "站里已更换三公里。")
    with pytest.raises(Refused, match="不能改的格子"):
        answer(sheet, story.cast.liaison, entry(line, percent="80", facts="x"))
    answer(sheet, story.cast.liaison, entry(line, next_step="督促供水站"))
    assert fresh([problem])[0].next_step == "督促供水站"
    assert verbs(problem, 1) == ["reviews.answer_sheet"]


def test_part_of_a_sheet_may_come_first(sheet, story, problem, plain):
    line = line_about(sheet, plain, story.cast.handler)
    after = answer(sheet, story.cast.liaison, entry(line, percent="10", facts=FACTS), rest="later")
    assert (after.state, row_of(after, problem).state) == ("part", "open")
    assert answer(after, story.cast.handler).state == "answered"


def test_what_left_the_unit_is_not_asked_any_more(sheet, story, plain):
    story.report(plain)
    story.prove(plain)
    story.apply(fresh([plain])[0])
    answer(sheet, story.cast.liaison)
    assert row_of(sheet, plain).state == ReviewRow.State.LEFT


def test_others_have_no_part_in_it(sheet, story):
    cast = story.cast
    for player, error in (
        (cast.outsider, NotVisible),
        (cast.sector_handler, NotVisible),
        (cast.coordinator, NotAllowed),
    ):
        with pytest.raises(error):
            answering.answer_sheet(sheet, entries=[], actor=player.actor)


def test_a_call_that_was_called_back_takes_nothing(sheet, issued, story):
    with pytest.raises(Refused, match="拟定的人不能自己撤回"):
        withdraw_review(issued, reason="范围有误。", actor=story.cast.coordinator.actor)
    withdraw_review(issued, reason="范围有误。", actor=story.cast.reviewer.actor)
    with pytest.raises(Refused, match="下发后撤回"):
        answer(sheet, story.cast.liaison)


def test_the_same_answer_sent_twice_is_taken_once(sheet, story, plain):
    told = [entry(line_about(sheet, plain, story.cast.handler), percent="10", facts=FACTS)]
    once = answering.answer_sheet.call(key="form:1")
    once(sheet, entries=told, actor=story.cast.liaison.actor)
    once(sheet, entries=told, actor=story.cast.liaison.actor)
    assert ProgressReport.objects.filter(problem=plain).count() == 1
