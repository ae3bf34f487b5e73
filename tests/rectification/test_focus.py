"""重点问题清单: put on with a sponsor and a reason, taken off by who put it on or above, proposed by policy."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.ledger.models import Involvement
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from bihuan.rectification.focus import proposed_for
from bihuan.rectification.focus_rules import Entry, Taker, may_take_off
from bihuan.rectification.models import FocusEntry
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def put_on(story, *problems, by=None, **more):
    facts = {"sponsor": story.cast.decider.post, "reason": "群众反映强烈、久拖不决。"}
    do.put_on_focus(list(problems), **(facts | more), actor=(by or story.cast.coordinator).actor)


def take_off(story, *problems, by):
    do.take_off_focus(list(problems), reason="已基本解决。", actor=by.actor)


def test_put_on_names_the_sponsor_who_sees_the_problem_from_then_on(story):
    problem = story.assigned()[0]
    put_on(story, problem)
    entry = FocusEntry.objects.get()
    assert (entry.sponsor, entry.put_by_name, entry.rank) == (story.cast.decider.post, "林晓", 1)
    assert fresh([problem])[0].sponsor == story.cast.decider.post
    assert Involvement.objects.filter(problem=problem, role="sponsor", until=None).count() == 1
    with pytest.raises(Refused, match="已在重点问题清单上"):
        put_on(story, fresh([problem])[0])


def test_another_sponsor_takes_the_place_of_the_first(story):
    problem = story.assigned()[0]
    put_on(story, problem)
    take_off(story, fresh([problem])[0], by=story.cast.coordinator)
    put_on(story, fresh([problem])[0], sponsor=story.cast.mayor.post)
    standing = Involvement.objects.get(problem=problem, role="sponsor", until=None)
    assert standing.post == story.cast.mayor.post


def test_without_sponsor_or_reason_or_when_ended_it_is_refused(story):
    problem = story.assigned()[0]
    with pytest.raises(Refused, match="还没有包抓领导"):
        put_on(story, problem, sponsor=None)
    with pytest.raises(Refused, match="列入理由"):
        put_on(story, problem, reason=" ")
    ended = story.under_review()
    story.close(ended)
    with pytest.raises(Refused, match="已经办结"):
        put_on(story, fresh([ended])[0])
    assert not FocusEntry.objects.exists()


@pytest.mark.parametrize(
    ("put_by", "taken_by", "may"),
    [
        ("coordinator", "coordinator", True),
        ("coordinator", "reviewer", True),
        ("coordinator", "mayor", True),
        ("reviewer", "coordinator", False),
        ("reviewer", "decider", True),
        ("mayor", "reviewer", False),
        ("mayor", "decider", False),
        ("mayor", "mayor", True),
        ("coordinator", "principal", False),
    ],
)
def test_only_who_put_it_on_or_above_takes_it_off(story, put_by, taken_by, may):
    problem = story.assigned()[0]
    put_on(story, problem, by=getattr(story.cast, put_by))
    if may:
        take_off(story, fresh([problem])[0], by=getattr(story.cast, taken_by))
        assert FocusEntry.objects.get().until == story.clock.today
    else:
        with pytest.raises(NotAllowed):
            take_off(story, fresh([problem])[0], by=getattr(story.cast, taken_by))
        assert FocusEntry.objects.get().until is None


def test_outsiders_learn_nothing_and_units_may_not(story, client_as):
    problem = story.assigned()[0]
    with pytest.raises(NotVisible):
        put_on(story, problem, by=story.cast.outsider)
    with pytest.raises(NotAllowed):
        put_on(story, problem, by=story.cast.handler)
    address = reverse("rectification:put_on_focus") + f"?pick={problem.pk}"
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.handler).get(address).status_code == 403
    assert client_as(story.cast.coordinator).get(address).status_code == 200
    off = reverse("rectification:take_off_focus") + f"?pick={problem.pk}"
    assert client_as(story.cast.outsider).get(off).status_code == 404
    assert client_as(story.cast.coordinator).get(off).status_code == 200


def test_policy_proposes_with_its_why_and_a_more_special_rule_may_say_no(story):
    problem = story.assigned()[0]
    assert proposed_for(story.cast.coordinator.actor, story.cast.city) == []
    rule = {
        "code": "focus",
        "jurisdiction": story.cast.city,
        "reason": "本市巡察问题都列入。",
        "actor": story.cast.coordinator.actor,
    }
    enact(body={"propose": True}, source="city_party_inspection", **rule)
    (one,) = proposed_for(story.cast.coordinator.actor, story.cast.city)
    assert one.problem == problem
    assert one.why == "规则第 1 版：市委巡察列入"
    enact(body={"propose": False}, source="city_party_inspection", grade="major", **rule)
    assert proposed_for(story.cast.coordinator.actor, story.cast.city) == []


def test_what_is_on_the_list_is_not_proposed_again(story):
    problem = story.assigned()[0]
    enact(
        code="focus",
        jurisdiction=story.cast.city,
        body={"propose": True},
        reason="全部列入。",
        actor=story.cast.coordinator.actor,
    )
    assert len(proposed_for(story.cast.coordinator.actor, story.cast.city)) == 1
    put_on(story, problem)
    assert proposed_for(story.cast.coordinator.actor, story.cast.city) == []


people = st.uuids()
ranks = st.integers(0, 3)


@given(put=st.tuples(people, people), rank=st.integers(1, 3), taker=st.tuples(people, people), height=ranks)
def test_nobody_of_equal_or_lower_rank_undoes_anothers_entry(put, rank, taker, height):
    person, post = put
    entry = Entry(person=person, post=post, rank=rank)
    if taker[0] != person and taker[1] != post:
        someone = Taker(person=taker[0], post=taker[1], rank=height)
        assert may_take_off(entry, someone) == (height > rank)
    assert may_take_off(entry, Taker(person=person, post=None, rank=rank))
    assert not may_take_off(entry, Taker(person=person, post=post, rank=0))
    assert may_take_off(entry, Taker(person=uuid.uuid4(), post=None, rank=0, from_above=True))
