from __future__ import annotations

import datetime as dt
import typing

import pytest

from bihuan.approvals import actions as approvals
from bihuan.journal.action import VERBS, NotAllowed, NotVisible, Refused
from bihuan.ledger.models import Involvement
from bihuan.ledger.steps import doing_units
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.models import (
    ClosureReview,
    Decline,
    Evidence,
    Objection,
    Plan,
    PublicNotice,
    Suspension,
)
from bihuan.rectification.verbs import LABELS, Verb
from tests.rectification.conftest import fresh, upload

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


def test_after_two_declines_the_leading_group_stands_on_the_route(story):
    problem = story.register(grade="minor")
    for _turn in range(2):
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
    with pytest.raises(Refused, match="期限晚于"):
        hand_down(story, measure, story.cast.station, deadline=measure.deadline + dt.timedelta(1))


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
    assert problem.state == "suspended"
    story.clock.go_on(40)
    do.resume(problem, reason="已解冻", actor=story.cast.reviewer.actor)
    problem = only(problem)
    assert (problem.state, problem.external_deadline) == ("rectifying", before + dt.timedelta(40))
    assert Suspension.objects.get().resumed_on == story.clock.today


def test_the_unit_does_not_resume_by_itself(story):
    with pytest.raises(NotAllowed):
        do.resume(suspended(story), reason="已解冻", actor=story.cast.handler.actor)


def test_a_suspension_ends_on_a_day_within_its_limit(story):
    with pytest.raises(Refused, match="恢复日期不对"):
        do.ask_suspension(
            story.rectifying(),
            resume_by=story.clock.today + dt.timedelta(400),
            reason="诉讼",
            actor=story.cast.handler.actor,
        )


# ---- acceptance --------------------------------------------------------------------------------------------------


def test_without_proof_nobody_applies(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure)
    with pytest.raises(Refused, match="没有佐证材料"):
        story.apply(only(problem))


def test_with_a_measure_open_nobody_applies(story):
    problem = story.rectifying()
    story.prove(problem)
    with pytest.raises(Refused, match="还有措施没有完成"):
        story.apply(only(problem))


def test_while_an_extension_waits_nobody_applies(story):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure)
    story.prove(problem)
    ask_extension(story, only(problem))
    with pytest.raises(Refused, match="延期申请在审批中"):
        story.apply(only(problem))


def test_a_failed_gate_is_a_return(story):
    problem = story.accepting()
    gates = dict.fromkeys(("tasks", "penalties", "effect", "similar_cases"), "passed") | {"lasting": "failed"}
    with pytest.raises(Refused, match="没有通过"):
        story.accept(problem, gates=gates)


def test_every_gate_is_answered(story):
    with pytest.raises(Refused, match="没有逐项判断"):
        story.accept(story.accepting(), gates={"tasks": "passed"})


def test_returns_are_counted(story):
    problem = story.accepting()
    do.return_acceptance(problem, what_is_missing="缺竣工图", actor=story.cast.acceptor.actor)
    problem = only(problem)
    assert (problem.state, problem.returns) == ("rectifying", 1)


def test_a_return_says_what_is_missing(story):
    with pytest.raises(Refused, match="不能为空"):
        do.return_acceptance(story.accepting(), what_is_missing=" ", actor=story.cast.acceptor.actor)


def external(story, problem, **more):
    facts = {
        "authority": "市审计局",
        "document_no": "云审〔2026〕4号",
        "decided_on": story.clock.today,
        "opinion": "已整改",
        "file": upload("认定书"),
    }
    do.record_external_acceptance(problem, **(facts | more), actor=story.cast.coordinator.actor)


def test_what_the_source_recognises_is_recorded_by_its_document(story):
    problem = story.accepting(source="audit")
    with pytest.raises(Refused, match="来源机关认定"):
        story.accept(problem)
    external(story, problem)
    kept = problem.acceptances.get()
    assert (kept.authority, kept.acceptor, kept.recorded_by) == (
        "市审计局",
        None,
        story.cast.coordinator.person.pk,
    )


def test_an_external_verdict_may_return(story):
    problem = story.accepting(source="audit")
    external(story, problem, accepted=False)
    assert (only(problem).state, only(problem).returns) == ("rectifying", 1)


def test_where_we_accept_ourselves_nothing_external_is_recorded(story):
    with pytest.raises(Refused, match="本级独立验收"):
        external(story, story.accepting())


# ---- notice ------------------------------------------------------------------------------------------------------


def test_the_notice_runs_for_its_working_days(story):
    notice = PublicNotice.objects.get(problem=story.noticed())
    # 2026-03-02 is a Monday; five working days after it end on the next Monday.
    assert (notice.since, notice.until) == (dt.date(2026, 3, 2), dt.date(2026, 3, 9))


def test_a_notice_does_not_end_on_its_last_day(story):
    problem = story.noticed()
    story.clock.go_on(7)
    with pytest.raises(Refused):
        do.end_notice(problem, actor=story.cast.coordinator.actor)


def heard(story, problem):
    notice = PublicNotice.objects.get(problem=problem)
    objection = do.hear_objection(
        notice,
        text="北城仍在漏水",
        who="王大爷 13800001111",
        received_on=story.clock.today,
        actor=story.cast.coordinator.actor,
    )
    return notice, objection


def test_whoever_objects_is_not_named_in_any_event(story):
    from bihuan.journal.models import JournalEvent

    heard(story, story.noticed())
    assert not [event for event in JournalEvent.objects.all() if "王大爷" in str(event.body)]
    assert Objection.objects.get().who is not None


def test_a_notice_does_not_end_with_an_objection_open(story):
    problem = story.noticed()
    heard(story, problem)
    story.clock.go_on(20)
    with pytest.raises(Refused, match="异议没有核实"):
        do.end_notice(problem, actor=story.cast.coordinator.actor)


def test_an_objection_that_holds_sends_it_back_to_work(story):
    problem = story.noticed()
    notice, objection = heard(story, problem)
    do.object_to_result(
        notice, objection=objection.pk, finding="现场属实", actor=story.cast.coordinator.actor
    )
    notice.refresh_from_db()
    assert (only(problem).state, only(problem).round, notice.state) == ("rectifying", 1, "objected")


def test_an_objection_that_does_not_hold_lets_the_notice_end(story):
    problem = story.noticed()
    notice, objection = heard(story, problem)
    do.dismiss_objection(
        notice, objection=objection.pk, finding="非本项目路段", actor=story.cast.coordinator.actor
    )
    story.clock.go_on(20)
    do.end_notice(problem, actor=story.cast.coordinator.actor)
    assert only(problem).state == "closure_review"


def test_work_secrets_are_not_put_under_public_notice(story):
    problem = story.accepting(readership="work_secret")
    story.accept(problem)
    assert only(problem).state == "closure_review"
    assert not PublicNotice.objects.exists()


# ---- closure -----------------------------------------------------------------------------------------------------


def test_several_are_closed_in_one_sitting(story):
    problems = [story.under_review(), story.under_review()]
    story.close(*problems, file=upload("会议纪要"))
    assert {problem.state for problem in fresh(problems)} == {"closed"}
    assert set(ClosureReview.objects.values_list("minutes_no", flat=True)) == {"〔2026〕8号纪要"}


def test_one_bad_problem_closes_none(story):
    good, bad = story.under_review(), story.noticed()
    with pytest.raises(Refused):
        story.close(good, bad)
    assert only(good).state == "closure_review"


def test_closure_needs_minutes(story):
    with pytest.raises(Refused, match="纪要或文号"):
        story.close(story.under_review(), minutes_no=" ")


def test_closure_is_not_decided_before_acceptance(story):
    with pytest.raises(Refused, match="审定日期不对"):
        story.close(story.under_review(), decided_on=dt.date(2026, 2, 1))


def test_the_office_does_not_close(story):
    with pytest.raises(NotAllowed):
        story.close(story.under_review(), by=story.cast.coordinator)


def test_who_proved_it_does_not_close_it(story):
    from bihuan.organizations.models import Role

    problem = story.under_review()
    organizations.grant_role(story.cast.handler.post, role=Role.DECIDER, actor=story.cast.system)
    with pytest.raises(Refused, match="上传了佐证材料"):
        story.close(problem, by=story.cast.handler)


def test_a_returned_closure_goes_back_to_work(story):
    problem = story.under_review()
    do.return_closure(problem, what_is_missing="漏损率还没有达标", actor=story.cast.decider.actor)
    assert only(problem).state == "rectifying"
    assert ClosureReview.objects.get().state == "returned"


def test_the_source_closes_what_only_it_may_close(story):
    problem = story.accepting(source="audit")
    external(story, problem)
    problem = only(problem)
    if problem.state == "noticed":
        story.clock.go_on(20)
        do.end_notice(problem, actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="销号权不在本级"):
        story.close(only(problem))
    story.close(only(problem), authority="市审计局")
    review = ClosureReview.objects.get(problem=problem)
    assert (review.authority, review.decided_by, review.recorded_by) == (
        "市审计局",
        None,
        story.cast.decider.person.pk,
    )


def test_what_is_kept_up_for_good_turns_into_standing_duty(story):
    problem = story.under_review(rectification_kind="continuous")
    do.to_standing_duty(
        [problem],
        minutes_no="〔2026〕8号纪要",
        decided_on=story.clock.today,
        opinion="转常态",
        actor=story.cast.decider.actor,
    )
    do.check_standing_duty(
        only(problem), on=story.clock.today, opinion="保持良好", actor=story.cast.coordinator.actor
    )
    with pytest.raises(Refused, match="还没有新的佐证材料"):
        do.propose_closure(only(problem), reason="机制见效", actor=story.cast.liaison.actor)
    story.prove(only(problem))
    do.propose_closure(only(problem), reason="机制见效", actor=story.cast.liaison.actor)
    assert only(problem).state == "closure_review"


def test_by_date_is_not_turned_into_standing_duty(story):
    with pytest.raises(Refused):
        do.to_standing_duty(
            [story.under_review()],
            minutes_no="〔2026〕8号纪要",
            decided_on=story.clock.today,
            opinion="转常态",
            actor=story.cast.decider.actor,
        )


def test_filing_happens_once(story):
    problem = story.under_review()
    story.close(problem)
    facts = {
        "filing_no": "备〔2026〕1号",
        "filed_on": story.clock.today,
        "actor": story.cast.coordinator.actor,
    }
    do.file_closure([only(problem)], **facts)
    with pytest.raises(Refused, match="备案"):
        do.file_closure([only(problem)], **facts)
