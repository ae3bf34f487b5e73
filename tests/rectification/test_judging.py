"""The verbs of judging: acceptance, notice, objection, closure, filing."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.action import NotAllowed, Refused
from bihuan.organizations import actions as organizations
from bihuan.rectification import actions as do
from bihuan.rectification.models import (
    ClosureReview,
    Objection,
    PublicNotice,
)
from tests.rectification.conftest import fresh, upload
from tests.rectification.test_actions import only
from tests.rectification.test_planned_work import ask_extension

pytestmark = pytest.mark.django_db


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
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="缺竣工图", actor=story.cast.acceptor.actor
    )
    problem = only(problem)
    assert (problem.state, problem.returns) == ("rectifying", 1)


def test_a_return_names_the_gates_that_failed(story):
    problem = story.accepting()
    for gates in ({}, {"tasks": "passed"}, {"taste": "failed"}, {"tasks": "failed", "effect": "perhaps"}):
        with pytest.raises(Refused, match="哪一关"):
            do.return_acceptance(
                problem, gates=gates, what_is_missing="缺图。", actor=story.cast.acceptor.actor
            )
    do.return_acceptance(
        problem,
        gates={"tasks": "passed", "similar_cases": "failed"},
        what_is_missing="西城没有查。",
        file=upload("核查记录"),
        actor=story.cast.acceptor.actor,
    )
    kept = problem.acceptances.get()
    assert kept.gates == {"tasks": "passed", "similar_cases": "failed"}
    assert kept.file is not None


def test_a_return_says_what_is_missing(story):
    with pytest.raises(Refused, match="不能为空"):
        do.return_acceptance(
            story.accepting(),
            gates={"effect": "failed"},
            what_is_missing=" ",
            actor=story.cast.acceptor.actor,
        )


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
