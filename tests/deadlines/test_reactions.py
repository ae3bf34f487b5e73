"""Clocks follow the steps of a problem's life."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bihuan.calendars.rules import WorkingCalendar, add_working_days
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.policies import actions as policies
from bihuan.policies.models import Policy
from bihuan.rectification import actions as do
from bihuan.rectification.models import PublicNotice
from tests.deadlines.reading import events, running, stopped
from tests.rectification.conftest import fresh

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem

WEEKDAYS = WorkingCalendar()


def extended(story, problem: Problem, days: int) -> Problem:
    extension = do.ask_extension(
        problem,
        reason="雨季无法开挖。",
        new_deadline=problem.external_deadline + dt.timedelta(days=days),
        new_plan="雨季后复工。",
        actor=story.cast.handler.actor,
    )
    story.decide(extension.approval)
    return fresh([problem])[0]


def suspended(story, problem: Problem, days: int = 30) -> Problem:
    suspension = do.ask_suspension(
        problem,
        reason="涉诉待判。",
        resume_by=story.clock.today + dt.timedelta(days=days),
        actor=story.cast.handler.actor,
    )
    story.decide(suspension.approval)
    return fresh([problem])[0]


def test_no_clock_runs_before_the_order_is_issued(story):
    (problem,) = story.proposed()
    assert running(problem) == {}


def test_issue_starts_acknowledgement_and_rectification(story):
    (problem,) = story.assigned()
    clocks = running(problem)
    assert clocks.keys() == {"acknowledge", "rectification"}
    assert clocks["rectification"].due == problem.external_deadline
    assert clocks["acknowledge"].due == add_working_days(story.clock.today, 2, WEEKDAYS)
    assert all(clock.unit == story.cast.water for clock in clocks.values())


def test_a_batch_of_problems_starts_their_clocks_in_few_queries(story, django_assert_max_num_queries):
    problems = story.assigned(12)
    from bihuan.deadlines.keeping import Notices, keep
    from bihuan.journal.action import action, system_only

    @action("tests.keep_again", may=system_only)
    def keep_again(*, actor):
        return keep([problem.pk for problem in problems], Notices())

    with django_assert_max_num_queries(14):
        assert keep_again(actor=story.cast.system) == []


def test_acknowledgement_hands_over_to_the_plan(story):
    (problem,) = story.assigned()
    story.clock.go_on(1)
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    clocks = running(problem)
    assert clocks.keys() == {"plan", "rectification"}
    assert clocks["plan"].due == add_working_days(story.clock.today, 30, WEEKDAYS)
    assert stopped(problem, "acknowledge")[0].stopped_on == story.clock.today


def test_the_short_path_has_no_plan_clock(story):
    problem = story.rectifying(grade="minor")
    assert running(problem).keys() == {"rectification"}


def test_an_approved_plan_stops_its_clock_and_measures_progress(story):
    problem = story.rectifying()
    clocks = running(problem)
    assert clocks.keys() == {"rectification"}
    assert clocks["rectification"].work_from == story.clock.today
    assert {cause["rule"] for cause in clocks["rectification"].explanation["causes"]} >= {"progress_gap"}


def test_a_declined_problem_has_no_clock_and_its_next_unit_a_new_one(story):
    (problem,) = story.assigned()
    do.decline(
        problem,
        reason="属生态环境部门职责。",
        proposed_unit=story.cast.ecology,
        actor=story.cast.handler.actor,
    )
    assert running(problem) == {}
    story.clock.go_on(4)
    story.propose(fresh([problem])[0], lead_unit=story.cast.ecology)
    story.issue(fresh([problem]))
    clocks = running(problem)
    assert clocks["acknowledge"].unit == story.cast.ecology
    assert clocks["acknowledge"].started_on == story.clock.today


def test_an_application_for_acceptance_starts_the_acceptors_clock(story):
    problem = story.accepting()
    clocks = running(problem)
    assert clocks.keys() == {"acceptance", "rectification"}
    assert clocks["acceptance"].due == add_working_days(story.clock.today, 10, WEEKDAYS)


def test_a_returned_acceptance_stops_it_and_a_new_application_starts_another(story):
    problem = story.accepting()
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="缺检测报告。", actor=story.cast.acceptor.actor
    )
    assert running(problem).keys() == {"rectification"}
    story.prove(fresh([problem])[0])
    story.apply(fresh([problem])[0])
    assert len(stopped(problem, "acceptance")) == 1
    assert running(problem).keys() == {"acceptance", "rectification"}


def test_the_notice_clock_falls_due_on_the_first_working_day_after_the_notice(story):
    problem = story.noticed()
    notice = PublicNotice.objects.get(problem=problem)
    clock = running(problem)["notice"]
    assert clock.due == add_working_days(notice.until, 1, WEEKDAYS)
    assert clock.explanation["basis"] == {"from": "notice", "until": notice.until.isoformat()}


def test_closure_stops_every_clock(story):
    problem = story.under_review()
    assert running(problem).keys() == {"rectification"}
    story.close(problem)
    assert running(problem) == {}
    assert stopped(problem, "rectification")[0].light == "off"


def test_a_notice_after_closure_has_a_clock_until_it_ends(story):
    policies.enact(
        code="rigour",
        jurisdiction=story.cast.city,
        body={"short_path": False, "notice": "after_closure"},
        actor=story.cast.reviewer.actor,
    )
    problem = story.noticed()
    story.close(problem)
    assert running(problem).keys() == {"notice"}
    story.clock.go_on(20)
    do.end_notice(problem, actor=story.cast.coordinator.actor)
    assert running(problem) == {}


def test_an_extension_moves_the_day_and_keeps_the_first(story):
    problem = story.rectifying()
    first = problem.external_deadline
    problem = extended(story, problem, 30)
    clock = running(problem)["rectification"]
    assert (clock.due, clock.first_due) == (first + dt.timedelta(days=30), first)
    assert clock.light == "blue"


def test_a_suspended_clock_shows_no_light_and_goes_on_by_the_days_it_stood(story):
    problem = story.rectifying()
    due = problem.external_deadline
    problem = suspended(story, problem)
    clock = running(problem)["rectification"]
    assert (clock.state, clock.light, clock.next_change) == ("suspended", "off", None)
    story.clock.go_on(17)
    do.resume(problem, reason="判决已生效。", actor=story.cast.reviewer.actor)
    problem = fresh([problem])[0]
    clock = running(problem)["rectification"]
    assert (clock.state, clock.suspended_days) == ("running", 17)
    assert clock.due == problem.external_deadline == due + dt.timedelta(days=17)
    assert not {cause["rule"] for cause in clock.explanation["causes"]} & {"extended", "suspended"}


def test_an_approved_ending_stops_every_clock(story):
    problem = story.rectifying(source="self_inspection")
    ending = ledger.request_ending(
        problem,
        verb="ledger.terminate",
        reason="供水站点已整体搬迁。",
        approver=story.cast.reviewer.post,
        actor=story.cast.coordinator.actor,
    )
    story.decide(ending.approval)
    assert fresh([problem])[0].state == "terminated"
    assert running(problem) == {}


def test_progress_behind_schedule_turns_the_light_and_a_report_turns_it_back(story):
    from bihuan.deadlines.actions import sweep_all

    problem = story.rectifying()
    story.clock.go_on(40)
    sweep_all()
    assert running(problem)["rectification"].light == "orange"
    story.report(problem, measure=story.measures(problem)[0], percent=90)
    assert running(problem)["rectification"].light == "green"


def test_a_light_may_be_explained_from_what_is_kept_with_it(story):
    (problem,) = story.assigned()
    explanation = running(problem)["rectification"].explanation
    assert explanation["basis"] == {"from": "external"}
    assert explanation["lights"]["version"] == 1
    assert explanation["causes"][0]["data"]["days_left"] == 120
    assert explanation["next"] == {
        "day": (problem.external_deadline - dt.timedelta(days=15)).isoformat(),
        "light": "blue",
    }


def test_the_events_say_what_caused_them_and_by_which_policy(story):
    (problem,) = story.assigned()
    (event,) = events(problem, "deadlines.keep_clocks")
    assert event["who"]["system"]
    assert event["caused_by"] is not None
    assert {quoted["code"] for quoted in event["policies"]} >= {"deadline.acknowledge", "lights"}


def test_a_step_that_changes_no_clock_leaves_no_event_of_this_room(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    before = len(events(problem, "deadlines.keep_clocks"))
    story.plan(fresh([problem])[0])
    assert len(events(problem, "deadlines.keep_clocks")) == before


def test_a_clock_keeps_its_version_until_a_decision_names_its_case(story):
    named, unnamed = story.assigned(2)
    old = running(named)["acknowledge"]
    policies.enact(
        code="deadline.acknowledge",
        jurisdiction=story.cast.city,
        body={**old.policy.body, "count": 9},
        actor=story.cast.reviewer.actor,
    )
    new = Policy.objects.get(code="deadline.acknowledge", grade="", version=2)
    assert running(named)["acknowledge"].policy == old.policy
    policies.reapply(
        new,
        cases=[named.pk],
        reason="节后集中签收。",
        approval=new.pk,
        actor=story.cast.system,
    )
    assert running(named)["acknowledge"].policy == new
    assert running(named)["acknowledge"].due == add_working_days(story.clock.today, 9, WEEKDAYS)
    assert running(unnamed)["acknowledge"].policy == old.policy
    assert events(named, "deadlines.reapply_policy")


def test_a_shorter_version_takes_no_time_away(story):
    (problem,) = story.assigned()
    old = running(problem)["acknowledge"]
    new = policies.enact(
        code="deadline.acknowledge",
        jurisdiction=story.cast.city,
        body={**old.policy.body, "count": 0},
        actor=story.cast.reviewer.actor,
    )
    policies.reapply(new, cases=[problem.pk], reason="试行。", approval=new.pk, actor=story.cast.system)
    assert running(problem)["acknowledge"].due == old.due


def test_other_thresholds_reach_a_running_clock_by_decision_only(story):
    (problem,) = story.assigned()
    clock = running(problem)["rectification"]
    new = policies.enact(
        code="lights",
        jurisdiction=story.cast.city,
        body={**clock.lights_policy.body, "blue_days": 200},
        actor=story.cast.reviewer.actor,
    )
    assert running(problem)["rectification"].light == "green"
    policies.reapply(new, cases=[problem.pk], reason="汛期。", approval=new.pk, actor=story.cast.system)
    assert running(problem)["rectification"].light == "blue"
    assert running(problem)["rectification"].explanation["lights"]["version"] == 2


def test_a_deadline_in_hours_ends_at_its_hour(story):
    from bihuan.deadlines.actions import sweep_all

    in_hours(story, 24)
    (problem,) = story.assigned()
    clock = running(problem)["acknowledge"]
    begun = story.clock.now
    assert (clock.began_at, clock.due_at) == (begun, begun + dt.timedelta(hours=24))
    for hours, light in ((11, "green"), (12, "blue"), (23, "orange"), (24, "red")):
        story.clock.now = begun + dt.timedelta(hours=hours)
        story.clock.go_on(0)
        sweep_all()
        assert running(problem)["acknowledge"].light == light


def test_what_is_not_due_within_the_day_is_not_looked_at_again_before_its_hour(story):
    from bihuan.deadlines.actions import FIRST, sweep
    from bihuan.journal.action import Actor

    in_hours(story, 8)
    (problem,) = story.assigned()
    sweeper = Actor.the_system("test")
    assert sweep(after=FIRST, actor=sweeper).last is None
    story.clock.now += dt.timedelta(hours=4)
    story.clock.go_on(0)
    assert sweep(after=FIRST, actor=sweeper).last == problem.pk


@pytest.mark.parametrize(("minutes", "said"), [(7 * 60 + 59, ""), (8 * 60 + 1, "，超过期限")])
def test_acknowledged_after_its_hour_is_late(story, minutes, said):
    from bihuan.deadlines.queries import clocks_of, panel_of

    in_hours(story, 8)
    (problem,) = story.assigned()
    story.clock.now += dt.timedelta(minutes=minutes)
    story.clock.go_on(0)
    do.acknowledge([problem], actor=story.cast.handler.actor)
    (problem,) = fresh([problem])
    lines = panel_of(problem, clocks_of(problem))["clocks"]
    (line,) = [line for line in lines if line["name"] == "签收"]
    assert line["note"] == f"已于 {story.clock.today.isoformat()} 停止计时{said}"


def test_the_headline_counts_hours_within_the_last_day(story):
    from bihuan.deadlines.queries import lights_for

    in_hours(story, 48)
    (problem,) = story.assigned()
    said = []
    for hours in (0, 42.75, 5.75):
        story.clock.now += dt.timedelta(hours=hours)
        story.clock.go_on(0)
        facts = lights_for(fresh([problem]))[problem.pk]
        said.append((facts.words, facts.overdue))
    assert said == [("余 2 天", False), ("余 5 小时 15 分", False), ("已超 0 小时 30 分", True)]


def in_hours(story, count: int) -> None:
    policies.enact(
        code="deadline.acknowledge",
        jurisdiction=story.cast.city,
        body={
            "unit": "hours",
            "count": count,
            "fixed_date": None,
            "starts_on": "assigned",
            "rolls_over": False,
        },
        actor=story.cast.reviewer.actor,
    )


@pytest.mark.parametrize("steps", ["noticed", "accepting"])
def test_the_journal_still_tells_every_row(story, steps):
    extended(story, suspended_and_resumed(story), 10)
    getattr(story, steps)()
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert tally.wrong == []


def suspended_and_resumed(story) -> Problem:
    problem = suspended(story, story.rectifying())
    story.clock.go_on(3)
    do.resume(problem, reason="判决已生效。", actor=story.cast.reviewer.actor)
    return fresh([problem])[0]
