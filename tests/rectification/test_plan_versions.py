"""Every version of a plan can be read again, and whoever decides sees what changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import Refused
from bihuan.rectification import actions as do
from bihuan.rectification.measures import plans_of_round
from bihuan.rectification.models import Plan
from bihuan.rectification.plan_forms import PlanForm
from bihuan.rectification.plan_versions import last_written
from tests.rectification.conftest import fresh
from tests.rectification.test_planned_work import hand_down, planning
from tests.static_files import plain_static

__all__ = ["plain_static"]
pytestmark = pytest.mark.django_db


def amend(story, problem, *drafts, **more):
    facts = {"reason": "新增路段", "goal": "漏损率降到百分之九", "five_assurances": {}} | more
    return do.propose_amendment(problem, measures=drafts, actor=story.cast.handler.actor, **facts)


def address(plan, query=""):
    return reverse("rectification:plan", args=[plan.pk]) + query


def test_whoever_decides_sees_the_amendment_beside_the_plan_in_force(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    amended = amend(
        story,
        problem,
        story.draft(continues=measure.pk, text="更换城区老旧管网十五公里"),
        story.draft(text="分区计量"),
    )
    client = client_as(story.cast.decider)
    page = client.get(address(amended)).content.decode()
    assert "更换城区老旧管网十<del>二</del>公里" in page
    assert "更换城区老旧管网十<ins>五</ins>公里" in page
    assert "新增 1 条、删去 0 条、改动 1 条" in page
    approval = client.get(reverse("approvals:detail", args=[amended.approval_id])).content.decode()
    assert f'hx-get="{address(amended)}"' in approval


def test_a_returned_plan_is_beside_the_one_sent_again(story, client_as):
    problem = planning(story)
    first = story.plan(problem)
    story.decide(first.approval, approve=False, opinion="目标没有量化")
    (problem,) = fresh([problem])
    form = PlanForm(problem=problem, standing=last_written(plans_of_round(problem)))
    assert form.rows[0].initial["text"] == "更换城区老旧管网十二公里"
    (before,) = first.measures.all()
    second = story.plan(
        problem, story.draft(continues=before.pk, deadline=story.clock.today + dt.timedelta(60))
    )
    page = client_as(story.cast.decider).get(address(second)).content.decode()
    assert "第 1 版 → 第 2 版" in page
    assert "改动 1 条" in page


def test_a_plan_approved_after_a_return_starts_from_nothing_done(story):
    """The measure continues one that was never in force: there is no progress to carry."""
    problem = planning(story)
    first = story.plan(problem)
    story.decide(first.approval, approve=False, opinion="补充")
    (before,) = first.measures.all()
    second = story.plan(*fresh([problem]), story.draft(continues=before.pk))
    story.decide(second.approval)
    (measure,) = story.measures(*fresh([problem]))
    assert (measure.plan_id, measure.progress) == (second.pk, 0)


def test_an_amendment_sent_again_after_a_return_keeps_the_progress(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure, percent=60)
    first = amend(story, *fresh([problem]), story.draft(continues=measure.pk))
    story.decide(first.approval, approve=False, opinion="说明理由")
    (between,) = first.measures.all()
    (problem,) = fresh([problem])
    assert last_written(plans_of_round(problem)) == first
    second = amend(story, problem, story.draft(continues=between.pk))
    story.decide(second.approval)
    (now,) = story.measures(*fresh([problem]))
    assert (now.plan_id, now.progress) == (second.pk, 60)


def test_an_old_version_reads_as_it_stood(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.decide(amend(story, problem, story.draft(continues=measure.pk, text="改用新工艺")).approval)
    first = Plan.objects.get(problem=problem, version=1)
    page = client_as(story.cast.handler).get(address(first, "?against=none")).content.decode()
    assert "更换城区老旧管网十二公里" in page
    assert "改用新工艺" not in page
    assert "已调整" in page


def test_an_outsider_reads_no_version(story, client_as):
    plan = Plan.objects.get(problem=story.rectifying())
    assert client_as(story.cast.outsider).get(address(plan)).status_code == 404


def test_a_version_is_only_read(story, client_as):
    plan = Plan.objects.get(problem=story.rectifying())
    assert client_as(story.cast.handler).post(address(plan)).status_code == 405


def test_what_was_merely_divided_is_no_plan_to_read(story, client_as):
    problem = story.rectifying(grade="minor")
    do.hand_down_whole(
        problem,
        unit=story.cast.station,
        text="更换北城管网",
        deadline=problem.external_deadline,
        deliverable="竣工图",
        actor=story.cast.handler.actor,
    )
    assert client_as(story.cast.handler).get(address(Plan.objects.get())).status_code == 404


def test_a_task_handed_down_while_the_amendment_waits_is_not_lost(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    sooner = measure.deadline - dt.timedelta(10)
    amended = amend(story, problem, story.draft(continues=measure.pk, deadline=sooner))
    child = hand_down(story, measure, story.cast.station)
    story.report(*fresh([problem]), measure=child, percent=40, by=story.cast.subordinate)
    story.decide(amended.approval)
    parent, task = sorted(story.measures(*fresh([problem])), key=lambda one: one.number)
    assert (task.continues_id, task.parent_id, task.number) == (child.pk, parent.pk, "1.1")
    assert (task.deadline, task.progress, fresh([problem])[0].progress) == (sooner, 40, 40)


def test_an_amendment_does_not_leave_out_what_was_handed_down(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    hand_down(story, measure, story.cast.station)
    with pytest.raises(Refused, match=r"不能从方案里略去：第 1.1 条"):
        amend(story, *fresh([problem]), story.draft(continues=measure.pk))


def test_a_measure_continues_only_one_of_its_own_problem_and_only_once(story):
    first, second = story.rectifying(), story.rectifying(story.draft())
    (own,), (strange,) = story.measures(first), story.measures(second)
    with pytest.raises(Refused, match="不在这个问题的方案里"):
        amend(story, first, story.draft(continues=strange.pk))
    with pytest.raises(Refused, match="接续了同一条措施"):
        amend(story, first, story.draft(continues=own.pk), story.draft(continues=own.pk))


@pytest.mark.parametrize(
    "rows",
    [
        [("2026-04-01", 60), ("2026-04-15", 30)],
        [("2026-04-15", 30), ("2026-04-01", 60)],
        [("2026-12-01", 30)],
        [("2026-04-01", 0)],
    ],
)
def test_milestones_rise_within_the_deadline(story, rows):
    bad = tuple(do.Milestone(dt.date.fromisoformat(day), percent) for day, percent in rows)
    with pytest.raises(Refused, match="时间节点"):
        story.plan(planning(story), story.draft(milestones=bad))


def test_a_planned_task_does_not_come_back_to_a_unit_above_it(story):
    water, station = story.cast.water.pk, story.cast.station.pk
    last = story.draft(unit=water)
    with pytest.raises(Refused, match="绕了回来"):
        story.plan(
            planning(story), story.draft(unit=water, parts=(story.draft(unit=station, parts=(last,)),))
        )


def test_whoever_divides_a_task_may_keep_a_part(story):
    water = story.cast.water.pk
    problem = planning(story)
    assert story.plan(problem, story.draft(unit=water, parts=(story.draft(unit=water),))).version == 1
