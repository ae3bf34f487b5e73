"""Those below are asked first, once each, on one sheet; what they report stands before whoever handed the work down."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.messages.models import Message
from bihuan.rectification import actions as do
from bihuan.rectification.models import ProgressReport
from bihuan.reviews import actions
from bihuan.reviews.answering import pass_sheet
from bihuan.reviews.circular import draft_circular, told
from bihuan.reviews.coverage import coverage_of
from bihuan.reviews.lights_table import lights_table
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.policy import sees_sheet
from bihuan.reviews.pressing import remind_below
from bihuan.reviews.queries import counted, reviews_run_by, to_answer, to_move
from tests.rectification.conftest import fresh
from tests.reviews.calls import answer, draft_of, entry, issue, line_about, lines, row_of, sheet_of
from tests.reviews.shared import divided, give, leaf_of, shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]
FACTS = "已更换六公里中的四公里。"


def kinds_told(player) -> list[str]:
    rows = Message.objects.filter(to_person=player.person.pk, kind__startswith="reviews.")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def asked(shared, story, unit_name: str) -> ReviewSheet:
    return sheet_of(shared.review, getattr(story.cast, unit_name))


def owing(review, story) -> list[str]:
    covered = coverage_of(review, story.cast.coordinator.actor)
    return sorted(one.sheet.unit.name for one in covered if one.owes)


def test_each_unit_has_one_sheet_and_stands_under_whoever_handed_down(shared, story):
    cast = story.cast
    found = {sheet.unit: sheet for sheet in shared.review.sheets.select_related("unit", "above")}
    assert {unit: (sheet.above, sheet.state) for unit, sheet in found.items()} == {
        cast.ecology: (None, "asked"),
        cast.water: (None, "asked"),
        cast.station: (cast.water, "through"),
        cast.county_water: (cast.station, "asked"),
    }
    rows = {unit: row_of(sheet, shared.whole) for unit, sheet in found.items()}
    assert {unit: row.depth for unit, row in rows.items()} == {
        cast.ecology: 0, cast.water: 1, cast.station: 2, cast.county_water: 3,
    }  # fmt: skip
    above = [str(unit.pk) for unit in (cast.station, cast.water, cast.ecology)]
    assert rows[cast.county_water].under == above
    # The water bureau leads one problem and carries a part of another: both stand on its one sheet.
    assert row_of(found[cast.water], shared.plain).depth == 0
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_each_level_answers_earlier_than_the_one_above(shared, story):
    rows = {
        name: row_of(asked(shared, story, name), shared.whole).due_on
        for name in ("ecology", "water", "station", "county_water")
    }
    assert rows == {
        "ecology": dt.date(2026, 3, 9), "water": dt.date(2026, 3, 5),
        "station": dt.date(2026, 3, 3), "county_water": dt.date(2026, 3, 3),
    }  # fmt: skip
    water = asked(shared, story, "water")
    assert (water.day, row_of(water, shared.plain).due_on) == (dt.date(2026, 3, 5), dt.date(2026, 3, 9))


def test_who_has_something_to_report_is_told_and_finds_it_on_the_desk(shared, story):
    cast = story.cast
    assert kinds_told(cast.county_handler) == ["reviews.called"]
    assert [sheet.unit for sheet in to_answer(cast.county_handler.actor)] == [cast.county_water]
    # The station handed everything on: nothing is asked of it, and it may look on.
    assert kinds_told(cast.subordinate) == []
    assert to_answer(cast.subordinate.actor) == []
    [line] = lines(asked(shared, story, "station"), cast.subordinate)
    assert (line.measure.number, line.open_cells, [one.measure.number for one in line.below]) == (
        "1.1", frozenset(), ["1.1.1"],
    )  # fmt: skip


def test_policy_may_ask_only_the_leads(story, monkeypatch):
    divided(story)
    body = {"remind_before": 1, "remind_every": 3, "unchanged_times": 3, "head_passes": False}
    monkeypatch.setattr("bihuan.reviews.calling.numbers_of", lambda _policy: body)
    review = issue(draft_of(story), story)
    assert [sheet.unit for sheet in review.sheets.select_related("unit")] == [story.cast.ecology]


def test_what_is_reported_below_stands_before_every_unit_above(shared, story):
    cast, whole = story.cast, shared.whole
    do.report_progress(
        whole, measure=leaf_of(story, whole, cast.ecology), on=story.clock.today, percent=10, facts="已布点。",
        next_step="每周监测", obstacle="缺设备", actor=cast.sector_handler.actor,
    )  # fmt: skip
    story.clock.go_on()
    sheet = asked(shared, story, "county_water")
    line = line_about(sheet, whole, cast.county_handler)
    assert {cell.value for cell in line.open_cells} == {"percent", "facts"}
    sheet = answer(sheet, cast.county_handler, entry(line, percent="60", facts=FACTS))
    assert (sheet.state, row_of(sheet, whole).state) == ("answered", "changed")
    report = ProgressReport.objects.get(problem=whole, facts=FACTS)
    # What the lead said of the whole stays the lead's word, and is not put into another's mouth.
    assert (report.obstacle, report.next_step) == ("", "")
    whole = fresh([whole])[0]
    assert (whole.progress, whole.reason_unfinished, whole.next_step) == (23, "缺设备", "每周监测")
    for name, player in (
        ("ecology", cast.sector_handler),
        ("water", cast.handler),
        ("station", cast.subordinate),
    ):
        told_of = {
            one.measure.number: one for one in line_about(asked(shared, story, name), whole, player).below
        }
        assert (told_of["1.1.1"].report.facts, told_of["1.1.1"].is_new, told_of["1.1.1"].owes) == (
            FACTS,
            True,
            False,
        )
    above = line_about(asked(shared, story, "ecology"), whole, cast.sector_handler).below
    assert [(one.measure.number, one.owes) for one in above] == [("1.1.1", False), ("2", True)]
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_nobody_above_waits_for_those_below(shared, story):
    cast = story.cast
    sheet = answer(asked(shared, story, "ecology"), cast.sector_handler)
    assert sheet.state == "answered"
    assert owing(shared.review, story) == ["市水务局"]


def test_a_unit_may_answer_for_what_it_leads_and_for_its_part_at_different_times(shared, story):
    cast = story.cast
    sheet = asked(shared, story, "water")
    line = line_about(sheet, shared.whole, cast.handler)
    assert (line.measure.number, line.leads, {cell.value for cell in line.open_cells}) == (
        "2", False, {"percent", "facts"},
    )  # fmt: skip
    sheet = answer(sheet, cast.handler, entry(line, percent="40", facts="分区方案已定。"), rest="later")
    assert (sheet.state, sheet.day) == ("part", dt.date(2026, 3, 9))
    assert sheet.next_reminder == dt.date(2026, 3, 8)
    assert owing(shared.review, story) == ["市水务局", "市生态环境局"]
    assert answer(sheet, cast.handler).state == "answered"
    assert owing(shared.review, story) == ["市生态环境局"]


def test_a_word_on_the_whole_is_not_for_who_carries_a_part(shared, story):
    cast = story.cast
    sheet = asked(shared, story, "county_water")
    line = line_about(sheet, shared.whole, cast.county_handler)
    with pytest.raises(Refused, match="不能改的格子"):
        answer(sheet, cast.county_handler, entry(line, obstacle="没有设备"))


def test_the_office_counts_whom_it_called_and_sees_those_below_apart(shared, story):
    office = story.cast.coordinator.actor
    [one] = counted(reviews_run_by(office))
    assert (one.called, one.owing) == (2, 2)
    ecology, water = sorted(coverage_of(shared.review, office), key=lambda one: -len(one.lower))
    assert (ecology.total, {one.sheet.unit.name for one in ecology.lower}, ecology.lower_done) == (
        1, {"市水务局", "青石县水务局"}, 0,
    )  # fmt: skip
    assert (water.total, [one.givers for one in water.lower]) == (1, [("市供水管理站",)])
    answer(asked(shared, story, "county_water"), story.cast.county_handler)
    assert [each.lower_done for each in coverage_of(shared.review, office)] == [1, 1]
    # A problem counts once, under its lead.
    assert [row.total for row in lights_table(shared.review, office).rows] == [1, 1]
    said = told(shared.review, office).values["报送情况"]
    assert "应报2个单位，已报0个。" in said
    assert "下级和配合单位应报2个，已报1个。" in said
    paper = draft_circular(shared.review, actor=office)
    assert {one["unit"] for one in paper.addressed_to} == {
        str(story.cast.ecology.pk), str(story.cast.water.pk),
    }  # fmt: skip


def test_a_call_ends_without_those_below_and_keeps_that_they_did_not_answer(shared, story):
    cast, office = story.cast, story.cast.coordinator.actor
    answer(asked(shared, story, "ecology"), cast.sector_handler)
    line = line_about(asked(shared, story, "water"), shared.plain, cast.handler)
    answer(
        asked(shared, story, "water"), cast.handler, entry(line, percent="5", facts="动工。"), rest="later"
    )
    assert [one.review for one in to_move(office)] == [shared.review]
    actions.conclude_review(shared.review, actor=office)
    county = asked(shared, story, "county_water")
    assert (county.state, county.next_reminder, row_of(county, shared.whole).state) == ("asked", None, "open")
    covered = coverage_of(MonthlyReview.objects.get(pk=shared.review.pk), office)
    [water] = [one for one in covered if one.sheet.unit == cast.water]
    assert (water.late, water.lower_done) == (False, 0)
    with pytest.raises(Refused, match="已办结"):
        answer(county, cast.county_handler)


def test_the_program_reminds_each_by_its_own_day(shared, story):
    cast = story.cast
    story.clock.go_on(2)
    assert actions.remind_due(story.clock.today) == 2
    assert kinds_told(cast.county_handler) == ["reviews.called", "reviews.late"]
    assert kinds_told(cast.liaison) == ["reviews.called", "reviews.due"]
    assert kinds_told(cast.sector_handler) == ["reviews.called"]


def test_the_office_reminds_whom_it_called(shared, story):
    cast = story.cast
    assert actions.remind_units(shared.review, actor=cast.coordinator.actor) == 2
    assert kinds_told(cast.county_handler) == ["reviews.called"]


def test_whoever_handed_down_reminds_those_below_and_not_again_at_once(shared, story):
    cast = story.cast
    assert remind_below(asked(shared, story, "station"), actor=cast.subordinate.actor) == 1
    assert kinds_told(cast.county_handler) == ["reviews.called", "reviews.due"]
    # From further above only the water bureau is left to be reminded.
    assert remind_below(asked(shared, story, "ecology"), actor=cast.sector_handler.actor) == 1
    with pytest.raises(Refused, match="近日都已催过"):
        remind_below(asked(shared, story, "ecology"), actor=cast.sector_handler.actor)
    story.clock.go_on(3)
    assert remind_below(asked(shared, story, "water"), actor=cast.handler.actor) == 1
    assert kinds_told(cast.county_handler)[-1] == "reviews.late"
    answer(asked(shared, story, "county_water"), cast.county_handler)
    with pytest.raises(Refused, match="都已报送"):
        remind_below(asked(shared, story, "water"), actor=cast.handler.actor)


@pytest.mark.parametrize(
    ("player", "error"),
    [
        ("outsider", NotVisible),
        ("acceptor", NotVisible),
        ("coordinator", NotAllowed),
        ("handler", NotAllowed),
    ],
)
def test_others_have_no_say_in_it(shared, story, player, error):
    with pytest.raises(error):
        remind_below(asked(shared, story, "station"), actor=getattr(story.cast, player).actor)


def test_a_unit_above_sees_what_stands_under_it_and_nothing_else(shared, story):
    cast = story.cast
    water, county = asked(shared, story, "water"), asked(shared, story, "county_water")
    assert {line.problem for line in lines(water, cast.handler)} == {shared.whole, shared.plain}
    assert {line.problem for line in lines(water, cast.sector_handler)} == {shared.whole}
    for player, seen in (
        (cast.subordinate, True), (cast.handler, True), (cast.sector_handler, True), (cast.coordinator, True),
        (cast.outsider, False), (cast.acceptor, False), (cast.system_administrator, False),
    ):  # fmt: skip
        assert sees_sheet(player.actor, county) is seen
    # It stands below: what is asked of those above is not its affair.
    assert not sees_sheet(cast.county_handler.actor, water)
    with pytest.raises(NotAllowed):
        answer(county, cast.handler)


def test_a_task_that_was_given_back_is_asked_of_nobody_below_and_may_be_reported_above(shared, story):
    cast = story.cast
    do.give_back(
        leaf_of(story, shared.whole, cast.county_water), reason="不在本县。", actor=cast.county_handler.actor
    )
    county = asked(shared, story, "county_water")
    assert (row_of(county, shared.whole).state, county.state, county.next_reminder) == ("left", "left", None)
    assert to_answer(cast.county_handler.actor) == []
    assert actions.remind_due(dt.date(2026, 3, 3)) == 0
    station = asked(shared, story, "station")
    line = line_about(station, shared.whole, cast.subordinate)
    station = answer(station, cast.subordinate, entry(line, percent="20", facts="自行更换两公里。"))
    assert (station.state, row_of(station, shared.whole).state) == ("answered", "changed")
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_what_a_unit_below_reported_on_the_problems_own_page_is_not_asked_again(shared, story):
    cast = story.cast
    story.clock.go_on()
    story.report(
        shared.whole, 30, measure=leaf_of(story, shared.whole, cast.county_water), by=cast.county_handler
    )
    county, water = asked(shared, story, "county_water"), asked(shared, story, "water")
    assert (row_of(county, shared.whole).state, county.state, county.next_reminder) == (
        "changed",
        "answered",
        None,
    )
    assert (row_of(water, shared.whole).state, water.state) == ("open", "asked")
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_task_within_the_unit_makes_no_sheet(story):
    problem = divided(story)
    own = leaf_of(story, problem, story.cast.water)
    give(story, own, story.cast.water, story.cast.handler, post=story.cast.liaison.post)
    review = issue(draft_of(story), story)
    assert review.sheets.filter(unit=story.cast.water).count() == 1
    line = line_about(sheet_of(review, story.cast.water), problem, story.cast.handler)
    assert (line.measure.number, bool(line.open_cells)) == ("2.1", True)


def test_who_has_done_its_part_is_not_asked(story):
    problem = divided(story)
    leaf = leaf_of(story, problem, story.cast.county_water)
    story.report(problem, 100, measure=leaf, by=story.cast.county_handler)
    review = issue(draft_of(story), story)
    units = {sheet.unit for sheet in review.sheets.select_related("unit")}
    assert units == {story.cast.ecology, story.cast.water}


def test_left_unchanged_call_after_call_is_counted_for_the_part_alone(shared, story):
    cast = story.cast
    answer(asked(shared, story, "county_water"), cast.county_handler)
    story.clock.go_on(25)
    story.report(shared.whole, 30, measure=leaf_of(story, shared.whole, cast.water))
    again = sheet_of(issue(draft_of(story), story), cast.county_water)
    answer(again, cast.county_handler)
    assert row_of(again, shared.whole).unchanged_times == 2


def test_a_call_that_is_called_back_asks_nobody_any_more(shared, story):
    cast = story.cast
    actions.withdraw_review(shared.review, reason="范围有误。", actor=cast.reviewer.actor)
    assert kinds_told(cast.county_handler) == ["reviews.called", "reviews.recalled"]
    assert not ReviewSheet.objects.filter(next_reminder__isnull=False).exists()
    with pytest.raises(Refused, match="下发后撤回"):
        remind_below(asked(shared, story, "water"), actor=cast.handler.actor)


def test_a_series_asks_those_below_each_time(story):
    divided(story)
    first = issue(draft_of(story, repeats=True), story)
    story.clock.go_on((first.next_on - story.clock.today).days)
    assert actions.call_due(story.clock.today) == 1
    second = MonthlyReview.objects.get(follows=first)
    assert second.below_days_before == 2
    assert sheet_of(second, story.cast.county_water).above == story.cast.station


def test_the_head_of_a_unit_below_passes_what_another_wrote(story, monkeypatch):
    cast = story.cast
    problem = divided(story)
    body = {
        "remind_before": 1, "remind_every": 3, "unchanged_times": 3, "head_passes": True, "below_days_before": 2,
    }  # fmt: skip
    monkeypatch.setattr("bihuan.reviews.calling.numbers_of", lambda _policy: body)
    sheet = sheet_of(issue(draft_of(story), story), cast.water)
    line = line_about(sheet, problem, cast.liaison)
    sheet = answer(sheet, cast.liaison, entry(line, percent="30", facts="分区方案已定。"))
    assert (sheet.state, leaf_of(story, problem, cast.water).progress) == ("prepared", 0)
    pass_sheet(sheet, actor=cast.principal.actor)
    assert leaf_of(story, problem, cast.water).progress == 30
    assert sheet_of(sheet.review, cast.water).state == "answered"
