"""What pages read of clocks."""

from __future__ import annotations

import datetime as dt

from bihuan.deadlines import queries
from bihuan.rectification import actions as do
from bihuan.web.making import made
from bihuan.web.sections import ClockPanel
from tests.deadlines.test_reactions import extended
from tests.rectification.conftest import fresh


def test_the_lights_of_a_page_take_two_queries(story, django_assert_num_queries):
    problems = story.assigned(5)
    with django_assert_num_queries(2):
        found = queries.lights_for(problems)
    assert found.keys() == {problem.pk for problem in problems}


def test_a_problem_without_open_clock_has_no_light(story):
    (problem,) = story.proposed()
    assert queries.lights_for([problem]) == {}


def test_the_worst_light_leads(story):
    (problem,) = story.assigned()
    story.clock.go_on(5)
    leading = queries.leading_clock(queries.clocks_of(problem))
    assert leading.kind == "acknowledge"


def test_a_page_is_right_before_the_sweep_came_by(story):
    (problem,) = story.assigned()
    story.clock.go_on(5)
    found = queries.lights_for([problem])[problem.pk]
    assert (found.light, found.words, found.overdue) == ("red", "逾期 3 天", True)


def test_the_sentence_names_rule_and_version(story):
    (problem,) = story.assigned()
    story.clock.go_on(5)
    assert queries.lights_for([problem])[problem.pk].because == (
        "红灯：期限 2026-03-04 已过，逾期 3 天（“亮灯”规则第 1 版）。"
    )


def test_the_panel_says_what_comes_next(story):
    problem = story.rectifying()
    panel = queries.panel_of(problem, queries.clocks_of(problem))
    due = problem.external_deadline
    assert panel["headline"] == "整改 余 120 天"
    assert panel["due"] == due
    # A tenth of the plan's ninety days is gone, and a tenth of the work is missing.
    coming = f"{problem.assigned_on + dt.timedelta(days=9)} 转为黄灯"
    assert any(line["note"].endswith(coming) for line in panel["clocks"])


def test_the_panel_fits_the_component_that_draws_it(story):
    problem = story.rectifying()
    panel = queries.panel_of(problem, queries.clocks_of(problem))
    assert made(ClockPanel, panel).clocks


def test_the_panel_of_a_closed_problem_says_when_time_stopped(story):
    problem = story.under_review()
    story.close(problem)
    problem = fresh([problem])[0]
    panel = queries.panel_of(problem, queries.clocks_of(problem))
    assert panel["headline"] == f"已于 {story.clock.today} 停止计时"
    assert made(ClockPanel, panel).light.colour == "off"


def test_how_often_a_deadline_was_put_off_is_said_after_the_end_too(story):
    problem = extended(story, story.rectifying(), 20)
    rows = queries.panel_of(problem, queries.clocks_of(problem))
    assert (rows["extensions"], {row["extensions"] for row in rows["clocks"]}) == (1, {0})
    for measure in story.measures(problem):
        story.report(problem, measure=measure)
    story.prove(problem)
    story.apply(problem)
    story.accept(problem)
    story.clock.go_on(20)
    do.end_notice(problem, actor=story.cast.coordinator.actor)
    story.close(problem)
    (problem,) = fresh([problem])
    rows = queries.panel_of(problem, queries.clocks_of(problem))["clocks"]
    assert {row["name"]: row["extensions"] for row in rows if row["extensions"]} == {"整改": 1}


def test_the_panel_is_empty_before_any_clock_ran(story):
    (problem,) = story.proposed()
    assert queries.panel_of(problem, []) is None


def test_due_today_is_told_to_the_unit_and_the_office_and_to_nobody_else(story):
    (problem,) = story.assigned()
    story.clock.go_on(2)
    cast = story.cast
    for player in (cast.handler, cast.coordinator):
        assert [row.problem for row in queries.due_today(player.actor)] == [problem]
    for player in (cast.outsider, cast.system_administrator, cast.sector_handler):
        assert not queries.due_today(player.actor).exists()


def test_what_is_overdue_comes_the_longest_first(story):
    first, second = story.assigned(2)
    story.clock.go_on(3)
    do.acknowledge([second], actor=story.cast.liaison.actor)
    story.clock.go_on(130)
    found = list(queries.overdue(story.cast.handler.actor))
    assert found[0].problem == first
    assert [row.due for row in found] == sorted(row.due for row in found)


def test_a_suspended_clock_is_not_due(story):
    problem = story.rectifying()
    suspension = do.ask_suspension(
        problem,
        reason="涉诉。",
        resume_by=story.clock.today + dt.timedelta(days=100),
        actor=story.cast.handler.actor,
    )
    story.decide(suspension.approval)
    story.clock.go_on(150)
    assert not queries.overdue(story.cast.handler.actor).exists()
    assert queries.lights_for([problem])[problem.pk].words == "停表"
