"""Whether a deadline can be kept: the office's judgment on a problem's page, and the light that follows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.deadlines.judging import judge_achievability
from bihuan.deadlines.queries import lights_for
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from tests.deadlines.reading import events, running

pytestmark = pytest.mark.django_db


def judged(story, problem, word="not_on_time", *, by=None, reason="设备未到货。"):
    actor = (by or story.cast.coordinator).actor
    judge_achievability(problem, word=word, reason=reason, actor=actor)
    return running(problem)["rectification"]


def test_the_light_follows_the_judgment_and_says_so(story):
    problem = story.rectifying()
    assert judged(story, problem).light == "orange"
    assert "整改办判断不能按期" in lights_for([problem])[problem.pk].because
    (event,) = events(problem, "deadlines.judge_achievability")
    assert "设备" not in str(event)


def test_a_good_word_takes_a_bad_one_back_and_no_more(story):
    problem = story.rectifying()
    judged(story, problem)
    assert judged(story, problem, "on_time").light == "green"
    story.clock.go_on(118)
    assert judged(story, problem, "on_time").light == "orange"


def test_an_approved_later_day_forgets_what_was_said_of_the_earlier(story):
    problem = story.rectifying()
    judged(story, problem)
    row = running(problem)["rectification"]
    from bihuan.rectification import actions as do

    asked = do.ask_extension(
        problem,
        new_deadline=row.due + dt.timedelta(days=30),
        reason="汛期停工。",
        new_plan="汛后复工。",
        actor=story.cast.liaison.actor,
    )
    story.decide(asked.approval)
    row = running(problem)["rectification"]
    assert (row.office_word, row.office_word_on, row.light) == ("", None, "blue")


@pytest.mark.parametrize(
    ("by", "error"), [("handler", NotAllowed), ("outsider", NotVisible), ("acceptor", NotVisible)]
)
def test_only_the_office_judges(story, by, error):
    problem = story.rectifying()
    with pytest.raises(error):
        judged(story, problem, by=getattr(story.cast, by))


def test_a_word_nobody_knows_and_a_missing_reason_are_refused(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="没有"):
        judged(story, problem, "perhaps")
    with pytest.raises(Refused, match="理由"):
        judged(story, problem, reason=" ")


def test_a_clock_that_does_not_run_is_not_judged(story):
    with pytest.raises(Refused, match="没有整改时限"):
        judged(story, story.proposed()[0])


@pytest.mark.usefixtures("uncollected_static")
def test_the_form(story, client_as):
    problem = story.rectifying()
    address = reverse("deadlines:judge", args=[problem.pk])
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.handler).get(address).status_code == 403
    office = client_as(story.cast.coordinator)
    assert "能否按期" in office.get(address).content.decode()
    assert office.post(address, {"word": "at_risk", "reason": "资金未到位。"}).status_code == 302
    assert running(problem)["rectification"].light == "yellow"
