"""催签: a message each, once a day, in the history of every problem pressed for."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from bihuan.journal.action import Actor, NotAllowed, NotVisible, Refused, action, current, system_only
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Problem
from bihuan.messages.models import Message
from bihuan.rectification import actions as do
from bihuan.rectification import queries
from bihuan.rectification.models import Pressing
from tests.organizations.cast import THE_SYSTEM
from tests.rectification.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def told(player):
    return list(
        Message.objects.filter(to_person=player.person.pk, kind="rectification.pressed").values_list(
            "count", flat=True
        )
    )


def test_who_receives_for_the_unit_and_its_heads_are_told_once(story):
    problems = story.assigned(3)
    do.press(problems, actor=story.cast.coordinator.actor)
    assert [told(player) for player in (story.cast.liaison, story.cast.handler, story.cast.principal)] == [
        [1], [1], [1],
    ]  # fmt: skip
    assert told(story.cast.sector_handler) == []
    verbs = JournalEvent.objects.filter(stream__in=[p.pk for p in problems], verb="rectification.press")
    assert verbs.count() == 3


def test_once_a_day_and_again_the_next(story, clock):
    one, two = story.assigned(2)
    do.press([one], actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="已经催签过"):
        do.press([one], actor=story.cast.reviewer.actor)
    # What is new today is pressed, but the unit is not told a second time.
    do.press([one, two], actor=story.cast.coordinator.actor)
    assert told(story.cast.liaison) == [1]
    assert Pressing.objects.count() == 2
    clock.go_on(1)
    do.press([one, two], actor=story.cast.coordinator.actor)
    assert told(story.cast.liaison) == [2]
    assert Pressing.objects.count() == 4


@action("tests.press_twice", may=system_only)
def press_twice(problem: Problem, *, actor: Actor) -> None:
    """The row itself, past the check of the verb."""
    Pressing.objects.create(
        problem=problem, unit=problem.lead_unit, pressed_by=problem.pk, pressed_on=current().today
    )


def test_the_database_holds_once_a_day(story):
    (problem,) = story.assigned()
    do.press([problem], actor=story.cast.coordinator.actor)
    with pytest.raises(IntegrityError, match="pressed_once_a_day"):
        press_twice(problem, actor=THE_SYSTEM)


def test_what_was_acknowledged_is_not_pressed_for(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    with pytest.raises(Refused, match="不在等待签收"):
        do.press(fresh([problem]), actor=story.cast.coordinator.actor)
    assert not queries.to_press(story.cast.coordinator.actor).exists()


def test_only_the_office_presses(story):
    problems = story.assigned()
    with pytest.raises(NotAllowed):
        do.press(problems, actor=story.cast.handler.actor)
    with pytest.raises(NotVisible):
        do.press(problems, actor=story.cast.outsider.actor)


def test_the_form_presses_all_and_says_when_nobody_is_left(story, client_as):
    story.assigned(2)
    client, address = client_as(story.cast.coordinator), reverse("rectification:press")
    assert "市水务局：2 件未签收" in client.get(address).content.decode()
    assert client.post(address, {}).url == reverse("desk:wall")
    assert Pressing.objects.count() == 2
    assert client.post(address, {}).status_code == 302
    assert Pressing.objects.count() == 2


@pytest.mark.parametrize(("player", "status"), [("handler", 404), ("outsider", 404), ("log_auditor", 404)])
def test_for_others_there_is_no_form(story, client_as, player, status):
    story.assigned()
    assert client_as(getattr(story.cast, player)).get(reverse("rectification:press")).status_code == status
