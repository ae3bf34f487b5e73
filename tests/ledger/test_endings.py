"""Endings other than closure: asked by one, decided by another, taken back; what a merger does to findings."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.approvals import actions as approvals
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.ledger import actions
from bihuan.ledger.models import Ending, Problem
from tests.ledger.conftest import SECRET, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


@pytest.mark.parametrize(
    ("verb", "state", "more"),
    [
        ("ledger.refer", "referred", {"receiving_body": "市纪委监委"}),
        ("ledger.mark_unfounded", "unfounded", {}),
        ("ledger.terminate", "terminated", {}),
    ],
)
def test_an_ending_takes_effect_when_a_second_person_approves(ledger, verb, state, more):
    problem = ledger.register()
    ending = ledger.ask(problem, verb, **more)
    assert Problem.objects.get(pk=problem.pk).state == "registered"
    ledger.decide(ending)
    ended = Problem.objects.get(pk=problem.pk)
    assert (ended.state, ended.referred_to) == (state, more.get("receiving_body", ""))
    assert ended.closed_on is not None
    assert Ending.objects.get(pk=ending.pk).state == Ending.State.APPLIED


def test_a_refused_ending_changes_nothing_and_may_be_asked_again(ledger):
    problem = ledger.register()
    ledger.decide(ledger.ask(problem), approve=False)
    assert Problem.objects.get(pk=problem.pk).state == "registered"
    assert Ending.objects.get().state == Ending.State.REFUSED
    ledger.ask(problem)


def test_an_application_taken_back_stands_in_nobodys_way(ledger):
    problem = ledger.register()
    ending = ledger.ask(problem)
    with pytest.raises(Refused, match="已有一项办结申请"):
        ledger.ask(problem)
    approvals.withdraw(ending.approval, reason="写错了", actor=ledger.cast.coordinator.actor)
    assert Ending.objects.get().state == Ending.State.WITHDRAWN
    ledger.ask(problem)


def test_a_returned_application_is_refused(ledger):
    ending = ledger.ask(ledger.register())
    approvals.return_approval([ending.approval], reason="材料不全", actor=ledger.cast.reviewer.actor)
    assert Ending.objects.get().state == Ending.State.REFUSED


def test_the_asker_does_not_approve(ledger):
    with pytest.raises(Refused):
        ledger.ask(ledger.register(), approver=ledger.cast.coordinator.post)


def test_a_merger_hands_the_findings_on_and_each_waits_for_what_goes_on(ledger):
    batch = ledger.batch()
    first, second = ledger.findings(batch, "漏损严重。", "管网老化。")
    joined = ledger.register("甲", batch=batch, findings=[first])
    going_on = ledger.register("乙", batch=batch, findings=[second])
    ended = ledger.end(joined, "ledger.merge", into=going_on)
    assert (ended.state, ended.merged_into_id) == ("merged", going_on.pk)
    assert set(going_on.finding_links.values_list("finding", flat=True)) == {first.pk, second.pk}
    with pytest.raises(Refused, match=going_on.problem_no):
        actions.answer_finding(first, answer="已并案。", document_no="", actor=ledger.cast.coordinator.actor)
    ledger.walk(going_on, "closed")
    actions.answer_finding(first, answer="已销号。", document_no="", actor=ledger.cast.coordinator.actor)


def test_a_finding_of_both_is_linked_once(ledger):
    batch = ledger.batch()
    findings = ledger.findings(batch)
    one, other = (ledger.register(title, batch=batch, findings=findings) for title in "甲乙")
    ledger.end(one, "ledger.merge", into=other)
    assert other.finding_links.count() == 1


@pytest.mark.parametrize(("state", "words"), [("closed", "已经办结"), ("terminated", "已经办结")])
def test_nothing_is_merged_into_what_has_ended(ledger, state, words):
    problem, into = ledger.register("甲"), ledger.walk(ledger.register("乙"), state)
    with pytest.raises(Refused, match=words):
        ledger.ask(problem, "ledger.merge", into=into)


def test_two_problems_asked_into_each_other_are_not_both_lost(ledger):
    one, other = ledger.register("甲"), ledger.register("乙")
    first = ledger.ask(one, "ledger.merge", into=other)
    second = ledger.ask(other, "ledger.merge", into=one)
    ledger.decide(first)
    with pytest.raises(Refused, match="不能再并入"):
        ledger.decide(second)
    assert Problem.objects.get(pk=other.pk).state == "registered"


def test_a_problem_is_not_merged_into_itself_or_into_one_that_is_merged(ledger):
    one, other, third = (ledger.register(title) for title in "甲乙丙")
    with pytest.raises(Refused, match="并入哪个问题"):
        ledger.ask(one, "ledger.merge", into=one)
    ledger.end(other, "ledger.merge", into=third)
    with pytest.raises(Refused, match="自己已经并案"):
        ledger.ask(one, "ledger.merge", into=Problem.objects.get(pk=other.pk))


def test_an_external_source_wants_its_document(ledger):
    problem = ledger.register(source="city_party_inspection")
    with pytest.raises(Refused, match="来源机关的文件"):
        ledger.ask(problem)
    assert ledger.ask(problem, document_no="市巡察办函〔2026〕8号").document_no


def test_referral_names_the_body(ledger):
    with pytest.raises(Refused, match="接收机关"):
        ledger.ask(ledger.register(), "ledger.refer")


def test_only_the_office_asks(ledger):
    problem = ledger.register()
    facts = {"verb": "ledger.terminate", "reason": "无", "approver": ledger.cast.reviewer.post}
    with pytest.raises(NotVisible):
        actions.request_ending(problem, actor=ledger.cast.outsider.actor, **facts)
    with pytest.raises(NotAllowed):
        actions.request_ending(problem, actor=ledger.cast.sector_handler.actor, **facts)


def test_what_runs_in_a_channel_cannot_be_named_as_a_target(ledger):
    problem, hidden = ledger.register(), ledger.restricted()
    with pytest.raises(NotVisible):
        ledger.ask(problem, "ledger.merge", into=hidden)


def test_a_restricted_number_is_answered_like_one_never_given(ledger, client_as):
    problem, hidden = ledger.register(), ledger.restricted()
    client = client_as(ledger.cast.coordinator)
    facts = {"verb": "ledger.merge", "reason": "同一事项", "approver": str(ledger.cast.reviewer.post.pk)}
    answers = [
        client.post(at("request_ending", problem.pk), facts | {"into": number})
        for number in (hidden.problem_no, "ZX-2026-999")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    said = [answer.context["form"].errors["into"][0] for answer in answers]
    assert said[0].replace(hidden.problem_no, "") == said[1].replace("ZX-2026-999", "")
    assert SECRET not in answers[0].content.decode()


def test_verify_is_clean_after_all_of_it(ledger):
    batch = ledger.batch()
    one = ledger.register("甲", batch=batch, findings=ledger.findings(batch))
    ledger.end(one, "ledger.merge", into=ledger.register("乙"))
    assert [fault for name in partitions() for fault in verify_partition(name).found] == []


def test_whoever_decides_reads_why_on_the_page_of_the_approval(ledger, client_as):
    problem = ledger.register()
    ending = ledger.ask(
        problem, "ledger.refer", receiving_body="市纪委监委", reason="涉嫌失职，超出本级职权。"
    )
    page = reverse("ledger:ending", args=[ending.approval_id])
    client = client_as(ledger.cast.reviewer)
    detail = client.get(reverse("approvals:detail", args=[ending.approval_id])).content.decode()
    assert f'hx-get="{page}"' in detail
    shown = client.get(page).content.decode().partition('id="matter"')[2]
    for words in ("涉嫌失职，超出本级职权。", "市纪委监委", problem.problem_no):
        assert words in shown, words
    assert client_as(ledger.cast.outsider).get(page).status_code == 404
    assert client.post(page).status_code == 405
