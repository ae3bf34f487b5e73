"""A task goes back to whoever handed it down, with its reason; what it had to hand over goes down whole."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.evidence_needs import gaps
from bihuan.rectification.models import Measure
from bihuan.rectification.offers import offers_for
from bihuan.rectification.queries import my_measures
from bihuan.rectification.rules import carried_down, items_of, kept_by_the_whole
from tests.rectification.conftest import fresh
from tests.rectification.test_planned_work import hand_down
from tests.static_files import plain_static

__all__ = ["plain_static"]


def handed(story, **more):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    child = hand_down(story, measure, story.cast.station, **more)
    return fresh([problem])[0], measure, child


def give_back(story, child, by=None, reason="没有施工资质，建议由市水务局自办"):
    do.give_back(child, reason=reason, actor=(by or story.cast.subordinate).actor)


@pytest.mark.django_db
def test_a_returned_task_is_its_givers_work_again(story):
    problem, measure, child = handed(story)
    story.report(problem, measure=child, percent=30, by=story.cast.subordinate)
    give_back(story, child)
    child.refresh_from_db()
    assert (child.state, child.returned_on) == ("returned", story.clock.today)
    assert "施工资质" in child.returned_because
    assert [one.pk for one in story.measures(problem)] == [measure.pk]
    assert measure in my_measures(story.cast.handler.actor)
    story.report(fresh([problem])[0], measure=measure, percent=100)
    assert fresh([problem])[0].progress == 100
    assert [found for name in partitions() for found in verify_partition(name).found] == []


@pytest.mark.django_db
def test_a_returned_task_is_worked_on_no_more(story):
    problem, _measure, child = handed(story)
    give_back(story, child)
    child.refresh_from_db()
    with pytest.raises(Refused, match="已经退回上级"):
        story.report(fresh([problem])[0], measure=child, by=story.cast.subordinate)
    with pytest.raises(Refused, match="已经退回上级"):
        give_back(story, child)
    with pytest.raises(Refused, match="已经退回上级"):
        hand_down(story, child, story.cast.station)


@pytest.mark.django_db
def test_what_follows_a_return_has_a_number_of_its_own(story):
    _problem, measure, child = handed(story)
    give_back(story, child)
    assert hand_down(story, Measure.objects.get(pk=measure.pk), story.cast.station).number == "1.2"


@pytest.mark.django_db
def test_only_the_unit_itself_returns_its_task(story):
    _problem, measure, child = handed(story)
    with pytest.raises(NotAllowed, match="不是交给您所在单位"):
        give_back(story, child, by=story.cast.handler)
    with pytest.raises(NotVisible):
        give_back(story, child, by=story.cast.outsider)
    with pytest.raises(Refused, match="不是上级交下来的"):
        give_back(story, measure, by=story.cast.handler)
    with pytest.raises(Refused, match="理由"):
        give_back(story, child, reason="  ")


@pytest.mark.django_db
def test_a_task_that_is_done_is_not_returned(story):
    problem, _measure, child = handed(story)
    story.report(problem, measure=child, by=story.cast.subordinate)
    with pytest.raises(Refused, match="不在进行中"):
        give_back(story, child)


@pytest.mark.django_db
def test_a_task_handed_on_is_returned_from_below(story):
    _problem, _measure, child = handed(story)
    section = organizations.create_unit(
        name="管网班",
        code="CREW",
        kind="section",
        level=3,
        parent=story.cast.station,
        actor=story.cast.system,
    )
    hand_down(story, child, section, by=story.cast.subordinate)
    with pytest.raises(Refused, match="下面还没有退回"):
        give_back(story, child)


@pytest.mark.django_db
def test_it_is_offered_to_the_unit_and_done_in_its_form(story, client_as):
    problem, _measure, child = handed(story)
    offers = {one.verb: one for one in offers_for(story.cast.subordinate.actor, problem)}
    assert not offers["rectification.give_back"].why_not
    others = {one.verb: one for one in offers_for(story.cast.handler.actor, problem)}
    assert "没有上级交给" in others["rectification.give_back"].why_not
    page = reverse("rectification:give_back", args=[problem.pk])
    client = client_as(story.cast.subordinate)
    assert client.get(page).status_code == 200
    answer = client.post(page, {"measure": str(child.pk), "reason": "没有资质"})
    assert answer.status_code == 302
    assert Measure.objects.get(pk=child.pk).state == "returned"
    assert client_as(story.cast.outsider).get(page).status_code == 404


# ---- to a person of one's own unit ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_goes_to_a_person_of_the_own_unit_once(story):
    (measure,) = story.measures(story.rectifying())
    post = story.cast.handler.post
    child = hand_down(story, measure, story.cast.water, post=post)
    assert (child.unit, child.post) == (story.cast.water, post)
    assert str(story.cast.handler.person.pk) in child.implemented_by
    with pytest.raises(Refused, match="不能交回去"):
        hand_down(story, child, story.cast.water, post=post)
    with pytest.raises(Refused, match="不能交回去"):
        hand_down(story, measure, story.cast.water)


# ---- deliverables ---------------------------------------------------------------------------------------------------

items = st.lists(st.sampled_from(["竣工图", "照片", "检测报告", "台账"]), max_size=4)
written = items.map("、".join)


@given(st.lists(written, min_size=1, max_size=6))
def test_no_deliverable_is_dropped_on_any_way_down(steps):
    carried = steps[0]
    for own in steps[1:]:
        above, carried = carried, carried_down(carried, own)
        assert set(items_of(above)) | set(items_of(own)) == set(items_of(carried))
    assert len(items_of(carried)) == len(set(items_of(carried)))


@given(written, st.lists(written, max_size=4))
def test_what_no_part_hands_over_stays_with_the_whole(deliverable, below):
    left = set(items_of(kept_by_the_whole(deliverable, below)))
    given_below = {item for one in below for item in items_of(one)}
    assert left == set(items_of(deliverable)) - given_below


@pytest.mark.django_db
def test_a_task_hands_over_what_its_measure_does_and_more(story):
    _problem, _measure, child = handed(story, deliverable="竣工图，竣工验收资料")
    assert child.deliverable == "竣工验收资料、竣工图"


@pytest.mark.django_db
def test_what_was_planned_for_the_whole_is_still_asked_for(story):
    part = story.draft(text="更换北城管网", deliverable="北城竣工图")
    problem = story.rectifying(story.draft(parts=(part,)))
    assert [gap.number for gap in gaps(problem)] == ["1", "1.1"]
    whole = next(one for one in story.measures(problem) if one.number == "1")
    story.prove(problem, measures=[whole])
    assert [gap.number for gap in gaps(problem)] == ["1.1"]
