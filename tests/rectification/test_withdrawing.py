"""A visit or an instruction that was written down wrongly is taken back: by whom, what stays, what can no more be."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.messages.models import Message
from bihuan.rectification import actions as do
from bihuan.rectification.leading_queries import led
from bihuan.rectification.models import LeaderInstruction, Visit
from tests.rectification.conftest import fresh
from tests.rectification.test_leading import instruct, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
WRONG = "应登记在另一个问题上"


def withdraw(story, problem, act, *, by=None, reason=WRONG):
    return do.withdraw_leaders_act(
        fresh([problem])[0], act=act.pk, reason=reason, actor=(by or story.cast.coordinator).actor
    )


def test_what_was_withdrawn_stays_with_its_reason_and_counts_no_more(story, clock):
    problem = story.rectifying()
    wrong = visit(story, problem, by=story.cast.liaison)
    told = instruct(story, problem, answer_by=clock.today + dt.timedelta(days=5))
    clock.go_on(1)
    withdraw(story, problem, wrong, by=story.cast.liaison)
    withdraw(story, problem, told)
    row = Visit.objects.get()
    assert (row.found, row.withdrawn_on, row.withdrawn_by_name) == (wrong.found, clock.today, "唐敏")
    assert row.withdrawn_because == WRONG
    done = led([problem])[problem.pk]
    assert (done.visits, done.last_visit, done.last_by) == (0, None, frozenset())
    assert (done.instructions, done.last_instruction, done.answer_by) == (0, None, None)
    event = JournalEvent.objects.filter(verb="rectification.withdraw_leaders_act").first()
    assert event is not None
    assert wrong.row_key in event.body["changes"]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("liaison", True),
        ("principal", True),
        ("deputy", False),
        ("handler", False),
        ("coordinator", False),
        ("mayor", False),
    ],
)
def test_who_wrote_it_down_or_heads_the_unit(story, who, may):
    problem = story.rectifying()
    wrong = visit(story, problem, by=story.cast.liaison)
    player = getattr(story.cast, who)
    if may:
        withdraw(story, problem, wrong, by=player)
        assert Visit.objects.get().withdrawn_on is not None
    else:
        with pytest.raises(NotAllowed, match="不能撤回这条登记"):
            withdraw(story, problem, wrong, by=player)
    with pytest.raises(NotVisible):
        withdraw(story, problem, wrong, by=story.cast.outsider)


def test_an_answered_instruction_stays_and_it_is_said_why(story):
    problem = story.rectifying()
    told = instruct(story, problem)
    do.answer_instruction(
        fresh([problem])[0], instruction=told.pk, answer="已办。", actor=story.cast.liaison.actor
    )
    with pytest.raises(Refused, match="已经报告办理情况，不能撤回") as refused:
        withdraw(story, problem, told)
    assert "另行登记" in refused.value.accepted
    assert LeaderInstruction.objects.get().withdrawn_on is None


def test_once_and_with_a_reason(story):
    problem = story.rectifying()
    wrong = visit(story, problem, by=story.cast.coordinator)
    with pytest.raises(Refused, match="撤回理由"):
        withdraw(story, problem, wrong, reason="  ")
    withdraw(story, problem, wrong)
    other = visit(story, problem, by=story.cast.coordinator)
    assert other.withdrawn_on is None
    with pytest.raises((Refused, NotAllowed)):
        withdraw(story, problem, wrong)


def test_a_withdrawn_instruction_is_answered_by_nobody_and_its_unit_is_told(story, client_as):
    problem = story.rectifying()
    told = instruct(story, problem)
    address = reverse("rectification:answer_instruction", args=[problem.pk])
    assert client_as(story.cast.liaison).get(address).status_code == 200
    withdraw(story, problem, told)
    sent = Message.objects.filter(kind="rectification.instruction_withdrawn").values_list(
        "to_person", flat=True
    )
    assert story.cast.principal.person.pk in set(sent)
    assert client_as(story.cast.liaison).get(address).status_code == 404
    with pytest.raises(Refused, match="没有这件等待报告的批示"):
        do.answer_instruction(
            fresh([problem])[0], instruction=told.pk, answer="已办。", actor=story.cast.liaison.actor
        )


def test_the_form_offers_what_one_may_take_back_and_the_page_strikes_it_through(story, client_as):
    problem = story.rectifying()
    address = reverse("rectification:withdraw_leaders_act", args=[problem.pk])
    client = client_as(story.cast.liaison)
    assert client.get(address).status_code == 404
    mine = visit(story, problem, by=story.cast.liaison, place="城南水厂")
    instruct(story, problem)
    form = client.get(address).content.decode()
    assert "城南水厂" in form
    assert "请水务局一周内拿出办法" not in form
    assert client_as(story.cast.handler).get(address).status_code == 403
    page = reverse("desk:problem", args=[problem.pk])
    assert address in client.get(page).content.decode()
    sent = client.post(address, {"act": str(mine.pk), "reason": WRONG, "idempotency_key": "w"})
    assert sent.status_code == 302
    shown = client.get(page).content.decode()
    assert "<s><span" in shown
    assert f"唐敏撤回：{WRONG}" in shown
    assert address not in shown
