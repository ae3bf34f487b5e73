"""The short path: a minor problem is handed down as a whole, without a plan anybody approved."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.rectification import actions as do
from bihuan.rectification.models import Measure, Plan
from bihuan.rectification.verbs import Verb
from tests.rectification.conftest import fresh
from tests.rectification.test_rounds import GRAVER, offered, rebounded, regrade
from tests.static_files import plain_static

pytestmark = pytest.mark.django_db
__all__ = ["plain_static"]


def hand_down_whole(story, problem, by=None, **more):
    facts = {
        "unit": story.cast.station,
        "text": "更换破损井盖",
        "deadline": story.clock.today + dt.timedelta(days=10),
        "deliverable": "更换记录",
    }
    return do.hand_down_whole(problem, **(facts | more), actor=(by or story.cast.handler).actor)


def test_a_minor_problem_is_handed_down_without_a_plan_anybody_approved(story):
    problem = story.rectifying(grade="minor")
    child = hand_down_whole(story, problem)
    assert (child.number, child.parent.number, child.parent.unit) == ("1.1", "1", story.cast.water)
    plan = child.plan
    assert (plan.state, plan.approval, plan.approved_by) == ("divided", None, None)
    with pytest.raises(Refused, match="报到下面的措施上"):
        story.report(problem, measure=child.parent)
    story.prove(problem)
    with pytest.raises(Refused, match="还有措施没有完成"):
        story.apply(problem)
    story.report(problem, measure=child, by=story.cast.subordinate)
    problem = fresh([problem])[0]
    assert problem.progress == 100
    story.apply(problem)
    assert fresh([problem])[0].state == "accepting"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_it_is_divided_once_and_handed_down_further_measure_by_measure(story):
    problem = story.rectifying(grade="minor")
    child = hand_down_whole(story, problem)
    with pytest.raises(Refused, match="已经分解"):
        hand_down_whole(story, problem)
    again = do.hand_down(
        child.parent,
        unit=story.cast.station,
        text="巡查周边",
        deadline=child.deadline,
        deliverable="巡查记录",
        actor=story.cast.handler.actor,
    )
    assert again.number == "1.2"


def test_what_needs_a_plan_is_not_handed_down_without_one(story):
    with pytest.raises(Refused, match="先有经批准的方案"):
        hand_down_whole(story, rebounded(story))
    with pytest.raises(Refused, match="已经分解"):
        hand_down_whole(story, story.rectifying())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("deadline", dt.date(2027, 1, 1), "期限晚于"),
        ("deliverable", " ", "成果形式"),
    ],
)
def test_a_task_that_does_not_fit_is_refused_and_nothing_is_divided(story, field, value, said):
    problem = story.rectifying(grade="minor")
    with pytest.raises(Refused, match=said):
        hand_down_whole(story, problem, **{field: value})
    assert not Plan.objects.filter(problem=problem).exists()


def test_the_page_hands_down_a_minor_problem(story, client_as):
    problem = story.rectifying(grade="minor")
    url = offered(story.cast.handler, problem)[Verb.HAND_DOWN].url
    page = client_as(story.cast.handler).get(url)
    assert "交下哪一条措施" not in page.content.decode()
    answer = client_as(story.cast.handler).post(
        url,
        {
            "unit": str(story.cast.station.pk),
            "text": "更换破损井盖",
            "deadline": story.clock.today.isoformat(),
            "deliverable": "照片",
        },
    )
    assert answer.status_code == 302
    assert Measure.objects.filter(plan__problem=problem, unit=story.cast.station).exists()
    assert "交下哪一条措施" in client_as(story.cast.handler).get(url).content.decode()


def test_what_is_divided_and_turns_out_graver_gets_a_plan_in_its_place(story):
    problem = story.rectifying(grade="minor")
    child = hand_down_whole(story, problem)
    story.report(problem, measure=child, by=story.cast.subordinate, percent=60)
    problem = regrade(story, problem, **GRAVER)
    assert problem.plan_owed
    keeps = story.draft(continues=child.pk, unit=story.cast.station.pk, deadline=child.deadline)
    story.decide(story.plan(problem, keeps).approval)
    plans = {one.state: one for one in Plan.objects.filter(problem=problem)}
    assert set(plans) == {"replaced", "approved"}
    assert Measure.objects.get(plan=plans["approved"]).progress == 60
    assert fresh([problem])[0].plan_owed is False
