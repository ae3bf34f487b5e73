"""The sitting as its members meet it: seen by office and deciders alone, marked a part at a time, printed, decided."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.rectification import actions as do
from bihuan.rectification.actions.sittings import CaseMark
from bihuan.rectification.models import ClosureSitting, SittingCase
from bihuan.sittings import pages
from tests.documents.opening import sound
from tests.rectification.conftest import fresh
from tests.rectification.test_sittings import decide, marked, prepared, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static")]


def address(sitting, name="sitting"):
    return reverse(f"sittings:{name}", args=[sitting.pk])


def test_the_office_prepares_from_what_waits(story, client_as):
    problems = reviewed(story, 2)
    office = client_as(story.cast.coordinator)
    assert "2 件等待审定" in office.get(reverse("sittings:list")).content.decode()
    url = reverse("sittings:prepare") + "?scope=all"
    assert office.get(url).status_code == 200
    sent = office.post(
        url, {"title": "第三次销号会审", "held_on": story.clock.today, "other_members": "市纪委监委 李某\n\n"}
    )
    made = ClosureSitting.objects.get()
    assert sent.url == address(made)
    assert made.members == [{"post": None, "name": "市纪委监委 李某"}]
    assert set(made.cases.values_list("problem", flat=True)) == {one.pk for one in problems}
    assert client_as(story.cast.handler).get(url).status_code == 404, "nothing waits for a unit"
    assert office.get(url).status_code == 404, "nothing is left"


def test_outsiders_find_nothing_and_wrong_verbs_are_refused(story, client_as):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    for player in (story.cast.outsider, story.cast.handler, story.cast.acceptor):
        for name in ("sitting", "edit", "cancel", "decide", "sheet", "filing"):
            assert client_as(player).get(address(sitting, name)).status_code == 404, (player, name)
    office = client_as(story.cast.coordinator)
    assert office.get(address(sitting, "decide")).status_code == 403
    assert office.get(address(sitting, "filing")).status_code == 403, "not decided yet"
    assert office.delete(address(sitting)).status_code == 405
    assert office.post(address(sitting, "sheet")).status_code == 405


def test_a_row_shows_what_the_meeting_has_to_know(story, client_as):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    page = client_as(story.cast.decider).get(address(sitting)).content.decode()
    for words in (
        problem.problem_no,
        "现场核查，整改到位。",
        "方案确定的任务措施全部落实",
        "异议 0 条",
        "没有真实性疑点",
        "佐证 1 件",
    ):
        assert words in page, words


def test_marks_are_kept_a_part_at_a_time(story, client_as, monkeypatch):
    monkeypatch.setattr(pages, "PART", 2)
    problems = sorted(reviewed(story, 3), key=lambda one: one.problem_no)
    sitting = prepared(story, *problems)
    office = client_as(story.cast.coordinator)
    first, second, third = (one.pk.hex for one in problems)
    data = {
        "row": [str(problems[0].pk), str(problems[1].pk)],
        f"{first}-outcome": "approve",
        f"{second}-outcome": "return",
    }
    refused = office.post(address(sitting) + "?part=1", data)
    assert refused.status_code == 422
    assert "请写明退回或缓议的理由" in refused.content.decode()
    assert not SittingCase.objects.exclude(outcome="").exists(), "all of a part, or nothing"
    data |= {f"{second}-reason": "西城没有查。", f"{second}-failed": ["similar_cases"]}
    sent = office.post(address(sitting) + "?part=1", data)
    assert sent.url == address(sitting) + "?part=2"
    kept = {row.problem_id: row for row in SittingCase.objects.all()}
    assert [kept[one.pk].outcome for one in problems] == ["approve", "return", ""]
    assert kept[problems[1].pk].failed == ["similar_cases"]
    left = office.get(address(sitting) + "?show=open").content.decode()
    assert third in left
    assert first not in left


def test_a_mark_for_a_problem_of_another_sitting_is_not_kept(story, client_as):
    mine, other = reviewed(story, 2)
    sitting, elsewhere = prepared(story, mine), prepared(story, other)
    client_as(story.cast.coordinator).post(
        address(sitting), {"row": [str(other.pk)], f"{other.pk.hex}-outcome": "approve"}
    )
    assert elsewhere.cases.get().outcome == ""


def test_it_is_decided_on_its_page_and_the_sheets_say_so(story, client_as):
    one, other = reviewed(story, 2)
    sitting = prepared(story, one, other)
    office = client_as(story.cast.coordinator)
    before = openpyxl.load_workbook(io.BytesIO(sound(office.get(address(sitting, "sheet")).content))).active
    assert {one.problem_no, other.problem_no} <= {str(row[1].value) for row in before.iter_rows(min_row=4)}
    marked(story, sitting, CaseMark(one.pk, "approve"), CaseMark(other.pk, "defer", "等检测报告。"))
    decider = client_as(story.cast.decider)
    sent = decider.post(address(sitting, "decide"), {"minutes_no": "〔2026〕5号纪要", "opinion": "同意。"})
    assert sent.url == address(sitting)
    assert [each.state for each in fresh([one, other])] == ["closed", "closure_review"]
    table = openpyxl.load_workbook(io.BytesIO(sound(decider.get(address(sitting, "filing")).content))).active
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=4)]
    assert [(row[1], row[9]) for row in rows] == [(one.problem_no, "〔2026〕5号纪要")]
    page = decider.get(address(sitting)).content.decode()
    assert "等检测报告。" in page
    assert 'type="radio"' not in page


def test_whoever_accepted_a_row_is_told_so_on_it(story, client_as, monkeypatch):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    against = {problem.pk: ["验收了这个问题"]}
    monkeypatch.setattr("bihuan.sittings.reading.objections_to_decider", lambda *_args: against)
    assert "您验收了这个问题" in client_as(story.cast.decider).get(address(sitting)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(story, client_as):
    problems = reviewed(story, 5)
    small, large = prepared(story, *problems[:2]), prepared(story, *problems[2:])
    decider = client_as(story.cast.decider)
    for sitting in (small, large):
        decider.get(address(sitting))
    counts = []
    for sitting in (small, large):
        with CaptureQueriesContext(connection) as asked:
            assert decider.get(address(sitting)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert counts[1] <= 43


def test_a_past_sitting_shows_the_round_it_decided(story):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    decide(story, sitting)
    again = fresh([problem])[0]
    again.round = 2
    (one,) = pages.rows_of_all(story.cast.decider.actor, sitting)
    assert one.acceptance.round == 1


def test_a_cancelled_sitting_is_only_looked_at(story, client_as):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    do.cancel_sitting(sitting, reason="改期。", actor=story.cast.coordinator.actor)
    page = client_as(story.cast.coordinator).get(address(sitting)).content.decode()
    assert "已取消" in page
    assert "data-approve-rest" not in page


def test_a_deferral_is_told_before_the_next_sitting_and_not_in_the_one_that_deferred(story, client_as):
    (problem,) = reviewed(story)
    first = prepared(story, problem)
    marked(story, first, CaseMark(problem.pk, "defer", "等检测报告。"))
    decide(story, first)
    second = prepared(story, *fresh([problem]), title="第四次销号会审")
    office = client_as(story.cast.coordinator)
    assert "曾缓议" not in office.get(address(first)).content.decode()
    assert "曾缓议 1 次" in office.get(address(second)).content.decode()
