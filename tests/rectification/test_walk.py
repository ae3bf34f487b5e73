from __future__ import annotations

import pytest

from bihuan.approvals import actions as approvals
from bihuan.files.actions import receive
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.rectification import actions as do
from bihuan.rectification.models import ClosureReview, PublicNotice
from tests.rectification.conftest import fresh, upload

pytestmark = pytest.mark.django_db


def test_a_problem_walks_from_order_to_filing(story):
    cast, clock = story.cast, story.clock
    problems = order_on_paper(story, story.proposed(3))
    do.acknowledge(problems, handler=cast.handler.post, actor=cast.liaison.actor)
    problem = fresh(problems)[0]
    assert problem.state == "planning"
    plan = story.plan(problem, story.draft(), story.draft(text="建立分区计量"))
    story.decide(plan.approval)
    problem = fresh([problem])[0]
    assert problem.state == "rectifying"
    rectify(story, problem)
    story.apply(problem)
    story.accept(problem)
    problem = fresh([problem])[0]
    assert problem.state == "noticed"

    notice = PublicNotice.objects.get(problem=problem)
    clock.go_on((notice.until - clock.today).days + 1)
    do.end_notice(problem, actor=cast.coordinator.actor)
    story.close(problem, file=upload("会议纪要"))
    problem = fresh([problem])[0]
    assert (problem.state, problem.closed_on) == ("closed", clock.today)
    assert ClosureReview.objects.get(problem=problem).minutes_no == "〔2026〕8号纪要"
    do.file_closure(
        [problem], filing_no="云整改备〔2026〕1号", filed_on=clock.today, actor=cast.coordinator.actor
    )
    assert fresh([problem])[0].filing_no == "云整改备〔2026〕1号"
    assert [found for name in partitions() for found in verify_partition(name).found] == []


def order_on_paper(story, problems):
    """Reviewed in the program, signed on paper, confirmed by a second person, issued once."""
    cast, clock = story.cast, story.clock
    order = story.order(problems)
    approval = order.approval
    approvals.decide(approval, opinion="同意", actor=cast.reviewer.actor)
    signed = receive(
        upload=upload("签批件"),
        subject_kind="assignment_order",
        subject=order.pk,
        actor=cast.coordinator.actor,
    )
    approvals.record_paper_decision(
        approval,
        decided_by_name=cast.decider.person.name,
        decided_on=clock.today,
        opinion="同意下达",
        document_no="云整改签〔2026〕5号",
        signed_copy=signed,
        actor=cast.coordinator.actor,
    )
    approvals.confirm_paper_decision(approval, actor=cast.channel_keeper.actor)
    do.issue_order(
        order, document_no="云整改〔2026〕3号", issued_on=clock.today, actor=cast.coordinator.actor
    )
    problems = fresh(problems)
    assert {problem.state for problem in problems} == {"assigned"}
    assert all(problem.first_deadline == problem.external_deadline for problem in problems)
    return problems


def rectify(story, problem):
    """One measure handed down and half done, then all of them done and proved."""
    cast = story.cast
    first, second = story.measures(problem)
    child = do.hand_down(
        first,
        unit=cast.station,
        post=cast.subordinate.post,
        text="更换北城管网",
        deadline=first.deadline,
        deliverable="竣工图",
        actor=cast.handler.actor,
    )
    story.report(problem, measure=child, by=cast.subordinate, percent=50)
    assert fresh([problem])[0].progress == 25
    story.report(problem, measure=child, by=cast.subordinate)
    story.report(problem, measure=second)
    assert fresh([problem])[0].progress == 100
    story.prove(problem, by=cast.subordinate, measures=[child, second])
