"""From a signed-in account to the actor: own posts, stand-ins, switching."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations import actions
from bihuan.organizations.acting import actor_for, posts_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def on_day(day):
    return timesource.at(dt.datetime.combine(day, dt.time(4), dt.UTC))


def entrust(cast, post, person, days=3):
    return actions.appoint_stand_in(
        post, person=person, since=today(), last_day=today() + days * DAY, reason="出差", actor=cast.system
    )


def test_actor_names_person_post_and_unit(cast):
    actor = actor_for(cast.handler.person)
    assert (actor.person_name, actor.post_name, actor.unit_name) == ("许诺", "市水务局经办人", "市水务局")


def test_actor_for_an_account_is_its_persons(cast, open_account):
    assert actor_for(open_account(cast.handler)).person == cast.handler.person.pk


def test_nobody_acts_in_a_post_of_others(cast):
    with pytest.raises(NotAllowed):
        actor_for(cast.handler.person, cast.liaison.post)


def test_stand_in_acts_on_behalf_of_the_holder(cast):
    entrust(cast, cast.handler.post, cast.liaison.person)
    actor = actor_for(cast.liaison.person, cast.handler.post)
    assert (actor.post, actor.on_behalf_of) == (cast.handler.post.pk, cast.handler.person.pk)


def test_stand_in_for_another_than_named_is_refused(cast):
    entrust(cast, cast.handler.post, cast.liaison.person)
    with pytest.raises(NotAllowed):
        actor_for(cast.liaison.person, cast.handler.post, on_behalf_of=cast.deputy.person)


def test_own_posts_come_before_those_stood_in_for(cast):
    entrust(cast, cast.handler.post, cast.liaison.person)
    assert posts_of(cast.liaison.person, today()) == [cast.liaison.post, cast.handler.post]


def test_stand_in_holds_on_its_last_day(cast):
    entrust(cast, cast.handler.post, cast.liaison.person, days=3)
    assert cast.handler.post in posts_of(cast.liaison.person, today() + 3 * DAY)


def test_stand_in_is_over_on_the_day_after(cast):
    entrust(cast, cast.handler.post, cast.liaison.person, days=3)
    assert cast.handler.post not in posts_of(cast.liaison.person, today() + 4 * DAY)


def test_who_left_the_post_no_longer_acts_in_it(cast):
    actions.end_tenure(cast.handler.post, actor=cast.system)
    assert posts_of(cast.handler.person, today()) == []


def test_a_person_without_a_post_is_signed_in_and_no_more(cast):
    actions.end_tenure(cast.handler.post, actor=cast.system)
    actor = actor_for(cast.handler.person)
    assert (actor.person, actor.post, actor.unit) == (cast.handler.person.pk, None, None)


def test_a_closed_post_is_no_seat(cast):
    with on_day(today() + DAY):
        actions.end_tenure(cast.subordinate.post, actor=cast.system)
        actions.close_post(cast.subordinate.post, actor=cast.system)
        assert posts_of(cast.subordinate.person, today()) == []


def test_the_request_carries_the_actor(cast, client_as):
    response = client_as(cast.handler).get("/favicon.ico")
    assert response.wsgi_request.actor == cast.handler.actor


def test_nobody_acts_in_an_anonymous_request(cast, client):
    request = client.get("/favicon.ico").wsgi_request
    assert (request.actor, request.post_in_use, request.seats) == (None, None, [])


def test_switching_changes_the_post_in_use(cast, client_as):
    entrust(cast, cast.handler.post, cast.liaison.person)
    client = client_as(cast.liaison)
    client.post("/organizations/post/", {"post": str(cast.handler.post.pk)})
    assert client.get("/favicon.ico").wsgi_request.actor.on_behalf_of == cast.handler.person.pk


def test_switching_to_a_post_of_others_is_refused(cast, client_as):
    response = client_as(cast.liaison).post("/organizations/post/", {"post": str(cast.handler.post.pk)})
    assert response.status_code == 403


def test_switching_is_never_a_get(cast, client_as):
    assert client_as(cast.liaison).get("/organizations/post/").status_code == 405


def test_who_has_left_is_no_longer_anybody(cast, client_as):
    client = client_as(cast.handler)
    actions.end_tenure(cast.handler.post, actor=cast.system)
    actions.depart(cast.handler.person, actor=cast.system)
    assert client.get("/favicon.ico").wsgi_request.actor is None
