"""A call from its draft to its end: two people, one sheet a unit, not too often, reminded, concluded, made again."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.messages.models import Message
from bihuan.policies.checking import checked_body
from bihuan.reviews import actions
from bihuan.reviews.answering import pass_sheet, return_sheet
from bihuan.reviews.coverage import coverage_of, stuck_rows
from bihuan.reviews.models import MonthlyReview, ReviewRow
from bihuan.reviews.queries import to_answer, to_move
from tests.rectification.conftest import fresh
from tests.reviews.calls import answer, draft_of, entry, issue, line_about, row_of, sheet_of

pytestmark = pytest.mark.django_db


def test_two_people_send_it_out_and_no_unit_sees_it_before(review, story):
    cast = story.cast
    with pytest.raises(Refused, match="拟定的人不能自己下发"):
        actions.issue_review(review, actor=cast.coordinator.actor)
    assert to_answer(cast.handler.actor) == []
    assert [one.review for one in to_move(cast.reviewer.actor)] == [review]
    assert to_move(cast.coordinator.actor) == []
    issue(review, story)
    [sheet] = to_answer(cast.handler.actor)
    assert (sheet.unit, sheet.rows.count()) == (cast.water, 2)
    assert to_answer(cast.sector_handler.actor) == []


@pytest.mark.parametrize(("player", "error"), [("handler", NotVisible), ("outsider", NotVisible)])
def test_a_call_is_the_offices(issued, story, player, error):
    actor = getattr(story.cast, player).actor
    for verb in (actions.conclude_review, actions.remind_units, actions.stop_repeating):
        with pytest.raises(error):
            verb(issued, actor=actor)
    with pytest.raises(NotAllowed):
        actions.prepare_review(
            jurisdiction=story.cast.city, call=actions.ReviewCall(title="月调度"), actor=actor
        )


def test_a_slice_asks_about_what_it_names_and_nothing_else(called, story):
    only = issue(draft_of(story, grades=["minor"]), story)
    assert ReviewRow.objects.filter(sheet__review=only).count() == 1
    story.clock.go_on(25)
    with pytest.raises(Refused, match="没有在办的问题"):
        issue(draft_of(story, sources=["audit"]), story)


def test_calls_do_not_follow_each_other_like_check_ins(issued, story):
    story.clock.go_on(7)
    with pytest.raises(Refused, match="指尖上的形式主义"):
        draft_of(story)
    story.clock.go_on(13)
    assert draft_of(story).state == "draft"


def test_the_policy_itself_cannot_be_a_check_in(lists, cast):
    body = {
        "every_months": 1, "day_of_month": 25, "least_days_between": 7, "working_days_to_answer": 1,
        "longest_to_answer": 5, "remind_before": 0, "remind_every": 1, "unchanged_times": 2, "head_passes": False,
        "working_days_to_coordinate": 5, "longest_to_coordinate": 30,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        checked_body("monthly_review", body)
    assert "不许强制打卡" in str(refused.value.data["problems"])
    assert checked_body("monthly_review", body | {"least_days_between": 20})["least_days_between"] == 20


def told(player) -> list[str]:
    return list(
        Message.objects.filter(to_person=player.person.pk).order_by("pk").values_list("kind", flat=True)
    )


def test_units_are_told_and_late_ones_through_their_heads_too(issued, story):
    cast = story.cast
    assert told(cast.liaison) == ["reviews.called"]
    assert told(cast.principal) == []
    story.clock.go_on((issued.due_on - story.clock.today).days)
    assert actions.remind_due(story.clock.today) == 1
    assert actions.remind_due(story.clock.today) == 0
    story.clock.go_on(1)
    assert actions.remind_due(story.clock.today) == 1
    assert told(cast.liaison)[1:] == ["reviews.due", "reviews.late"]
    assert told(cast.principal) == ["reviews.late"]


def test_the_office_sees_who_answered_in_part_and_who_not_at_all(issued, story, plain):
    [one] = coverage_of(issued, story.cast.coordinator.actor)
    assert (one.sheet.state, one.open, one.owes, one.late) == ("asked", 2, True, False)
    sheet = sheet_of(issued, story.cast.water)
    line = line_about(sheet, plain, story.cast.handler)
    answer(sheet, story.cast.liaison, entry(line, percent="5", facts="动工。"), rest="later")
    [one] = coverage_of(issued, story.cast.coordinator.actor)
    assert (one.sheet.state, one.changed, one.open) == ("part", 1, 1)
    story.clock.go_on(10)
    [one] = coverage_of(issued, story.cast.coordinator.actor)
    assert one.late


def test_it_is_concluded_when_all_answered_or_its_day_is_over(issued, story, plain):
    office = story.cast.coordinator.actor
    with pytest.raises(Refused, match="市水务局"):
        actions.conclude_review(issued, actor=office)
    story.clock.go_on(10)
    actions.conclude_review(issued, actor=office)
    sheet = sheet_of(MonthlyReview.objects.get(pk=issued.pk), story.cast.water)
    assert (sheet.state, sheet.next_reminder) == ("asked", None)
    assert row_of(sheet, plain).light_after == "green"
    [one] = coverage_of(sheet.review, office)
    assert (one.owes, one.late) == (False, True)
    with pytest.raises(Refused, match="已办结"):
        answer(sheet, story.cast.liaison)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_series_goes_on_by_the_calendar_once_a_period(called, story):
    first = issue(draft_of(story, repeats=True), story)
    assert first.next_on == dt.date(2026, 4, 27)  # the 25th is a Saturday
    story.clock.go_on((first.next_on - story.clock.today).days)
    assert (actions.call_due(story.clock.today), actions.call_due(story.clock.today)) == (1, 0)
    second = MonthlyReview.objects.get(follows=first)
    assert (second.state, second.issued_by, second.prepared_by) == (
        "issued",
        first.issued_by,
        first.prepared_by,
    )
    assert second.next_on == dt.date(2026, 5, 25)
    assert MonthlyReview.objects.get(pk=first.pk).next_on is None
    assert sheet_of(second, story.cast.water).rows.count() == 2
    actions.stop_repeating(second, actor=story.cast.coordinator.actor)
    assert actions.call_due(second.issued_on + dt.timedelta(days=90)) == 0


def test_what_stands_still_too_often_is_shown_to_the_office(issued, story, plain, problem):
    answer(sheet_of(issued, story.cast.water), story.cast.liaison)
    for _again in range(2):
        story.clock.go_on(25)
        issued = issue(draft_of(story), story)
        answer(sheet_of(issued, story.cast.water), story.cast.liaison)
    assert {row.problem_id for row in stuck_rows(issued, story.cast.coordinator.actor)} == {
        plain.pk,
        problem.pk,
    }


def head_wanted(monkeypatch) -> None:
    monkeypatch.setattr(
        "bihuan.reviews.calling.numbers_of",
        lambda body: (
            {name: body[name] for name in ("remind_before", "remind_every", "unchanged_times")}
            | {"head_passes": True}
        ),
    )


def test_where_policy_wants_it_a_head_passes_what_another_wrote(called, story, plain, monkeypatch):
    head_wanted(monkeypatch)
    cast = story.cast
    sheet = sheet_of(issue(draft_of(story), story), cast.water)
    line = line_about(sheet, plain, cast.handler)
    sheet = answer(sheet, cast.liaison, entry(line, percent="25", facts="完成一处。"))
    assert (sheet.state, fresh([plain])[0].progress) == ("prepared", 0)
    assert told(cast.principal) == ["reviews.for_heads"]
    with pytest.raises(NotAllowed):
        pass_sheet(sheet, actor=cast.handler.actor)
    return_sheet(sheet, reason="写明哪一处。", actor=cast.principal.actor)
    sheet = sheet_of(sheet.review, cast.water)
    assert (sheet.state, sheet.returned_why) == ("asked", "写明哪一处。")
    sheet = answer(sheet, cast.liaison, entry(line, percent="25", facts="完成城北一处。"))
    pass_sheet(sheet, actor=cast.deputy.actor)
    sheet = sheet_of(sheet.review, cast.water)
    assert (sheet.state, sheet.passed_by) == ("answered", cast.deputy.person.pk)
    report = plain.progress_reports.get()
    assert (report.facts, report.reported_by) == ("完成城北一处。", cast.liaison.person.pk)


def test_what_changed_before_the_head_passed_it_is_not_overwritten(called, story, plain, monkeypatch):
    head_wanted(monkeypatch)
    cast = story.cast
    sheet = sheet_of(issue(draft_of(story), story), cast.water)
    line = line_about(sheet, plain, cast.handler)
    sheet = answer(sheet, cast.liaison, entry(line, percent="25", facts="完成一处。"))
    story.report(plain, 40, facts="又完成一处。")
    with pytest.raises(Refused, match="更新的内容"):
        pass_sheet(sheet, actor=cast.principal.actor)
    assert fresh([plain])[0].progress == 40
