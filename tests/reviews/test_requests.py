"""What is asked of others: whose it is, on whose desk it lies, and that only who asked can end it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.messages.models import Message
from bihuan.reviews import requests as verbs
from bihuan.reviews.models import CoordinationRequest
from bihuan.reviews.queries import requests_seen, requests_waiting
from tests.reviews.calls import sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
MATTER = "占道施工许可两个月未批，请协调。"


def asked(story, problem, **more) -> CoordinationRequest:
    facts = {"matter": MATTER, "asked_unit": story.cast.ecology}
    return verbs.ask_coordination(problem, **(facts | more), actor=story.cast.liaison.actor)


def now(request: CoordinationRequest) -> CoordinationRequest:
    rows = CoordinationRequest.objects.select_related("problem", "asking_unit", "asked_unit", "jurisdiction")
    return rows.get(pk=request.pk)


def waits_for(request, *players) -> list[bool]:
    return [request.pk in {one.pk for one in requests_waiting(player.actor)} for player in players]


def test_it_lies_on_the_desk_of_who_must_answer_and_then_of_who_asked(story, problem):
    cast = story.cast
    request = asked(story, problem)
    assert waits_for(request, cast.sector_handler, cast.handler, cast.coordinator) == [True, False, False]
    assert Message.objects.filter(to_person=cast.sector_handler.person.pk, kind="reviews.requested").exists()
    verbs.answer_request(now(request), answer="许可已批。", actor=cast.sector_handler.actor)
    assert waits_for(request, cast.sector_handler, cast.handler) == [False, True]
    verbs.settle_request(now(request), actor=cast.handler.actor)
    assert now(request).state == "settled"
    assert waits_for(request, cast.sector_handler, cast.handler, cast.coordinator) == [False] * 3
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_nobody_but_who_asked_can_end_it_and_not_before_an_answer(story, problem):
    cast = story.cast
    request = asked(story, problem)
    with pytest.raises(Refused, match="待答复"):
        verbs.settle_request(now(request), actor=cast.handler.actor)
    verbs.answer_request(now(request), answer="许可已批。", actor=cast.sector_handler.actor)
    for player in (cast.sector_handler, cast.coordinator):
        with pytest.raises(NotAllowed):
            verbs.settle_request(now(request), actor=player.actor)
    with pytest.raises(NotVisible):
        verbs.settle_request(now(request), actor=cast.outsider.actor)


def test_what_does_not_help_is_asked_again(story, problem):
    cast = story.cast
    request = asked(story, problem)
    verbs.answer_request(now(request), answer="正在研究。", actor=cast.sector_handler.actor)
    verbs.ask_again(now(request), reason="请给出批复日期。", actor=cast.liaison.actor)
    again = now(request)
    assert (again.state, again.times_asked, again.answer) == ("asked", 2, "正在研究。")
    assert "请给出批复日期。" in again.matter
    assert waits_for(request, cast.sector_handler) == [True]


def test_the_office_takes_up_what_a_unit_lets_lie(story, problem):
    cast = story.cast
    request = asked(story, problem)
    story.clock.go_on(40)
    assert waits_for(request, cast.coordinator) == [True]
    verbs.accept_request(now(request), actor=cast.coordinator.actor)
    with pytest.raises(NotAllowed):
        verbs.answer_request(now(request), answer="晚了。", actor=cast.sector_handler.actor)
    verbs.answer_request(now(request), answer="已约谈并批复。", actor=cast.coordinator.actor)
    assert now(request).state == "answered"


def test_the_leading_group_decides_with_its_minutes(story, problem):
    cast = story.cast
    request = asked(story, problem, asked_unit=None)
    assert waits_for(request, cast.coordinator, cast.mayor) == [True, False]
    verbs.pass_up_request(now(request), reason="涉及两市。", actor=cast.coordinator.actor)
    assert waits_for(request, cast.mayor, cast.coordinator) == [True, True]
    with pytest.raises(Refused, match="会议纪要"):
        verbs.answer_request(now(request), answer="由住建局限期办理。", actor=cast.coordinator.actor)
    verbs.answer_request(
        now(request), answer="由住建局限期办理。", basis_no="〔2026〕9号纪要", actor=cast.mayor.actor
    )
    assert (now(request).state, now(request).basis_no) == ("answered", "〔2026〕9号纪要")


def test_a_refusal_has_a_reason_the_asker_sees(story, problem):
    request = asked(story, problem)
    with pytest.raises(Refused, match="答复"):
        verbs.refuse_request(now(request), reason=" ", actor=story.cast.coordinator.actor)
    verbs.refuse_request(now(request), reason="属本单位职责。", actor=story.cast.coordinator.actor)
    assert (now(request).state, now(request).answer) == ("refused", "属本单位职责。")
    assert waits_for(request, story.cast.handler) == [True]


def test_what_cannot_be_asked(story, problem):
    cast = story.cast
    for more, why in (
        ({"asked_unit": cast.water}, "自己的单位"),
        ({"matter": " "}, "不能为空"),
        ({"due_on": story.clock.today - dt.timedelta(days=1)}, "日期不对"),
        ({"due_on": story.clock.today + dt.timedelta(days=400)}, "日期不对"),
    ):
        with pytest.raises(Refused, match=why):
            asked(story, problem, **more)
    for player, error in ((cast.coordinator, NotAllowed), (cast.outsider, NotVisible)):
        with pytest.raises(error):
            verbs.ask_coordination(problem, matter=MATTER, actor=player.actor)


def test_the_asked_unit_sees_the_request_and_not_the_problem(story, problem, client_as):
    request = asked(story, problem, asked_unit=story.cast.audit)
    page = reverse("reviews:request", args=[request.pk])
    seen = client_as(story.cast.inspector).get(page)
    assert seen.status_code == 200
    assert MATTER in seen.content.decode()
    assert problem.problem_no not in seen.content.decode()
    for player in (story.cast.outsider, story.cast.sector_handler, story.cast.system_administrator):
        assert client_as(player).get(page).status_code == 404
    assert set(requests_seen(story.cast.outsider.actor)) == set()


def test_by_the_forms_from_a_sheet_to_its_end(issued, story, plain, client_as):
    cast = story.cast
    sheet = sheet_of(issued, cast.water)
    ask = reverse("reviews:ask", args=[plain.pk])
    liaison = client_as(cast.liaison)
    assert liaison.get(ask).status_code == 200
    sent = {"matter": MATTER, "asked_unit": str(cast.ecology.pk), "due_on": "2026-03-16"}
    assert liaison.post(ask, sent).status_code == 302
    request = CoordinationRequest.objects.get()
    assert request.sheet == sheet
    assert client_as(cast.coordinator).get(ask).status_code == 403
    assert client_as(cast.outsider).get(ask).status_code == 404
    answered = reverse("reviews:answer_request", args=[request.pk])
    assert client_as(cast.handler).get(answered).status_code == 403
    assert client_as(cast.sector_handler).post(answered, {"answer": "已批。"}).status_code == 302
    office = client_as(cast.coordinator)
    assert MATTER[:6] in office.get(reverse("reviews:review", args=[issued.pk])).content.decode()
    assert office.get(reverse("reviews:request_workbook")).status_code == 200
    settle = reverse("reviews:settle", args=[request.pk])
    assert client_as(cast.liaison).post(settle).status_code == 302
    assert client_as(cast.liaison).post(settle).status_code == 422
    assert now(request).state == "settled"
