"""The to-do feed: counts, numbers, links and days of what waits for the key's post; signed, and cheap to ask again."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse

from bihuan.deadlines.models import Clock, ClockKind
from bihuan.exchange.todo import DOMAIN
from bihuan.journal.checkpoints import public_key
from bihuan.ledger import actions as ledger
from tests.exchange.test_api import key_of
from tests.rectification.conftest import clock, story
from tests.reviews.calls import draft_of, issue

__all__ = ["clock", "story"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
TODO = "/api/todo"


@pytest.fixture
def key(story):
    """A key of a player, good for the whole story."""
    return key_of


def asked(headers, query="", **more):
    return Client().get(f"{TODO}{query}", **headers, **more)


def kinds_of(answer):
    return {one["kind"]: one for one in answer.json()["kinds"]}


def test_a_handler_sees_what_waits_with_number_link_and_day(story, key):
    problems = story.proposed(2)
    story.issue(problems)
    answer = asked(key(story.cast.handler))
    found = kinds_of(answer)["acknowledge"]
    assert (answer.status_code, found["count"], found["exact"], found["link"]) == (
        200,
        2,
        True,
        f"{reverse('desk:home')}#queue-acknowledge",
    )
    assert {(one["number"], one["link"]) for one in found["items"]} == {
        (problem.problem_no, reverse("desk:problem", args=[problem.pk])) for problem in problems
    }
    days = Clock.objects.filter(problem__in=problems, kind=ClockKind.ACKNOWLEDGE).values_list(
        "due", flat=True
    )
    assert {one["due"] for one in found["items"]} == {day.isoformat() for day in days}


def test_no_word_of_a_case_is_in_it(story, key):
    story.issue(story.proposed())
    order = story.order(story.proposed())
    for player in (story.cast.handler, story.cast.reviewer, story.cast.coordinator):
        text = asked(key(player)).content.decode()
        assert not any(words in text for words in ("漏损率", "督查发现", "市水务局", order.title))


def test_every_field_is_one_that_may_be_told(story, key):
    story.issue(story.proposed())
    sent = asked(key(story.cast.handler)).json()
    assert set(sent) == {"format", "of", "post", "unit", "site", "made_at", "kinds"}
    for kind in sent["kinds"]:
        assert set(kind) == {"kind", "label", "count", "exact", "link", "items"}
        assert all(set(item) == {"number", "link", "due"} for item in kind["items"])


def test_a_decision_waits_for_the_post_and_not_for_its_unit(story, key):
    story.order(story.proposed())
    headers = key(story.cast.reviewer)
    mine = kinds_of(asked(headers))
    assert (mine["decide"]["count"], mine["decide"]["items"][0]["number"]) == (1, "")
    assert "decide" not in kinds_of(asked(headers, "?of=unit"))
    assert asked(headers, "?of=everybody").status_code == 422


def test_what_waits_elsewhere_is_not_told(story, key):
    story.issue(story.proposed())
    assert asked(key(story.cast.outsider)).json()["kinds"] == []


def test_what_runs_in_a_restricted_channel_is_left_out_even_for_its_members(story, key, client_as):
    cast = story.cast
    channel = ledger.create_channel(
        jurisdiction=cast.city, code="zx1", name="专线一", number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.channel_keeper.post, actor=cast.channel_keeper.actor,
    )  # fmt: skip
    for player in (cast.coordinator, cast.reviewer, cast.decider, cast.handler):
        ledger.admit(channel, post=player.post, actor=cast.channel_keeper.actor)
    hidden = story.register(channel=channel)
    story.propose(hidden)
    story.issue([hidden])
    assert hidden.problem_no in client_as(cast.handler).get(reverse("desk:home")).content.decode()
    answer = asked(key(cast.handler))
    assert (answer.json()["kinds"], hidden.problem_no in answer.content.decode()) == ([], False)


def test_the_signature_holds_for_this_body_and_no_other(story, key):
    story.issue(story.proposed())
    answer = asked(key(story.cast.handler))
    signature = base64.b64decode(answer["X-Bihuan-Signature"])
    known = Ed25519PublicKey.from_public_bytes(public_key())
    assert answer["X-Bihuan-Key"] == public_key().hex()
    known.verify(signature, DOMAIN + answer.content)
    for forged in (answer.content, DOMAIN + answer.content.replace(b'"count":1', b'"count":0')):
        with pytest.raises(InvalidSignature):
            known.verify(signature, forged)


def test_asking_again_costs_nothing_until_something_changes(story, key):
    story.issue(story.proposed())
    headers = key(story.cast.handler)
    first = asked(headers)
    again = asked(headers, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    story.clock.go_on(1)
    assert json.loads(asked(headers).content)["made_at"] != first.json()["made_at"]
    story.issue(story.proposed())
    changed = asked(headers, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_without_a_key_nothing_is_told(story):
    assert Client().get(TODO).status_code == 401
    assert Client().get(TODO, HTTP_AUTHORIZATION="Bearer nonsense").status_code == 401


def test_it_is_only_read(story, key):
    assert Client().post(TODO, **key(story.cast.handler)).status_code == 405


def test_it_asks_few_questions_however_much_waits(story, key, django_assert_max_num_queries):
    headers = key(story.cast.coordinator)
    story.issue(story.proposed(3))
    with django_assert_max_num_queries(30):
        asked(headers)


def test_a_monthly_call_waits_for_the_unit_with_its_day(story, key):
    story.rectifying()
    review = issue(draft_of(story), story)
    (item,) = kinds_of(asked(key(story.cast.handler)))["reviews"]["items"]
    assert (item["link"], item["due"]) == (
        reverse("reviews:sheet", args=[review.sheets.get().pk]),
        review.due_on.isoformat(),
    )
