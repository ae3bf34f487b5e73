"""The page of the tree of tasks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from tests.rectification.conftest import Story, clock, fresh, story
from tests.rectification.test_plan_versions import amend
from tests.rectification.test_planned_work import hand_down
from tests.static_files import plain_static

__all__ = ["Story", "clock", "plain_static", "story"]
pytestmark = pytest.mark.django_db


def page_of(client, problem, query=""):
    return client.get(reverse("desk:work_tree", args=[problem.pk]) + query)


def three_levels(story):
    """Water bureau → station → crew, the crew's task due first."""
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    child = hand_down(story, measure, story.cast.station, text="更换北城管网")
    crew = organizations.create_unit(
        name="管网班",
        code="CREW",
        kind="section",
        level=3,
        parent=story.cast.station,
        actor=story.cast.system,
    )
    task = hand_down(
        story,
        child,
        crew,
        by=story.cast.subordinate,
        text="更换一号路管网",
        deadline=story.clock.today + dt.timedelta(20),
    )
    return fresh([problem])[0], measure, child, task


def test_a_late_task_colours_everything_above_it_and_is_named(story, client_as):
    problem, *_rest = three_levels(story)
    story.clock.go_on(25)
    page = page_of(client_as(story.cast.handler), problem).content.decode()
    assert page.count("灯色来自下级第 1.1.1 管网班") >= 2
    assert "逾期 5 天" in page
    assert page.count('class="light is-late"') == 3
    again = page_of(client_as(story.cast.subordinate), problem).content.decode()
    assert "退回上级" in again


def test_what_was_given_back_stays_readable(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    child = hand_down(story, measure, story.cast.station)
    do.give_back(child, reason="没有施工资质", actor=story.cast.subordinate.actor)
    page = page_of(client_as(story.cast.handler), problem).content.decode()
    assert "退回：没有施工资质" in page
    assert page.count('class="task"') == 1


def test_the_tree_costs_the_same_however_deep(story, client_as, django_assert_max_num_queries):
    problem, _measure, child, _task = three_levels(story)
    client = client_as(story.cast.handler)
    with django_assert_max_num_queries(60) as few:
        page_of(client, problem)
    for number in range(3):
        crew = organizations.create_unit(
            name=f"{number}班",
            code=f"C{number}",
            kind="section",
            level=3,
            parent=story.cast.station,
            actor=story.cast.system,
        )
        hand_down(story, child, crew, by=story.cast.subordinate, text=f"更换 {number} 号路管网")
    with django_assert_max_num_queries(60) as many:
        page_of(client, problem)
    assert len(many) == len(few)


def test_the_plan_in_force_is_shown_while_an_amendment_waits(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure, percent=40)
    amended = amend(story, *fresh([problem]), story.draft(continues=measure.pk, text="改用新工艺"))
    client = client_as(story.cast.handler)
    for decided in (None, False):
        if decided is not None:
            story.decide(amended.approval, approve=decided, opinion="不同意")
        for page in (page_of(client, problem), client.get(reverse("desk:problem", args=[problem.pk]))):
            shown = page.content.decode()
            assert "方案第 1 版 · 已批准" in shown
            assert "改用新工艺" not in shown


def test_an_outsider_finds_no_tree(story, client_as):
    problem = story.rectifying()
    assert page_of(client_as(story.cast.outsider), problem).status_code == 404
    assert client_as(story.cast.handler).post(reverse("desk:work_tree", args=[problem.pk])).status_code == 405


def test_a_problem_without_a_plan_says_what_comes_next(story, client_as):
    (problem,) = story.assigned()
    assert "还没有方案" in page_of(client_as(story.cast.handler), problem).content.decode()
