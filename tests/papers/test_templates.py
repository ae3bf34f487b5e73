"""The words of a place: made, used from their day, ended, and refused where they name what is not there."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.errors import NotAllowed, Refused
from bihuan.papers import actions
from bihuan.papers.models import PaperTemplate
from tests.papers.conftest import drafted, enact, fresh

pytestmark = pytest.mark.django_db


def test_a_places_own_words_are_used_from_their_day_and_can_end(story):
    problem = story.rectifying()
    old = drafted(story, problem)
    template = enact(story)
    own = drafted(story, problem)
    assert own.text == "我们自己的话：市水务局。"
    assert (own.template, old.template) == (template, None)
    assert fresh(old).text == old.text
    actions.withdraw_template(template, reason="不合用。", actor=story.cast.reviewer.actor)
    assert drafted(story, problem).text == old.text


def test_the_newest_words_hold(story):
    enact(story)
    second = enact(story, body="第二版。")
    assert second.version == 2
    assert drafted(story, story.rectifying()).text == "第二版。"


@pytest.mark.parametrize("body", ["{{密码}}", "{{牵头单位", "{{ ''.__class__ }}", "{{牵头单位.path}}", "   "])
def test_words_with_unknown_places_are_refused_naming_those_there_are(story, body):
    with pytest.raises(Refused) as refusal:
        enact(story, body=body)
    assert refusal.value.field == "body" or not body.strip()
    if body.strip():
        assert "牵头单位" in str(refusal.value.accepted)
    assert not PaperTemplate.objects.exists()


def test_only_the_office_of_the_place_makes_its_words(story):
    with pytest.raises(NotAllowed):
        actions.enact_template(
            kind="report",
            jurisdiction=story.cast.city,
            title="报",
            body="告",
            actor=story.cast.handler.actor,
        )
    with pytest.raises(NotAllowed):
        enact(story, jurisdiction=story.cast.other_county)


def test_no_words_from_the_past(story):
    with pytest.raises(Refused, match="从过去"):
        enact(story, valid_from=story.clock.today - dt.timedelta(days=1))
