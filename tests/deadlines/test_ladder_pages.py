"""The ladder on pages: the office's piles, the forms, one request, one determination, and where a problem stands."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.deadlines.ladder.panel import panel_of_ladder
from bihuan.deadlines.models import LadderRequest, LadderStep
from bihuan.deadlines.offers import offers_for
from bihuan.deadlines.queries import clocks_of
from bihuan.rectification import actions as do
from tests.deadlines.climbing import opened, overdue, proposed, rungs, sweep, taken
from tests.deadlines.test_pages import found_static_files
from tests.rectification.conftest import fresh

__all__ = ["found_static_files"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.deadlines.addresses")]
LIST = reverse("deadlines:proposals")


def late(story, count: int) -> list[LadderStep]:
    problems = story.assigned(count)
    do.acknowledge(problems, actor=story.cast.liaison.actor)
    overdue(story, problems[0], 5)
    sweep()
    return list(LadderStep.objects.filter(state="proposed").order_by("id"))


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(actor, problem) -> set[str]:
    return {str(offer.verb).partition(".")[2] for offer in offers_for(actor, problem) if not offer.why_not}


def test_the_list_shows_what_waits_why_and_since_when(story, client_as):
    (step,) = late(story, 1)
    shown = page(client_as(story.cast.coordinator), LIST)
    assert step.problem.problem_no in shown
    assert "已过 5 个工作日" in shown


def test_the_list_is_the_offices_alone(story, client_as):
    late(story, 1)
    for player in (story.cast.handler, story.cast.mayor, story.cast.outsider):
        assert client_as(player).get(LIST).status_code == 403
    assert client_as(story.cast.coordinator).post(LIST).status_code == 405


def test_many_are_taken_up_from_the_list_in_one_form(story, client_as):
    chosen = late(story, 3)
    client = client_as(story.cast.coordinator)
    form = f"{reverse('deadlines:take_up')}?" + "&".join(f"pick={step.pk}" for step in chosen)
    assert all(step.problem.problem_no in page(client, form) for step in chosen)
    answer = client.post(form, {"reason": "逾期未整改。"})
    row = LadderRequest.objects.get()
    assert answer.url == reverse("deadlines:request", args=[row.pk])
    shown = page(client, answer.url)
    assert all(step.problem.problem_no in shown for step in chosen)
    assert {rungs(step.problem)[0] for step in chosen} == {("supervision_letter", "asked")}


def test_without_a_reason_the_form_is_shown_again(story, client_as):
    (step,) = late(story, 1)
    form = f"{reverse('deadlines:dismiss')}?pick={step.pk}"
    client = client_as(story.cast.coordinator)
    assert client.post(form, {"reason": ""}).status_code == 422
    assert client.post(form, {"reason": "已来函说明。"}).status_code == 302
    assert rungs(step.problem) == [("supervision_letter", "dismissed")]


@pytest.mark.parametrize("name", ["take_up", "dismiss"])
def test_the_forms_do_not_exist_for_others(story, client_as, name):
    (step,) = late(story, 1)
    form = f"{reverse(f'deadlines:{name}')}?pick={step.pk}"
    for player in (story.cast.handler, story.cast.outsider):
        assert client_as(player).get(form).status_code == 404
    assert client_as(story.cast.coordinator).get(reverse(f"deadlines:{name}")).status_code == 404


def test_the_list_costs_as_much_for_five_as_for_one(story, client_as):
    client = client_as(story.cast.coordinator)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, LIST)
        return len(queries)

    late(story, 1)
    client.get(LIST)
    one = cost()
    problems = story.proposed(5)
    story.issue(problems)
    do.acknowledge(fresh(problems), actor=story.cast.liaison.actor)
    story.clock.go_on(200)
    sweep()
    assert LadderStep.objects.filter(state="proposed").count() >= 6
    assert cost() == one


def test_a_request_is_read_by_who_decides_and_by_nobody_outside(story, client_as):
    (step,) = late(story, 1)
    row = taken(story, step)
    address = reverse("deadlines:request", args=[row.pk])
    assert step.problem.problem_no in page(client_as(story.cast.reviewer), address)
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.reviewer).post(address).status_code == 405


def test_conduct_is_opened_answered_and_put_forward_on_its_page(story, client_as):
    problem = story.rectifying()
    office, unit = client_as(story.cast.coordinator), client_as(story.cast.handler)
    form = reverse("deadlines:open_conduct", args=[problem.pk])
    assert unit.get(form).status_code == 403
    assert client_as(story.cast.outsider).get(form).status_code == 404
    data = {"kind": "sham", "facts": "新闻照片系旧照。", "basis": "督查条例第二十五条。"}
    assert office.post(form, data).status_code == 302
    row = problem.conducts.get()
    address = reverse("deadlines:conduct", args=[row.pk])
    assert "新闻照片系旧照" in page(unit, address)
    assert client_as(story.cast.outsider).get(address).status_code == 404
    reply = reverse("deadlines:reply", args=[row.pk])
    assert office.get(reply).status_code == 403
    assert unit.post(reply, {"reply": "照片日期有误，已更正。"}).status_code == 302
    assert "照片日期有误" in page(office, address)
    determine = reverse("deadlines:determine", args=[row.pk])
    assert unit.get(determine).status_code == 403
    answer = client_as(story.cast.reviewer).post(
        determine, {"finding": "inadequate", "opinion": "申辩部分成立。"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.proposed) == ("asked", "inadequate")


def test_a_lower_level_is_asked_for_on_a_form(story, client_as):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    form = reverse("deadlines:ask_delisting", args=[problem.pk])
    client = client_as(story.cast.coordinator)
    assert "常规" in page(client, form)
    assert client_as(story.cast.handler).get(form).status_code == 403
    assert client.post(form, {"to": "regular", "reason": "复查合格。"}).status_code == 302
    row = problem.delistings.get()
    assert "复查合格" in page(client, reverse("deadlines:delisting", args=[row.pk]))
    assert client_as(story.cast.outsider).get(form).status_code == 404


def test_each_is_offered_what_is_theirs(story):
    problem = story.rectifying()
    proposed(story, problem)
    (problem,) = fresh([problem])
    office, unit = story.cast.coordinator.actor, story.cast.handler.actor
    assert offered(office, problem) >= {"take_up_rung", "dismiss_rung", "open_conduct"}
    assert not offered(unit, problem) & {"take_up_rung", "dismiss_rung", "open_conduct"}
    opened(story, problem)
    (problem,) = fresh([problem])
    assert "reply_to_conduct" in offered(unit, problem)
    assert "reply_to_conduct" not in offered(office, problem)
    denied = {str(offer.verb): str(offer.why_not) for offer in offers_for(office, problem)}
    assert "申辩期限到" in denied["deadlines.determine_conduct"]


def test_what_nobody_has_decided_is_not_shown_to_the_unit(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    (problem,) = fresh([problem])

    def names(player) -> list[tuple[str, str]]:
        panel = panel_of_ladder(player.actor, problem, clocks_of(problem))
        assert panel is not None
        return [(str(one["name"]), one["status"]) for one in panel["route"]["steps"]]

    assert ("督办函", "now") in names(story.cast.coordinator)
    assert names(story.cast.handler) == [("提醒", "done")]
    taken(story, step)
    (problem,) = fresh([problem])
    assert ("督办函", "done") in names(story.cast.handler)
