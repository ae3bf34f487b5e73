"""The plan of a similar closed problem as a start: its structure, none of its facts, only what one may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import NotVisible, Refused
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from bihuan.rectification.exemplars import exemplars_for
from bihuan.rectification.models import Plan
from bihuan.text.blanks import BLANK
from tests.rectification.conftest import fresh, upload
from tests.rectification.test_planned_work import planning
from tests.static_files import plain_static

__all__ = ["plain_static"]
pytestmark = pytest.mark.django_db


def closed(story, *, held=False, **more):
    """A closed problem of the same matter, with a plan that names a unit, a place and a length."""
    problem = story.rectifying(
        story.draft(text="由市水务局更换石堰镇老旧管网十二公里"),
        story.draft(
            text="修订管网巡查制度", deliverable="制度文本", deadline=story.clock.today + dt.timedelta(30)
        ),
        **more,
    )
    for measure in story.measures(problem):
        story.report(*fresh([problem]), measure=measure)
    story.prove(problem)
    story.apply(*fresh([problem]))
    story.accept(*fresh([problem]))
    if fresh([problem])[0].state == "noticed":
        story.clock.go_on(20)
        do.end_notice(*fresh([problem]), actor=story.cast.coordinator.actor)
    story.close(*fresh([problem]))
    if held:
        planned = Lookback.objects.get(problem=problem)
        lookback.assign_lookback([planned], unit=story.cast.audit, actor=story.cast.coordinator.actor)
        planned.refresh_from_db()
        lookback.hold(planned, opinion="成效保持", on=story.clock.today, actor=story.cast.inspector.actor)
    (problem,) = fresh([problem])
    assert problem.state == "closed"
    return problem


def test_the_structure_is_offered_without_a_fact(story):
    source = closed(story)
    problem = planning(story)
    (found,) = exemplars_for(problem, story.cast.handler.actor)
    assert (found.problem, found.held) == (source, False)
    first, second = found.outlines
    assert BLANK in first.text
    assert not [word for word in ("水务局", "石堰镇", "十二") if word in first.text]
    assert (second.text, second.deliverable, second.days) == ("修订管网巡查制度", "制度文本", 30)
    assert first.by_lead


def test_what_held_comes_first(story):
    closed(story)
    held = closed(story, held=True)
    found = exemplars_for(planning(story), story.cast.handler.actor)
    assert [one.held for one in found] == [True, False]
    assert found[0].problem == held


def test_an_open_problem_is_no_exemplar(story):
    story.rectifying(story.draft())
    assert exemplars_for(planning(story), story.cast.handler.actor) == []


@pytest.mark.parametrize("more", [{"readership": "work_secret"}])
def test_what_few_may_know_is_not_offered_and_not_taken(story, more):
    """Even by those who may know of it: what is taken is read by others."""
    source = closed(story, **more)
    problem = planning(story)
    assert exemplars_for(problem, story.cast.handler.actor) == []
    with pytest.raises(NotVisible):
        do.submit_plan(
            problem,
            goal="到位",
            measures=[story.draft()],
            five_assurances={},
            taken_from=Plan.objects.get(problem=source),
            actor=story.cast.handler.actor,
        )


def test_what_somebody_does_not_see_is_not_offered(story):
    closed(story)
    assert exemplars_for(planning(story), story.cast.outsider.actor) == []


def test_a_plan_that_still_holds_a_blank_is_refused(story):
    with pytest.raises(Refused, match="要改写的空"):
        story.plan(planning(story), story.draft(text=f"更换{BLANK}公里"))


def test_a_plan_of_an_open_problem_is_not_taken(story):
    other = story.rectifying(story.draft())
    problem = planning(story)
    with pytest.raises(Refused, match="只能参考已销号问题"):
        do.submit_plan(
            problem,
            goal="到位",
            measures=[story.draft()],
            five_assurances={},
            taken_from=Plan.objects.get(problem=other),
            actor=story.cast.handler.actor,
        )


def test_it_is_chosen_lit_written_out_and_marked(story, client_as):
    source = closed(story)
    problem = planning(story)
    client = client_as(story.cast.handler)
    offered = client.get(reverse("rectification:exemplars", args=[problem.pk])).content.decode()
    assert source.problem_no in offered
    assert f"<mark>{BLANK}</mark>" in offered
    assert "石堰镇" not in offered
    plan = Plan.objects.get(problem=source)
    page = reverse("rectification:submit_plan", args=[problem.pk])
    form = client.get(f"{page}?from={plan.pk}").content.decode()
    assert f"<mark>{BLANK}</mark>" in form
    assert "修订管网巡查制度" in form
    data = {
        "from": str(plan.pk),
        "goal": "漏损率降下来",
        "row0-depth": "1",
        "row0-text": f"更换{BLANK}管网",
        "row0-unit": str(story.cast.water.pk),
        "row0-post": "",
        "row0-deadline": str(problem.internal_deadline),
        "row0-deliverable": "竣工资料",
        "body": "party_group",
        "held_on": story.clock.today.isoformat(),
        "document_no": "水务党组〔2026〕6号",
        "approved_on": story.clock.today.isoformat(),
    }
    refused = client.post(page, data)
    assert refused.status_code == 422
    assert f"<mark>{BLANK}</mark>" in refused.content.decode()
    minutes = upload("党组会议纪要", "会议纪要.txt")
    whole = data | {"row0-text": "更换东城管网", "deliberation_file": minutes}
    assert client.post(page, whole).status_code == 302
    made = Plan.objects.get(problem=problem)
    assert made.taken_from == plan
    shown = client.get(reverse("rectification:plan", args=[made.pk])).content.decode()
    assert f"参考 {source.problem_no} 的方案结构" in shown


def test_the_page_is_for_whoever_writes_the_plan(story, client_as):
    problem = planning(story)
    address = reverse("rectification:exemplars", args=[problem.pk])
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.coordinator).get(address).status_code == 403
    assert client_as(story.cast.handler).post(address).status_code == 405
    assert "没有可以参考的方案" in client_as(story.cast.handler).get(address).content.decode()
