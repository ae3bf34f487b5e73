"""Who decides is prescribed: whoever asks may add to the route, never take a decider off it."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import Refused
from bihuan.ledger.deciding import Decider, posts_deciding
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def planning(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    return fresh([problem])[0]


def submit(story, problem, *players):
    return do.submit_plan(
        problem,
        goal="漏损率降到百分之十以下",
        measures=[story.draft()],
        five_assurances={},
        deliberation=story.deliberated(problem, "plan"),
        route=[("审批", player.post) for player in players],
        actor=story.cast.handler.actor,
    )


def test_a_route_of_ones_own_that_leaves_the_deciders_out_is_refused(story):
    problem = planning(story)
    with pytest.raises(Refused, match="少了“审核”"):
        submit(story, problem, story.cast.deputy)
    with pytest.raises(Refused, match="少了“签批”"):
        submit(story, problem, story.cast.reviewer)
    assert fresh([problem])[0].plan_waiting is False


def test_a_route_may_be_longer_and_choose_among_those_who_may(story):
    plan = submit(story, planning(story), story.cast.principal, story.cast.reviewer, story.cast.mayor)
    assert plan.approval.steps.count() == 3


def test_an_extension_is_not_granted_by_a_colleague(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="少了"):
        do.ask_extension(
            problem,
            reason="汛期停工。",
            new_deadline=problem.external_deadline + dt.timedelta(days=30),
            new_plan="分段施工。",
            route=[("审批", story.cast.deputy.post)],
            actor=story.cast.handler.actor,
        )


def test_an_order_is_not_issued_past_its_deciders(story):
    order = do.draft_order(story.proposed(), title="交办单", actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="少了"):
        do.submit_order(
            order, route=[("审核", story.cast.channel_keeper.post)], actor=story.cast.coordinator.actor
        )


def amend(story, problem, *players):
    return do.propose_amendment(
        problem,
        reason="新增路段",
        goal="漏损率降到百分之十以下",
        measures=[story.draft()],
        five_assurances={},
        route=[("审批", player.post) for player in players],
        actor=story.cast.handler.actor,
    )


def test_an_amendment_goes_to_the_first_approver_or_above(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="由它或以上决定"):
        amend(story, problem, story.cast.reviewer)
    assert amend(story, problem, story.cast.mayor).approval.steps.get().post == story.cast.mayor.post


def test_without_a_route_an_amendment_goes_back_to_the_first_approver(story):
    problem = story.rectifying()
    assert amend(story, problem).approval.steps.get().post == story.cast.decider.post


def test_where_the_principals_seat_is_empty_the_one_above_decides(story):
    (problem,) = story.proposed()
    cast = story.cast
    assert list(posts_deciding(Decider.PRINCIPAL, problem, cast.water)) == [cast.principal.post]
    organizations.end_tenure(cast.principal.post, actor=cast.system)
    assert list(posts_deciding(Decider.PRINCIPAL, problem, cast.water)) == [cast.mayor.post]
