"""The past of a problem as its page tells it: what people did, what followed from it, and what was caused elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from bihuan.deadlines.actions import sweep_all
from bihuan.desk.problem_effects import Cause, cause_words
from bihuan.rectification import actions as do
from tests.deadlines.climbing import overdue, steps, sweep, taken
from tests.rectification.conftest import fresh
from tests.web.pages import read

if TYPE_CHECKING:
    from django.test import Client

    from bihuan.ledger.models import Problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def past_of(client: Client, problem: Problem, *, everything: bool = False) -> list[str]:
    """The lines of the past, the newest first."""
    address = reverse("desk:problem", args=[problem.pk]) + ("?past=all" if everything else "")
    page = read(client.get(address).content.decode())
    (past,) = [section for section in page.all("section") if section.get("id") == "past"]
    return [" ".join(line.words.split()) for line in past.all("li")]


def line_with(lines: list[str], words: str) -> str:
    (found,) = [line for line in lines if words in line]
    return found


def test_what_a_decision_brought_is_told_with_it(story, client_as):
    problem = story.rectifying()
    old = problem.external_deadline
    new = old + dt.timedelta(days=20)
    story.clock.go_on(3)
    extension = do.ask_extension(
        problem, reason="雨季。", new_deadline=new, new_plan="顺延。", actor=story.cast.handler.actor
    )
    story.clock.go_on(1)
    story.decide(extension.approval, opinion="同意延期")
    client = client_as(story.cast.coordinator)
    told = line_with(past_of(client, problem), f"期限 {old} → {new}")
    assert "审批" in told
    assert "；延期；" in told
    alone = line_with(past_of(client, problem, everything=True), f"期限 {old} → {new}")
    assert "因 " in alone
    assert "“审批”" in alone


def test_what_a_decision_about_many_cases_did_here_is_told_with_its_cause(story, client_as):
    problem, other = story.assigned(2)
    for one in (problem, other):
        do.acknowledge([one], actor=story.cast.liaison.actor)
        story.decide(story.plan(fresh([one])[0]).approval)
    overdue(story, problem, 5)
    sweep()
    chosen = [step for one in (problem, other) for step in steps(one, rung="supervision_letter")]
    request = taken(story, *chosen)
    decided = request.approval.steps.exclude(state="pending").latest("pk")
    for one in (problem, other):
        told = line_with(past_of(client_as(story.cast.coordinator), one), "督办提请的审批结果")
        assert "“审批”" in told
        assert "督办级别 常规 → 重点" in told
        by = {player.post.pk: player for player in story.cast.players.values()}[decided.post_id]
        assert by.person.name in told


def test_the_watching_of_days_is_only_in_the_whole_list(story, client_as):
    problem = story.rectifying()
    story.clock.go_on((problem.external_deadline - story.clock.today).days - 5)
    assert sweep_all() == 1
    client = client_as(story.cast.coordinator)
    assert not [line for line in past_of(client, problem) if "亮灯更新" in line]
    assert line_with(past_of(client, problem, everything=True), "亮灯更新")


def test_of_an_act_on_another_problem_nobody_is_named():
    """That other problem may be one the reader may not know of."""
    cause = Cause(
        "rectification.accept", "problem", {"person_name": "张三", "unit_name": "市纪委", "system": False}
    )
    assert "张三" not in cause_words(cause)
    assert "市纪委" not in cause_words(cause)
    assert "张三" in cause_words(Cause("approvals.decide", "approval", cause.who))
