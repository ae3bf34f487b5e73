from __future__ import annotations

import datetime as dt
import typing

import pytest

from bihuan.approvals import actions as approvals
from bihuan.journal.action import VERBS, NotAllowed, NotVisible, Refused
from bihuan.ledger.models import Involvement
from bihuan.ledger.steps import doing_units
from bihuan.policies import actions as policies
from bihuan.rectification import actions as do
from bihuan.rectification.models import (
    Decline,
)
from bihuan.rectification.verbs import LABELS, Verb
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def only(problem):
    return fresh([problem])[0]


# ---- the room as a whole -----------------------------------------------------------------------------------------


def test_every_verb_has_its_words():
    assert set(LABELS) == set(Verb)


def test_the_types_of_every_action_can_be_read_while_the_program_runs():
    ours = [verb for name, verb in VERBS.items() if name.startswith("rectification.")]
    assert len(ours) >= 30
    for verb in ours:
        assert "actor" in typing.get_type_hints(verb.body)


# ---- assignment orders -------------------------------------------------------------------------------------------


def test_an_order_takes_units_and_dates_from_the_proposed_handling(story):
    (problem,) = story.proposed()
    order = do.draft_order([problem], title="交办单", actor=story.cast.coordinator.actor)
    item = order.items.get()
    assert (item.lead_unit, item.external_deadline) == (story.cast.water, problem.external_deadline)
    assert item.internal_deadline < item.external_deadline


def test_a_problem_stands_in_one_open_order_only(story):
    problems = story.proposed()
    do.draft_order(problems, title="交办单", actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="已列入未下达的交办单"):
        do.draft_order(problems, title="又一份", actor=story.cast.coordinator.actor)


def test_what_is_not_proposed_is_not_ordered(story):
    with pytest.raises(Refused):
        do.draft_order([story.register()], title="交办单", actor=story.cast.coordinator.actor)


def test_an_internal_deadline_is_never_later_than_the_external_one(story):
    (problem,) = story.proposed()
    late = do.ItemDraft(problem=problem.pk, internal_deadline=problem.external_deadline + dt.timedelta(1))
    with pytest.raises(Refused, match="内部期限晚于外部期限"):
        do.draft_order([problem], title="交办单", items=[late], actor=story.cast.coordinator.actor)


def test_shares_of_more_than_the_whole_are_refused(story):
    (problem,) = story.proposed()
    pairs = ((story.cast.ecology.pk, 60), (story.cast.county.pk, 50))
    draft = do.ItemDraft(problem=problem.pk, supporting_units=pairs)
    with pytest.raises(Refused, match="责任份额不对"):
        do.draft_order([problem], title="交办单", items=[draft], actor=story.cast.coordinator.actor)


def test_only_the_coordinator_drafts(story):
    problems = story.proposed()
    with pytest.raises(NotAllowed):
        do.draft_order(problems, title="交办单", actor=story.cast.reviewer.actor)


def test_an_order_that_is_not_approved_is_not_issued(story):
    order = story.order(story.proposed())
    with pytest.raises(Refused, match="送审"):
        do.issue_order(
            order, document_no="〔2026〕1号", issued_on=story.clock.today, actor=story.cast.coordinator.actor
        )


def test_an_order_is_issued_once(story):
    order = story.issue(story.proposed())
    with pytest.raises(Refused, match="已下达"):
        do.issue_order(
            order, document_no="〔2026〕2号", issued_on=story.clock.today, actor=story.cast.coordinator.actor
        )


def test_an_order_returned_on_its_route_is_a_draft_again(story):
    order = story.order(story.proposed())
    story.decide(order.approval, approve=False, opinion="期限太短")
    order.refresh_from_db()
    assert order.state == "draft"


def test_an_order_taken_back_by_its_asker_is_a_draft_again(story):
    order = story.order(story.proposed())
    approvals.withdraw(order.approval, reason="再核", actor=story.cast.coordinator.actor)
    order.refresh_from_db()
    assert order.state == "draft"


def test_problems_of_a_withdrawn_order_may_stand_in_another(story):
    problems = story.proposed()
    order = do.draft_order(problems, title="交办单", actor=story.cast.coordinator.actor)
    do.withdraw_order(order, reason="重拟", actor=story.cast.coordinator.actor)
    assert do.draft_order(problems, title="又一份", actor=story.cast.coordinator.actor).items.count() == 1


def test_issuing_involves_the_units_and_leaves_one_event_a_problem(story):
    from bihuan.journal.models import JournalEvent

    problems = story.proposed(2)
    story.issue(problems)
    for problem in fresh(problems):
        assert [unit.pk for unit in doing_units(problem)] == [story.cast.water.pk]
        events = JournalEvent.objects.filter(stream=problem.pk, verb="rectification.issue_order")
        assert events.count() == 1


# ---- acknowledging and declining ----------------------------------------------------------------------------------


def test_a_subordinate_organ_does_not_acknowledge_for_its_superior(story):
    (problem,) = story.assigned()
    with pytest.raises(NotVisible):
        do.acknowledge([problem], actor=story.cast.subordinate.actor)


def test_an_outsider_learns_nothing(story):
    (problem,) = story.assigned()
    with pytest.raises(NotVisible):
        do.acknowledge([problem], actor=story.cast.outsider.actor)


def test_a_handler_of_another_unit_is_no_handler(story):
    (problem,) = story.assigned()
    with pytest.raises(Refused, match="不是牵头单位的岗位"):
        do.acknowledge([problem], handler=story.cast.sector_handler.post, actor=story.cast.liaison.actor)


def test_a_declined_problem_goes_back_to_triage_and_the_unit_keeps_sight(story):
    (problem,) = story.assigned()
    do.decline(
        problem, reason="管网归住建部门", proposed_unit=story.cast.ecology, actor=story.cast.liaison.actor
    )
    problem = only(problem)
    assert (problem.state, problem.declines) == ("proposed", 1)
    assert Decline.objects.get(problem=problem).proposed_unit == story.cast.ecology
    assert Involvement.objects.filter(
        problem=problem, role="former", unit=story.cast.water, until=None
    ).exists()
    assert not Involvement.objects.filter(problem=problem, role="lead", until=None).exists()


def test_what_a_meeting_fixed_is_not_declined(story):
    problem = story.register()
    story.propose(problem, fixed_by_meeting=True)
    story.issue([problem])
    with pytest.raises(Refused, match="会议或领导指定"):
        do.decline(
            only(problem), reason="不归我", proposed_unit=story.cast.ecology, actor=story.cast.liaison.actor
        )


def test_declining_after_its_days_is_refused(story):
    (problem,) = story.assigned()
    story.clock.go_on(20)
    with pytest.raises(Refused):
        do.decline(problem, reason="不归我", proposed_unit=story.cast.ecology, actor=story.cast.liaison.actor)


@pytest.mark.parametrize("allowed", [1, 2])
def test_after_as_many_declines_as_policy_says_the_leading_group_stands_on_the_route(story, allowed):
    if allowed != 2:
        policies.enact(
            code="decline",
            jurisdiction=story.cast.city,
            body={"working_days": 5, "before_leading_group": allowed},
            actor=story.cast.coordinator.actor,
        )
        story.clock.go_on()
    problem = story.register(grade="minor")
    for _turn in range(allowed):
        story.propose(only(problem))
        story.issue([only(problem)])
        do.decline(
            only(problem), reason="不归我", proposed_unit=story.cast.ecology, actor=story.cast.liaison.actor
        )
    story.propose(only(problem))
    order = do.draft_order([only(problem)], title="交办单", actor=story.cast.coordinator.actor)
    do.submit_order(order, route=[("审核", story.cast.reviewer.post)], actor=story.cast.coordinator.actor)
    posts = set(order.approval.steps.values_list("post", flat=True))
    assert posts & {story.cast.mayor.post.pk, story.cast.decider.post.pk}
    story.decide(order.approval)
    do.issue_order(
        order, document_no="〔2026〕9号", issued_on=story.clock.today, actor=story.cast.coordinator.actor
    )
    with pytest.raises(Refused):
        do.decline(
            only(problem),
            reason="还是不归我",
            proposed_unit=story.cast.ecology,
            actor=story.cast.liaison.actor,
        )
