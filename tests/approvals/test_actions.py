from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.approvals import actions, queries
from bihuan.approvals.matters import register_matter
from bihuan.approvals.models import ApprovalState, StepState
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused, anyone_signed_in
from bihuan.organizations import actions as organization
from bihuan.organizations.acting import actor_for
from tests.approvals.conftest import MATTER

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def moment():
    register_matter(MATTER, label="试办事项", may_ask=anyone_signed_in)
    with timesource.at(NOON):
        yield


def ask(cast, *route, excluded=(), by=None, matter=MATTER):
    posts = route or (cast.reviewer, cast.decider)
    return actions.request_approval(
        matter=matter,
        subject_kind="batch",
        subject=uuid.uuid4(),
        title="第一批问题交办",
        route=[("审核", player.post) for player in posts],
        excluded=excluded,
        actor=(by or cast.coordinator).actor,
    )


def record(cast, approval, copy, *, by=None, **changes):
    facts = {
        "decided_by_name": "何清源",
        "decided_on": NOON.date(),
        "opinion": "同意，抓紧办理。",
        "document_no": "云整改〔2026〕3号",
        "signed_copy": copy,
    } | changes
    actions.record_paper_decision(approval, **facts, actor=(by or cast.coordinator).actor)


def test_an_approval_begins_at_its_first_step(cast):
    approval = ask(cast)
    assert [step.state for step in approval.steps.all()] == [StepState.PENDING, StepState.WAITING]


def test_each_step_is_decided_by_its_post_in_turn(cast, heard):
    approval = ask(cast)
    actions.decide(approval, opinion="拟同意", actor=cast.reviewer.actor)
    assert (approval.state, heard) == (ApprovalState.PENDING, [])
    actions.decide(approval, opinion="同意", actor=cast.decider.actor)
    assert (approval.state, heard) == (ApprovalState.APPROVED, [("approved", MATTER)])


def test_a_later_post_does_not_decide_early(cast):
    approval = ask(cast)
    with pytest.raises(NotAllowed, match="整改办审核"):
        actions.decide(approval, opinion="同意", actor=cast.decider.actor)


def test_an_outsider_is_told_that_nothing_is_there(cast):
    approval = ask(cast)
    with pytest.raises(NotVisible):
        actions.decide(approval, opinion="同意", actor=cast.outsider.actor)


def test_a_route_through_the_asker_is_refused(cast):
    with pytest.raises(Refused, match="林晓"):
        ask(cast, cast.coordinator)


def test_an_empty_route_is_refused(cast):
    with pytest.raises(Refused, match="没有审批人"):
        actions.request_approval(
            matter=MATTER,
            subject_kind="batch",
            subject=uuid.uuid4(),
            title="x",
            route=[],
            actor=cast.coordinator.actor,
        )


def test_the_asker_does_not_decide_from_a_post_taken_later(cast):
    """Between asking and deciding the asker may come to hold the deciding post."""
    approval = ask(cast, cast.reviewer)
    later = NOON.date() + dt.timedelta(days=1)
    with timesource.at(NOON + dt.timedelta(days=1)):
        organization.appoint_stand_in(
            cast.reviewer.post,
            person=cast.coordinator.person,
            since=later,
            last_day=later,
            reason="出差",
            actor=cast.system,
        )
        actor = actor_for(cast.coordinator.person, cast.reviewer.post)
        with pytest.raises(NotAllowed, match="提请的人"):
            actions.decide(approval, opinion="同意", actor=actor)


def test_a_stand_in_of_the_asker_does_not_approve(cast):
    """The reviewer asks; whoever acts on the reviewer's behalf is bound as the reviewer is."""
    approval = ask(cast, cast.decider, by=cast.reviewer)
    actions.add_signer(approval, post=cast.mayor.post, name="会签", actor=cast.reviewer.actor)
    day = NOON.date()
    organization.hand_over(cast.mayor.post, incoming=cast.reviewer.person, actor=cast.system)
    organization.appoint_stand_in(
        cast.mayor.post, person=cast.deputy.person, since=day, last_day=day, reason="请假", actor=cast.system
    )
    actor = actor_for(cast.deputy.person, cast.mayor.post)
    assert actor.on_behalf_of == cast.reviewer.person.pk
    with pytest.raises(NotAllowed, match="提请的人"):
        actions.decide(approval, opinion="同意", actor=actor)


def test_a_stand_in_decides_and_both_are_named(cast):
    approval = ask(cast, cast.decider)
    day = NOON.date()
    organization.appoint_stand_in(
        cast.decider.post,
        person=cast.deputy.person,
        since=day,
        last_day=day,
        reason="请假",
        actor=cast.system,
    )
    actions.decide(approval, opinion="同意", actor=actor_for(cast.deputy.person, cast.decider.post))
    step = approval.steps.get()
    assert (step.decided_by, step.decided_for) == (cast.deputy.person.pk, cast.decider.person.pk)


def test_who_left_the_post_does_not_decide_with_an_old_page(cast):
    approval = ask(cast, cast.decider)
    old = cast.decider.actor
    organization.hand_over(cast.decider.post, incoming=cast.deputy.person, actor=cast.system)
    with pytest.raises(NotAllowed):
        actions.decide(approval, opinion="同意", actor=old)


def test_an_excluded_person_does_not_decide(cast):
    approval = ask(cast, cast.decider, excluded=[cast.handler.person.pk])
    organization.hand_over(cast.decider.post, incoming=cast.handler.person, actor=cast.system)
    with pytest.raises(NotAllowed, match="参与了"):
        actions.decide(approval, opinion="同意", actor=actor_for(cast.handler.person, cast.decider.post))


def test_a_return_needs_a_reason(cast):
    approval = ask(cast)
    with pytest.raises(Refused, match="理由"):
        actions.return_approval(approval, reason=" ", actor=cast.reviewer.actor)


def test_a_return_ends_the_approval(cast, heard):
    approval = ask(cast)
    actions.return_approval(approval, reason="缺少责任单位意见", actor=cast.reviewer.actor)
    assert (approval.state, heard) == (ApprovalState.RETURNED, [("returned", MATTER)])


def test_many_approvals_are_decided_in_one_act(cast, heard):
    approvals = [ask(cast, cast.decider) for _ in range(3)]
    actions.decide(approvals, opinion="同意", actor=cast.decider.actor)
    assert heard == [("approved", MATTER)] * 3


def test_the_same_matter_is_not_asked_twice_at_once(cast):
    approval = ask(cast)
    with pytest.raises(Refused, match="正在办理"):
        actions.request_approval(
            matter=MATTER,
            subject_kind="batch",
            subject=approval.subject,
            title="再来一次",
            route=[("审核", cast.decider.post)],
            actor=cast.coordinator.actor,
        )


def test_a_matter_nobody_opened_cannot_be_asked_for_by_hand(cast):
    with pytest.raises(NotAllowed, match="不能单独提请"):
        ask(cast, matter="rectification.close")


def test_a_paper_decision_waits_for_a_second_person(cast, paper, heard):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    step = approval.steps.get()
    assert (step.state, step.decided_by, step.recorded_by) == (
        StepState.TO_CONFIRM,
        cast.decider.person.pk,
        cast.coordinator.person.pk,
    )
    assert (approval.state, heard) == (ApprovalState.PENDING, [])


def test_a_confirmed_paper_decision_counts(cast, paper, heard):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    actions.confirm_paper_decision(approval, actor=cast.reviewer.actor)
    assert (approval.state, heard) == (ApprovalState.APPROVED, [("approved", MATTER)])


def test_a_returned_paper_decision_returns(cast, paper, heard):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval), approve=False, opinion="退回补充材料")
    actions.confirm_paper_decision(approval, actor=cast.reviewer.actor)
    assert heard == [("returned", MATTER)]


def test_the_recorder_does_not_confirm(cast, paper):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    with pytest.raises(NotAllowed, match="两个人"):
        actions.confirm_paper_decision(approval, actor=cast.coordinator.actor)


def test_the_decider_does_not_confirm(cast, paper):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    with pytest.raises(NotAllowed, match="审批的人"):
        actions.confirm_paper_decision(approval, actor=cast.decider.actor)


def test_the_decider_does_not_record(cast, paper):
    approval = ask(cast, cast.decider)
    with pytest.raises(NotAllowed, match="登记自己"):
        record(cast, approval, paper(approval), by=cast.decider)


def test_the_asker_is_not_the_decider_on_paper_either(cast, paper):
    approval = ask(cast, cast.decider)
    with pytest.raises(Refused, match="提请的人"):
        record(cast, approval, paper(approval), by=cast.reviewer, decided_by=cast.coordinator.person)


def test_a_party_is_not_smuggled_in_by_name(cast, paper):
    approval = ask(cast, cast.decider)
    with pytest.raises(Refused, match="同名"):
        record(cast, approval, paper(approval), by=cast.reviewer, decided_by_name="林晓")


def test_a_stranger_to_the_route_does_not_record(cast, paper):
    approval = ask(cast, cast.decider)
    with pytest.raises(NotVisible):
        record(cast, approval, paper(approval), by=cast.handler)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_paper_dated_before_asking_or_in_future_is_refused(cast, paper, days):
    approval = ask(cast, cast.decider)
    with pytest.raises(Refused, match="日期"):
        record(cast, approval, paper(approval), decided_on=NOON.date() + dt.timedelta(days=days))


def test_a_wrong_record_is_entered_anew(cast, paper):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval), opinion="同意。")
    actions.refuse_paper_decision(approval, reason="意见抄录有误", actor=cast.reviewer.actor)
    step = approval.steps.get()
    assert (step.state, step.opinion, step.recorded_by) == (StepState.PENDING, "", None)


def test_an_added_signer_is_asked_first(cast):
    approval = ask(cast, cast.reviewer, cast.decider)
    actions.add_signer(approval, post=cast.principal.post, name="会签", actor=cast.reviewer.actor)
    assert [(step.post.name, step.state) for step in queries.steps_of(approval)] == [
        ("市水务局局长", "pending"),
        ("整改办审核", "waiting"),
        ("副市长", "waiting"),
    ]
    actions.decide(approval, opinion="同意", actor=cast.principal.actor)
    assert queries.steps_of(approval)[1].state == StepState.PENDING


def test_an_added_signer_may_come_after(cast):
    approval = ask(cast, cast.reviewer, cast.decider)
    actions.add_signer(approval, post=cast.principal.post, name="会签", after=True, actor=cast.reviewer.actor)
    actions.decide(approval, opinion="同意", actor=cast.reviewer.actor)
    assert [step.post.name for step in queries.waiting_for(cast.principal.actor)] == ["市水务局局长"]


def test_nobody_stands_on_the_route_twice(cast):
    approval = ask(cast)
    with pytest.raises(Refused, match="已经在"):
        actions.add_signer(approval, post=cast.decider.post, name="会签", actor=cast.reviewer.actor)


def test_the_asker_withdraws(cast, heard):
    approval = ask(cast)
    actions.withdraw(approval, reason="内容有误", actor=cast.coordinator.actor)
    assert heard == [("withdrawn", MATTER)]
    with pytest.raises(Refused):
        actions.decide(approval, opinion="同意", actor=cast.reviewer.actor)


def test_another_does_not_withdraw(cast):
    approval = ask(cast)
    with pytest.raises(NotAllowed):
        actions.withdraw(approval, actor=cast.reviewer.actor)


def test_what_waits_is_listed_for_the_post_it_waits_on(cast):
    approval = ask(cast)
    assert [step.approval for step in queries.waiting_for(cast.reviewer.actor)] == [approval]
    assert not queries.waiting_for(cast.decider.actor).exists()
    assert list(queries.waited_for_by(cast.coordinator.actor)) == [approval]


def test_a_record_to_confirm_is_listed_for_colleagues_only(cast, paper):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    assert [step.approval for step in queries.to_confirm_by(cast.reviewer.actor)] == [approval]
    assert not queries.to_confirm_by(cast.coordinator.actor).exists()


def test_a_decision_leaves_one_event(cast):
    approval = ask(cast, cast.decider)
    actions.decide(approval, opinion="同意", actor=cast.decider.actor)
    from bihuan.journal.models import JournalEvent

    bodies = [event.body for event in JournalEvent.objects.filter(stream=approval.pk).order_by("seq")]
    assert [body["verb"] for body in bodies] == ["approvals.request_approval", "approvals.decide"]
    assert "同意" not in str(bodies)


def attack(statement, *values):
    """What somebody with the running role's password could try."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'tests.attack', true)")
        cursor.execute(statement, values)


@pytest.mark.parametrize("column", ["decided_by", "decided_for"])
def test_the_database_refuses_an_asker_who_approves(cast, column):
    approval = ask(cast, cast.decider)
    with pytest.raises(IntegrityError, match="asker_never_approves"):
        attack(f"UPDATE approvals_step SET {column} = asked_by WHERE approval_id = %s", approval.pk)


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        ("recorded_by", "decided_by", "approver_is_not_recorder"),
        ("confirmed_by", "recorded_by", "recorder_is_not_confirmer"),
        ("confirmed_by", "decided_by", "approver_is_not_confirmer"),
    ],
)
def test_the_database_keeps_the_three_apart(cast, first, second, constraint):
    approval = ask(cast, cast.decider)
    one = uuid.uuid4()
    with pytest.raises(IntegrityError, match=constraint):
        attack(
            f"UPDATE approvals_step SET {first} = %s, {second} = %s WHERE approval_id = %s",
            one,
            one,
            approval.pk,
        )


def test_an_unconfirmed_paper_cannot_be_made_to_count(cast, paper):
    approval = ask(cast, cast.decider)
    record(cast, approval, paper(approval))
    with pytest.raises(IntegrityError, match="paper_is_recorded_and_confirmed"):
        attack("UPDATE approvals_step SET state = 'done' WHERE approval_id = %s", approval.pk)
