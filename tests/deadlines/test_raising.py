"""A light made worse by hand."""

from __future__ import annotations

import pytest

from bihuan.deadlines.actions import raise_light
from bihuan.deadlines.queries import lights_for
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from tests.deadlines.reading import events, running

pytestmark = pytest.mark.django_db


def raised(story, problem, to="orange", *, by=None, kind="rectification", reason="领导批示限期办结。"):
    actor = (by or story.cast.coordinator).actor
    raise_light(problem, kind=kind, to=to, reason=reason, actor=actor)
    return running(problem)[kind]


def test_the_office_makes_a_light_worse_for_a_reason(story):
    (problem,) = story.assigned()
    assert raised(story, problem).light == "orange"
    assert "橙灯" in lights_for([problem])[problem.pk].because


def test_the_reason_lies_beside_the_chain(story):
    (problem,) = story.assigned()
    raised(story, problem)
    (event,) = events(problem, "deadlines.raise_light")
    assert "领导批示" not in str(event)
    assert event["sealed"]["why"]


def test_it_is_never_made_better_by_hand(story):
    (problem,) = story.assigned()
    raised(story, problem, "red")
    with pytest.raises(Refused, match="只能升级"):
        raised(story, problem, "blue")


def test_a_reason_is_needed(story):
    (problem,) = story.assigned()
    with pytest.raises(Refused, match="理由"):
        raised(story, problem, reason=" ")


def test_a_reason_is_no_essay(story):
    (problem,) = story.assigned()
    with pytest.raises(Refused, match="太长"):
        raised(story, problem, reason="批" * 301)


def test_a_clock_that_does_not_run_has_no_light_to_raise(story):
    (problem,) = story.assigned()
    with pytest.raises(Refused):
        raised(story, problem, kind="notice")


@pytest.mark.parametrize("to", ["off", "purple"])
def test_only_lights_can_be_shown(story, to):
    (problem,) = story.assigned()
    with pytest.raises(Refused, match="没有这种灯"):
        raised(story, problem, to)


def test_the_unit_does_not_raise_its_own_light(story):
    (problem,) = story.assigned()
    with pytest.raises(NotAllowed):
        raised(story, problem, by=story.cast.handler)


def test_an_outsider_does_not_even_learn_of_the_problem(story):
    (problem,) = story.assigned()
    with pytest.raises(NotVisible):
        raised(story, problem, by=story.cast.outsider)
