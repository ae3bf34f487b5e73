"""The pages of looking back: who sees them, and what they can do there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.lookback.models import Lookback
from bihuan.lookback.offers import offers_for
from bihuan.lookback.queries import due_lookbacks
from tests.lookback.conftest import closed, days, look, sent, waiting
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db
LIST = "/lookback/"


@pytest.fixture(autouse=True)
def found_static_files(settings):
    """Static files come from the finders here, not from a folder that deployment collects."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def page(name: str, row) -> str:
    return reverse(f"lookback:{name}", args=[row.pk])


def offered(player, problem) -> set[str]:
    return {offer.verb.value for offer in offers_for(player.actor, problem) if not offer.why_not}


def test_an_empty_list_says_what_will_come(story, client_as):
    answer = client_as(story.cast.coordinator).get(LIST)
    assert "没有到期的回头看" in answer.content.decode()


@pytest.mark.parametrize("show", ["due", "unsent", "waiting", "done", "nonsense"])
def test_every_pile_opens(story, client_as, show):
    closed(story)
    assert client_as(story.cast.coordinator).get(LIST, {"show": show}).status_code == 200


def test_the_list_shows_only_what_one_sees(story, client_as):
    problem = closed(story)
    for player, seen in ((story.cast.coordinator, True), (story.cast.outsider, False)):
        answer = client_as(player).get(LIST, {"show": "waiting"}).content.decode()
        assert (problem.problem_no in answer) is seen


def test_a_strangers_address_leads_nowhere(story, client_as):
    row = waiting(closed(story))
    client = client_as(story.cast.outsider)
    for name in ("detail", "assign", "hold", "rebound"):
        assert client.get(page(name, row)).status_code == 404


def test_the_office_sends_a_unit_to_all_it_ticked(story, client_as):
    rows = [waiting(closed(story)) for _ in range(2)]
    client = client_as(story.cast.coordinator)
    address = reverse("lookback:assign_several") + "?" + "&".join(f"pick={row.pk}" for row in rows)
    form = client.get(address).content.decode()
    assert all(row.problem.problem_no in form for row in rows)
    assert client.post(address, {"unit": str(story.cast.audit.pk), "due_on": ""}).status_code == 302
    assert {waiting(row.problem).inspector_unit for row in rows} == {story.cast.audit}


def test_only_units_with_an_inspector_are_offered(story, client_as):
    row = waiting(closed(story))
    form = client_as(story.cast.coordinator).get(page("assign", row)).content.decode()
    assert str(story.cast.audit.pk) in form
    assert str(story.cast.data.pk) not in form


def test_the_inspector_reports_what_was_seen(story, client_as):
    problem = closed(story)
    row = sent(story, problem)
    client = client_as(story.cast.inspector)
    assert "成效保持" in client.get(page("detail", row)).content.decode()
    data = {"on": story.clock.today.isoformat(), "opinion": "漏损率百分之八，没有反弹。", "covert": "on"}
    answer = client.post(page("hold", row), data)
    assert answer.status_code == 302
    assert "漏损率百分之八" in client.get(answer["Location"]).content.decode()


def test_a_refusal_keeps_what_was_typed(story, client_as):
    row = sent(story, closed(story))
    data = {"on": (story.clock.today + days(5)).isoformat(), "opinion": "管网又漏。"}
    answer = client_as(story.cast.inspector).post(page("rebound", row), data)
    assert answer.status_code in {409, 422}
    assert "管网又漏。" in answer.content.decode()
    assert "日期不对" in answer.content.decode()


def test_pressing_twice_rebounds_once(story, client_as):
    problem = closed(story)
    row = sent(story, problem)
    data = {"on": story.clock.today.isoformat(), "opinion": "管网又漏。", "idempotency_key": "pressed-twice"}
    client = client_as(story.cast.inspector)
    for _ in range(2):
        assert client.post(page("rebound", row), data).status_code == 302
    assert fresh([problem])[0].round == 2


def test_the_office_may_not_open_the_form_of_the_inspector(story, client_as):
    row = sent(story, closed(story))
    assert client_as(story.cast.coordinator).get(page("hold", row)).status_code == 403


def test_one_more_look_is_asked_for_on_the_problem(story, client_as):
    problem = closed(story)
    look(story, sent(story, problem))
    story.clock.go_on(365)
    look(story, sent(story, problem))
    client = client_as(story.cast.coordinator)
    data = {"due_on": story.clock.today.isoformat(), "reason": "群众来信反映复漏。"}
    assert client.post(reverse("lookback:open", args=[problem.pk]), data).status_code == 302
    assert waiting(problem).due_on == story.clock.today


def test_each_is_offered_what_is_theirs(story):
    problem = closed(story)
    assert offered(story.cast.coordinator, problem) == {"lookback.assign_lookback"}
    assert offered(story.cast.handler, problem) == set()
    sent(story, problem)
    assert offered(story.cast.inspector, problem) == {"lookback.hold", "lookback.rebound"}


def test_an_open_problem_is_offered_nothing_here(story):
    assert offers_for(story.cast.coordinator.actor, story.rectifying()) == []


def test_what_waits_for_whom(story):
    problem = closed(story)
    story.clock.go_on(90)
    assert [row.problem for row in due_lookbacks(story.cast.coordinator.actor)] == [problem]
    assert not due_lookbacks(story.cast.inspector.actor).exists()
    sent(story, problem)
    assert not due_lookbacks(story.cast.coordinator.actor).exists()
    assert [row.problem for row in due_lookbacks(story.cast.inspector.actor)] == [problem]


def test_the_list_goes_on_page_by_page(story, monkeypatch):
    from bihuan.lookback import pages
    from bihuan.lookback.queries import Slice

    for _ in range(3):
        closed(story)
    monkeypatch.setattr(pages, "PAGE", 2)
    first = pages.page_of_list(story.cast.coordinator.actor, Slice.WAITING, "", "zh")["table"]
    cursor = first["pager"]["next_url"].partition("after=")[2]
    second = pages.page_of_list(story.cast.coordinator.actor, Slice.WAITING, cursor, "zh")["table"]
    shown = [row["id"] for table in (first, second) for row in table["rows"]]
    assert sorted(shown) == sorted(str(pk) for pk in Lookback.objects.values_list("pk", flat=True))
    assert second["pager"] == {"previous_url": "/lookback/?show=waiting", "next_url": ""}


def test_the_queries_of_the_list_do_not_grow_with_it(story):
    from bihuan.lookback import pages
    from bihuan.lookback.queries import Slice

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            pages.page_of_list(story.cast.coordinator.actor, Slice.WAITING, "", "zh")
        return len(captured)

    closed(story)
    alone = queries()
    closed(story)
    assert queries() == alone <= 14
