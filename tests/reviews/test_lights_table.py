"""The lights table says what the ledger says, and what moved since the call before."""

from __future__ import annotations

from collections import Counter

import pytest

from bihuan.deadlines.judging import judge_achievability
from bihuan.deadlines.queries import lights_for
from bihuan.deadlines.rules import Light
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.reviews.actions import conclude_review
from bihuan.reviews.circular import told
from bihuan.reviews.lights_table import lights_table
from bihuan.reviews.models import MonthlyReview
from bihuan.reviews.slices import UNDER_WAY
from bihuan.reviews.workbooks import lights_sheet
from tests.rectification.conftest import fresh
from tests.reviews.calls import draft_of, issue

pytestmark = pytest.mark.django_db


def ledger_says(unit, actor) -> Counter[Light]:
    """The same numbers asked of the ledger itself."""
    rows = list(visible(actor, Problem.objects.filter(lead_unit=unit, state__in=UNDER_WAY)))
    return Counter(Light(facts.light) for facts in lights_for(rows).values())


def judge(story, problem, word):
    judge_achievability(problem, word=word, reason="设备未到。", actor=story.cast.coordinator.actor)


def test_it_counts_what_the_ledger_counts(issued, story, plain, problem):
    office = story.cast.coordinator.actor
    judge(story, plain, "not_on_time")
    [row] = lights_table(issued, office).rows
    assert +row.now == ledger_says(story.cast.water, office) == Counter({Light.ORANGE: 1, Light.GREEN: 1})
    assert row.total == 2
    rows = list(lights_sheet(issued, lights_table(issued, office)).rows)
    assert rows[0][:8] == ["市水务局", 2, 0, 1, 0, 0, 1, 0]
    body = "".join(told(issued, office).values.values())
    assert "在办问题2个：橙灯1个、绿灯1个" in body
    assert plain.problem_no in body


def test_a_concluded_call_keeps_the_lights_of_its_last_day_and_the_next_says_what_moved(
    issued, story, plain, problem
):
    office = story.cast.coordinator.actor
    story.clock.go_on(8)
    conclude_review(issued, actor=office)
    judge(story, plain, "at_risk")
    first = MonthlyReview.objects.get(pk=issued.pk)
    assert lights_table(first, office).sum(Light.GREEN) == 2
    story.clock.go_on(15)
    further = story.rectifying(grade="minor", title="又一处问题")
    story.report(problem, measure=story.measures(problem)[0])
    story.prove(problem)
    story.apply(problem)
    second = issue(draft_of(story), story)
    [row] = lights_table(second, office).rows
    assert (row.better, row.worse, row.new, row.gone) == (0, 1, 1, 1)
    assert row.change(Light.GREEN) == -1
    assert +row.now == ledger_says(story.cast.water, office)
    assert "转差1个，新增1个，退出1个" in told(second, office).values["总体情况"]
    assert further.pk in {one.pk for one in fresh([further])}


def test_what_few_may_know_is_counted_and_not_named(issued, story, plain):
    office = story.cast.coordinator.actor
    judge(story, plain, "not_on_time")
    from bihuan.reviews import circular

    rows = circular._severe(issued, office)
    for row in rows:
        row.problem.readership = "work_secret"
    assert circular._listed(rows) == ["另有1个，不在此列名。"]


def test_others_count_nothing(issued, story):
    assert lights_table(issued, story.cast.outsider.actor).total == 0
