"""Who decides on an extension or a suspension reads what is asked for, why, and how it will be kept; nobody else does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.rectification import actions as do
from tests.static_files import plain_static

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static")]
__all__ = ["plain_static"]


@pytest.fixture
def asked(story):
    problem = story.rectifying()
    new = problem.external_deadline + dt.timedelta(days=20)
    extension = do.ask_extension(
        problem, reason="雨季停工。", new_deadline=new, new_plan="七月完工。", actor=story.cast.handler.actor
    )
    suspension = do.ask_suspension(
        problem,
        reason="涉诉未决。",
        resume_by=story.clock.today + dt.timedelta(days=9),
        actor=story.cast.handler.actor,
    )
    return {"extension": extension, "suspension": suspension}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("extension", ("雨季停工。", "七月完工。", "2026-06-30", "2026-07-20")),
        ("suspension", ("涉诉未决。", "2026-03-11")),
    ],
)
def test_the_decision_shows_what_is_asked_for(story, client_as, asked, kind, words):
    page = reverse(f"rectification:{kind}", args=[asked[kind].pk])
    client = client_as(story.cast.reviewer)
    decision = client.get(reverse("approvals:detail", args=[asked[kind].approval_id])).content.decode()
    assert f'hx-get="{page}"' in decision
    shown = client.get(page).content.decode()
    assert 'id="matter"' in shown
    assert [one for one in words if one not in shown] == []


@pytest.mark.parametrize("kind", ["extension", "suspension"])
def test_who_may_not(story, client_as, asked, kind):
    page = reverse(f"rectification:{kind}", args=[asked[kind].pk])
    assert client_as(story.cast.outsider).get(page).status_code == 404
    assert client_as(story.cast.county_handler).get(page).status_code == 404
    assert client_as(story.cast.handler).get(page).status_code == 200
    assert client_as(story.cast.handler).post(page).status_code == 405
    other = reverse(
        f"rectification:{kind}", args=[asked["extension" if kind == "suspension" else "suspension"].pk]
    )
    assert client_as(story.cast.handler).get(other).status_code == 404
