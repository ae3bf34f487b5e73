"""Raising a light on a page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.deadlines.offers import offers_for
from bihuan.rectification import actions as do
from tests.deadlines.reading import running

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.deadlines.addresses")]


@pytest.fixture(autouse=True)
def found_static_files(settings):
    """Static files come from the finders here, not from a folder that deployment collects."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def form_of(problem) -> str:
    return reverse("deadlines:raise_light", args=[problem.pk])


def test_the_office_raises_a_light(story, client_as):
    (problem,) = story.assigned()
    client = client_as(story.cast.coordinator)
    assert "整改" in client.get(form_of(problem)).content.decode()
    data = {"kind": "rectification", "to": "orange", "reason": "市长批示。"}
    assert client.post(form_of(problem), data).status_code == 302
    assert running(problem)["rectification"].light == "orange"


def test_a_light_already_on_is_refused_over_the_form(story, client_as):
    (problem,) = story.assigned()
    client = client_as(story.cast.coordinator)
    data = {"kind": "rectification", "to": "yellow", "reason": "市长批示。"}
    client.post(form_of(problem), data)
    answer = client.post(form_of(problem), data | {"reason": "再批示。"})
    assert answer.status_code in {409, 422}
    assert "再批示。" in answer.content.decode()


def test_the_unit_has_no_such_form(story, client_as):
    (problem,) = story.assigned()
    assert client_as(story.cast.handler).get(form_of(problem)).status_code == 403


def test_a_stranger_finds_nothing(story, client_as):
    (problem,) = story.assigned()
    assert client_as(story.cast.outsider).get(form_of(problem)).status_code == 404


def raising(actor, problem):
    return [offer for offer in offers_for(actor, problem) if offer.verb == "deadlines.raise_light"]


def test_it_is_offered_to_the_office_and_explained_to_others(story):
    (problem,) = story.assigned()
    (theirs,) = raising(story.cast.coordinator.actor, problem)
    (others,) = raising(story.cast.handler.actor, problem)
    assert not theirs.why_not
    assert "整改办" in str(others.why_not)


def test_nothing_is_offered_where_no_light_can_be_worse(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    story.clock.go_on(400)
    assert raising(story.cast.coordinator.actor, problem) == []
