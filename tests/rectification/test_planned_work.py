"""The verbs of the work itself: plan, handing down, progress and proof, extension and suspension."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.approvals import actions as approvals
from bihuan.journal.action import NotAllowed, Refused
from bihuan.ledger.steps import doing_units
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.models import (
    Evidence,
    Plan,
    Suspension,
)
from tests.rectification.conftest import upload
from tests.rectification.test_actions import only

pytestmark = pytest.mark.django_db


# ---- the plan ----------------------------------------------------------------------------------------------------


def planning(story):
    (problem,) = story.assigned()
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    return only(problem)


def test_a_minor_problem_takes_the_short_path(story):
    problem = story.rectifying(grade="minor")
    assert problem.state == "rectifying"
    assert not Plan.objects.exists()
    story.report(problem, percent=40)
    assert only(problem).progress == 40


def test_a_measure_later_than_the_problem_is_refused(story):
    problem = planning(story)
    late = story.draft(deadline=problem.external_deadline + dt.timedelta(1))
    with pytest.raises(Refused, match="晚于问题的整改期限"):
        story.plan(problem, late)
    assert not Plan.objects.exists()


def test_a_part_later_than_its_measure_is_refused(story):
    part = story.draft(deadline=story.clock.today + dt.timedelta(91))
    with pytest.raises(Refused, match="晚于上级措施的期限"):
        story.plan(planning(story), story.draft(parts=(part,)))


def test_a_unit_that_takes_no_part_gets_no_measure(story):
    with pytest.raises(Refused, match="不是牵头单位及其下属"):
        story.plan(planning(story), story.draft(unit=story.cast.ecology.pk))


def test_a_second_plan_waits_until_the_first_is_decided(story):
    problem = planning(story)
    story.plan(problem)
    with pytest.raises(Refused):
        story.plan(only(problem))


def test_a_returned_plan_may_be_sent_again_as_the_next_version(story):
    problem = planning(story)
    plan = story.plan(problem)
    story.decide(plan.approval, approve=False, opinion="目标没有量化")
    problem = only(problem)
    assert (problem.state, problem.plan_waiting) == ("planning", False)
    again = story.plan(problem)
    assert again.version == 2
    story.decide(again.approval)
    assert only(problem).state == "rectifying"


def test_a_plan_taken_back_waits_no_more(story):
    problem = planning(story)
    plan = story.plan(problem)
    approvals.withdraw(plan.approval, reason="补充", actor=story.cast.handler.actor)
    plan.refresh_from_db()
    assert (plan.state, only(problem).plan_waiting) == ("withdrawn", False)


def test_who_wrote_the_plan_does_not_approve_it(story):
    problem = planning(story)
    with pytest.raises(Refused):
        do.submit_plan(
            problem,
            goal="到位",
            measures=[story.draft()],
            five_assurances={},
            deliberation=story.deliberated(problem, "plan"),
            route=[("审批", story.cast.handler.post)],
            actor=story.cast.handler.actor,
        )


def test_an_amendment_keeps_the_progress_of_what_goes_on(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure, percent=60)
    story.prove(problem, measures=[measure])
    amended = do.propose_amendment(
        only(problem),
        reason="新增路段",
        goal="漏损率降到百分之九",
        measures=[story.draft(continues=measure.pk), story.draft(text="增加三公里")],
        five_assurances={},
        actor=story.cast.handler.actor,
    )
    assert [step.post for step in amended.approval.steps.all()] == [story.cast.decider.post]
    story.decide(amended.approval)
    first, second = story.measures(problem)
    assert (first.progress, second.progress, only(problem).progress) == (60, 0, 30)
    assert first.evidence_uses.count() == 1
    assert Plan.objects.get(version=1).state == "replaced"


# ---- handing down ------------------------------------------------------------------------------------------------


def hand_down(story, measure, unit, by=None, **more):
    facts = {"text": "更换北城管网", "deadline": measure.deadline, "deliverable": "竣工图"} | more
    return do.hand_down(measure, unit=unit, **facts, actor=(by or story.cast.handler).actor)


def test_handing_down_gives_the_unit_sight_and_a_part(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    hand_down(story, measure, story.cast.station)
    assert {unit.pk for unit in doing_units(problem)} == {story.cast.water.pk, story.cast.station.pk}


def test_a_guided_unit_beside_the_tree_may_receive(story):
    (measure,) = story.measures(story.rectifying())
    assert hand_down(story, measure, story.cast.county_water).number == "1.1"


def test_a_unit_that_is_no_subordinate_may_not_receive(story):
    (measure,) = story.measures(story.rectifying())
    with pytest.raises(Refused, match="不是本单位的下级"):
        hand_down(story, measure, story.cast.ecology)


def test_a_measure_does_not_go_round_in_a_circle(story):
    (measure,) = story.measures(story.rectifying())
    child = hand_down(story, measure, story.cast.station)
    with pytest.raises(Refused, match="不能交回去"):
        hand_down(story, child, story.cast.water, by=story.cast.subordinate)


def test_a_closed_unit_may_not_receive(story):
    (measure,) = story.measures(story.rectifying())
    section = organizations.create_unit(
        name="管网科", code="PIPES", kind="section", level=3, parent=story.cast.water, actor=story.cast.system
    )
    organizations.close_unit(section, reason="撤并", actor=story.cast.system)
    with pytest.raises(Refused, match="已经撤销"):
        hand_down(story, measure, section)


def test_what_is_handed_down_is_due_no_later_than_its_measure(story):
    (measure,) = story.measures(story.rectifying())
    with pytest.raises(Refused, match="期限晚于") as late:
        hand_down(story, measure, story.cast.station, deadline=measure.deadline + dt.timedelta(1))
    assert late.value.field == "deadline"
    assert measure.deadline.isoformat() in late.value.accepted
    with pytest.raises(Refused, match="期限已经过去") as past:
        hand_down(story, measure, story.cast.station, deadline=story.clock.today - dt.timedelta(1))
    assert past.value.field == "deadline"
    assert story.clock.today.isoformat() in past.value.accepted


# ---- progress and proof ------------------------------------------------------------------------------------------


def test_progress_goes_to_a_measure_where_there_is_a_plan(story):
    with pytest.raises(Refused, match="进展要报到具体措施上"):
        story.report(story.rectifying())


def test_a_measure_with_parts_is_not_reported_on_itself(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    hand_down(story, measure, story.cast.station)
    with pytest.raises(Refused, match="由下面汇总"):
        story.report(problem, measure=measure)


def test_another_units_measure_is_not_reported_on(story):
    problem = story.rectifying(story.draft(), story.draft(unit=story.cast.station.pk))
    own = next(one for one in story.measures(problem) if one.unit_id == story.cast.water.pk)
    with pytest.raises(NotAllowed):
        story.report(problem, measure=own, by=story.cast.subordinate)


@pytest.mark.usefixtures("uncollected_static")
def test_a_word_on_a_part_leaves_what_the_lead_said_of_the_whole(story, client_as, open_account):
    problem = story.rectifying(story.draft(), story.draft(unit=story.cast.station.pk))
    own = {one.unit_id: one for one in story.measures(problem)}
    said = {"obstacle": "占道许可未批", "next_step": "每周会商"}
    story.report(problem, measure=own[story.cast.water.pk], percent=20, **said)
    form = reverse("rectification:report_progress", args=[problem.pk])
    for player, filled in ((story.cast.handler, list(said.values())), (story.cast.subordinate, ["", ""])):
        open_account(player)
        page = client_as(player).get(form).context["form"]
        assert [page.initial.get(name, "") for name in said] == filled
    story.report(only(problem), measure=own[story.cast.station.pk], percent=30, by=story.cast.subordinate)
    whole = only(problem)
    assert (whole.reason_unfinished, whole.next_step) == tuple(said.values())
    story.report(whole, measure=own[story.cast.water.pk], percent=40)
    assert only(problem).reason_unfinished == ""


def test_a_report_is_not_from_the_future(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    with pytest.raises(Refused, match="截至日期不对"):
        story.report(problem, measure=measure, on=story.clock.today + dt.timedelta(1))


def test_the_same_file_is_not_handed_in_twice(story):
    problem = story.rectifying()
    story.prove(problem, upload=upload("同一份材料"))
    with pytest.raises(Refused, match="已经上传过"):
        story.prove(problem, upload=upload("同一份材料"))
    assert Evidence.objects.count() == 1


def test_one_proof_serves_several_measures(story):
    problem = story.rectifying(story.draft(), story.draft(text="分区计量"))
    evidence = story.prove(problem)
    do.cite_evidence(evidence, measures=story.measures(problem), actor=story.cast.handler.actor)
    assert evidence.uses.count() == 2


def test_nothing_is_added_while_somebody_judges(story):
    with pytest.raises(Refused, match="不能补传"):
        story.prove(story.accepting())


# ---- extension and suspension ------------------------------------------------------------------------------------


def ask_extension(story, problem, days=30):
    return do.ask_extension(
        problem,
        new_deadline=problem.external_deadline + dt.timedelta(days),
        reason="管材未到货",
        new_plan="四月底前到货",
        actor=story.cast.handler.actor,
    )


def test_a_granted_extension_keeps_the_first_date(story):
    problem = story.rectifying()
    first, inner = problem.external_deadline, problem.internal_deadline
    extension = ask_extension(story, problem)
    assert only(problem).external_deadline == first
    story.decide(extension.approval)
    problem = only(problem)
    assert (problem.external_deadline, problem.first_deadline) == (first + dt.timedelta(30), first)
    assert (problem.internal_deadline, problem.extensions) == (inner + dt.timedelta(30), 1)


def test_a_refused_extension_changes_nothing(story):
    problem = story.rectifying()
    extension = ask_extension(story, problem)
    story.decide(extension.approval, approve=False, opinion="不同意")
    extension.refresh_from_db()
    assert (extension.state, only(problem).extensions) == ("refused", 0)


def test_an_extension_is_asked_before_expiry(story):
    problem = story.rectifying()
    story.clock.go_on(130)
    with pytest.raises(Refused, match="期限已过"):
        ask_extension(story, problem)


def test_an_extension_is_asked_in_time(story):
    problem = story.rectifying()
    story.clock.go_on(119)
    with pytest.raises(Refused, match="离到期太近"):
        ask_extension(story, problem)


def test_two_extensions_do_not_wait_at_once(story):
    problem = story.rectifying()
    ask_extension(story, problem)
    with pytest.raises(Refused, match="已有一份延期申请"):
        ask_extension(story, only(problem))


def test_an_extension_granted_after_the_problem_ended_has_no_effect(story):
    from bihuan.ledger import actions as ledger
    from bihuan.ledger.lifecycle_words import State

    problem = story.rectifying()
    extension = ask_extension(story, problem)
    ending = ledger.request_ending(
        only(problem),
        verb="ledger.terminate",
        reason="管网拆除",
        approver=story.cast.reviewer.post,
        document_no="巡察办〔2026〕7号",
        actor=story.cast.coordinator.actor,
    )
    story.decide(ending.approval)
    assert only(problem).state == State.TERMINATED
    story.decide(extension.approval)
    extension.refresh_from_db()
    assert (extension.state, only(problem).extensions) == ("withdrawn", 0)


def suspended(story):
    problem = story.rectifying()
    suspension = do.ask_suspension(
        problem,
        resume_by=story.clock.today + dt.timedelta(60),
        reason="冻土期不能开挖",
        actor=story.cast.handler.actor,
    )
    story.decide(suspension.approval)
    return only(problem)


def test_the_dates_move_by_the_days_the_clock_stood_still(story):
    problem = suspended(story)
    before = problem.external_deadline
    (measure,) = story.measures(problem)
    assert problem.state == "suspended"
    story.clock.go_on(40)
    do.resume(problem, reason="已解冻", actor=story.cast.reviewer.actor)
    problem = only(problem)
    assert (problem.state, problem.external_deadline) == ("rectifying", before + dt.timedelta(40))
    assert Suspension.objects.get().resumed_on == story.clock.today
    (moved,) = story.measures(problem)
    assert moved.deadline == measure.deadline + dt.timedelta(40)


def test_the_unit_does_not_resume_by_itself(story):
    with pytest.raises(NotAllowed):
        do.resume(suspended(story), reason="已解冻", actor=story.cast.handler.actor)


def test_a_suspension_ends_on_a_day_within_its_limit(story):
    with pytest.raises(Refused, match="累计中止的时间太长"):
        do.ask_suspension(
            story.rectifying(),
            resume_by=story.clock.today + dt.timedelta(400),
            reason="诉讼",
            actor=story.cast.handler.actor,
        )
