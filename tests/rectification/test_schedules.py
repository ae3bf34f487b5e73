"""The approved plan is the schedule of the case's own clock, through its changes; where there is none work is expected evenly."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.models import Clock
from bihuan.deadlines.queries import clocks_of, facts_today, leading_clock
from bihuan.journal.verify.whole import verify_journal
from bihuan.rectification import actions as do
from bihuan.rectification.models import Plan
from bihuan.rectification.plan_trees import Milestone
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def planned(story, *marks):
    """A problem with 120 days, whose one measure has milestones after so many days from the first."""
    first = story.clock.today
    milestones = tuple(Milestone(first + dt.timedelta(days), percent) for days, percent in marks)
    draft = story.draft(milestones=milestones, deadline=first + dt.timedelta(days=110))
    return fresh([story.rectifying(draft)])[0]


def clock(problem):
    return Clock.objects.get(problem=problem, kind="rectification")


def shown(problem):
    return facts_today(leading_clock(clocks_of(fresh([problem])[0])))


def test_a_case_is_judged_by_its_milestones_and_says_which(story):
    problem = planned(story, (60, 10), (100, 80))
    assert [row[3][1][1] for row in clock(problem).schedule] == [80]
    story.clock.go_on(55)
    sweep_all()
    assert shown(problem).light == "green", "the straight line would be far ahead by now"
    story.clock.go_on(46)
    sweep_all()
    facts = shown(problem)
    assert facts.light == "orange"
    assert "（措施 1 到" in facts.because
    assert clock(problem).light == "orange"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_an_amended_plan_is_the_schedule_from_the_day_it_is_approved(story):
    problem = planned(story, (10, 50))
    story.clock.go_on(20)
    sweep_all()
    assert clock(problem).light == "orange"
    amended(story, problem)
    row = clock(problem)
    assert row.light == "green"
    assert [marks for *_, marks in row.schedule] == [
        [[(story.clock.today + dt.timedelta(60)).isoformat(), 50]]
    ]


def amended(story, problem):
    mark = Milestone(story.clock.today + dt.timedelta(60), 50)
    plan = do.propose_amendment(
        problem, goal="漏损率降到百分之十。", measures=[story.draft(milestones=(mark,))], reason="管材迟到。",
        five_assurances=dict.fromkeys(("responsibility", "funds", "contingency"), "已落实"), actor=story.cast.handler.actor,
    )  # fmt: skip
    story.decide(plan.approval)


def test_after_an_extension_the_old_plan_is_no_schedule_until_it_is_amended(story):
    problem = planned(story, (10, 50))
    story.clock.go_on(20)
    extension = do.ask_extension(
        problem, new_deadline=problem.external_deadline + dt.timedelta(30), reason="管材迟到。",
        new_plan="九月起铺管。", actor=story.cast.handler.actor,
    )  # fmt: skip
    story.decide(extension.approval)
    assert clock(problem).schedule == []
    story.clock.go_on(1)
    amended(story, fresh([problem])[0])
    assert len(clock(problem).schedule) == 1


def test_without_an_approved_plan_work_is_expected_evenly(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    problem = fresh([problem])[0]
    assert clock(problem).schedule == []
    plan = story.plan(problem, story.draft(milestones=(Milestone(story.clock.today + dt.timedelta(30), 5),)))
    assert clock(problem).schedule == []
    story.decide(plan.approval, approve=False, opinion="措施不具体。")
    assert clock(problem).schedule == []
    assert not Plan.objects.filter(state=Plan.State.APPROVED).exists()
