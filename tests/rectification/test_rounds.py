"""A round that begins with the work under way owes its plan: after a rebound, and where "fixed already" was not so."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.deadlines.models import Clock
from bihuan.deadlines.terms import events_of
from bihuan.journal.action import NotAllowed, Refused, system_only
from bihuan.journal.action import Verb as Verb_
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Source
from bihuan.ledger.registering import register_finding_row
from bihuan.ledger.supervision import raised
from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.organizations import actions as organizations
from bihuan.organizations.models import Role
from bihuan.rectification import actions as do
from bihuan.rectification.models import Acceptance, Plan
from bihuan.rectification.offers import offers_for
from bihuan.rectification.queries import to_accept, to_apply, to_plan
from bihuan.rectification.verbs import Verb
from tests.rectification.conftest import fresh, upload

pytestmark = pytest.mark.django_db


def rebounded(story, **more):
    """Closed, looked at a week later, and found to be back."""
    problem = story.under_review(**more)
    story.close(problem)
    return rebound(story, problem)


def rebound(story, problem):
    story.clock.go_on(7)
    planned = Lookback.objects.get(problem=problem, state="scheduled")
    lookback.assign_lookback([planned], unit=story.cast.audit, actor=story.cast.coordinator.actor)
    planned.refresh_from_db()
    lookback.rebound(planned, opinion="又漏了。", on=story.clock.today, actor=story.cast.inspector.actor)
    return fresh([problem])[0]


def offered(player, problem):
    return {offer.verb: offer for offer in offers_for(player.actor, problem)}


def second_acceptor(story):
    organizations.grant_role(story.cast.source_authority.post, role=Role.ACCEPTOR, actor=story.cast.system)
    return story.cast.source_authority


def worked_off(story, problem):
    for measure in story.measures(problem):
        story.report(problem, measure=measure)
    story.prove(problem)


def test_the_new_round_demands_a_plan(story):
    problem = rebounded(story)
    assert (problem.state, problem.round, problem.plan_owed) == ("rectifying", 2, True)
    assert [one.pk for one in to_plan(story.cast.handler.actor)] == [problem.pk]
    plan = offered(story.cast.handler, problem)[Verb.SUBMIT_PLAN]
    assert (plan.primary, plan.why_not) == (True, "")
    assert Verb.PROPOSE_AMENDMENT not in offered(story.cast.handler, problem)


def test_acceptance_is_refused_until_the_plan_of_this_round_is_approved(story):
    problem = rebounded(story)
    story.report(problem)
    story.prove(problem)
    with pytest.raises(Refused, match="本轮整改方案已经批准"):
        story.apply(problem)
    assert not to_apply(story.cast.handler.actor).exists()
    plan = story.plan(problem)
    problem = fresh([problem])[0]
    assert (problem.state, problem.plan_waiting) == ("rectifying", True)
    with pytest.raises(Refused, match="本轮整改方案已经批准"):
        story.apply(problem)
    story.decide(plan.approval)
    problem = fresh([problem])[0]
    assert (problem.plan_owed, problem.plan_waiting, problem.progress) == (False, False, 0)
    worked_off(story, problem)
    story.apply(problem)
    assert fresh([problem])[0].state == "accepting"


def test_the_plan_keeps_within_the_new_deadline(story):
    problem = rebounded(story)
    late = story.draft(deadline=problem.external_deadline + dt.timedelta(1))
    with pytest.raises(Refused, match="期限晚于问题的整改期限"):
        story.plan(problem, late)
    plan = story.plan(problem, story.draft(deadline=problem.external_deadline))
    assert (plan.round, plan.version) == (2, 1)


def test_the_plan_of_the_round_before_stays_what_it_was(story):
    problem = rebounded(story)
    story.decide(story.plan(problem).approval)
    assert [(one.round, one.state) for one in Plan.objects.filter(problem=problem).order_by("round")] == [
        (1, "approved"),
        (2, "approved"),
    ]


def test_a_plan_sent_back_is_owed_again(story):
    problem = rebounded(story)
    plan = story.plan(problem)
    story.decide(plan.approval, approve=False, opinion="措施太笼统。")
    problem = fresh([problem])[0]
    assert (problem.state, problem.plan_owed, problem.plan_waiting) == ("rectifying", True, False)
    story.decide(story.plan(problem).approval)
    assert fresh([problem])[0].plan_owed is False


def test_work_does_not_wait_for_the_plan(story):
    problem = rebounded(story)
    story.report(problem, percent=30)
    assert fresh([problem])[0].progress == 30


def test_the_plan_has_a_clock_of_its_own_until_it_is_approved(story):
    problem = rebounded(story)
    running = {row.kind: row for row in Clock.objects.filter(problem=problem, state="running")}
    assert set(running) == {"plan", "rectification"}
    assert running["plan"].started_on == story.clock.today
    assert running["plan"].due > story.clock.today
    assert running["rectification"].due == problem.external_deadline
    story.decide(story.plan(problem).approval)
    left = Clock.objects.filter(problem=problem, state="running")
    assert [row.kind for row in left] == ["rectification"]


def _received(problem, *, actor):
    return events_of(problem, {})["feedback_received"].date()


def received(problem, *, actor):
    """When the feedback was received as the clocks of this round see it; events are moments of an open action."""
    return Verb_("tests.received", lambda *, rows, actor: _received(rows[0], actor=actor), system_only)(
        rows=[problem], actor=actor
    )


def test_a_term_that_counts_from_the_feedback_counts_the_new_round_from_its_own_beginning(story):
    """The plan of an environmental inspection is due 45 working days after the feedback, which was a year ago."""
    batch = ledger.create_batch(
        jurisdiction=story.cast.city,
        code="DC-1",
        title="督察反馈",
        source=story.register(source="environmental_inspection").source,
        source_authority="督察组",
        received_on=story.clock.today - dt.timedelta(days=300),
        actor=story.cast.coordinator.actor,
    )
    problem = story.register(source="environmental_inspection")
    problem.batch, problem.assigned_on = batch, story.clock.today
    assert received(problem, actor=story.cast.system) == batch.received_on
    problem.round = 2
    assert received(problem, actor=story.cast.system) == story.clock.today


def test_the_short_path_owes_no_plan(story):
    problem = rebounded(story, grade="minor")
    assert (problem.round, problem.plan_owed) == (2, False)
    story.report(problem)
    story.prove(problem)
    story.apply(problem)
    assert fresh([problem])[0].state == "accepting"


def test_who_accepted_the_round_before_does_not_accept_after_the_rebound(story):
    other = second_acceptor(story)
    problem = rebounded(story)
    story.decide(story.plan(problem).approval)
    worked_off(story, problem)
    story.apply(problem)
    with pytest.raises(Refused, match="上一轮是您验收通过的"):
        story.accept(problem)
    story.accept(problem, by=other)
    assert Acceptance.objects.get(problem=problem, round=2).acceptor == other.person.pk


# ---- what a rejection means for supervision, and an overtaken answer ----


def test_the_second_rejection_raises_the_supervision_level(story):
    problem = story.accepting()
    do.return_acceptance(
        problem, gates={"tasks": "failed"}, what_is_missing="缺竣工图。", actor=story.cast.acceptor.actor
    )
    assert fresh([problem])[0].supervision_level == "regular"
    problem = fresh([problem])[0]
    story.apply(problem)
    problem = fresh([problem])[0]
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="缺竣工图。", actor=story.cast.acceptor.actor
    )
    assert fresh([problem])[0].supervision_level == "priority"


def test_the_program_never_lists_a_problem_by_itself(story):
    problem = rebounded(story)
    assert problem.supervision_level == "priority"
    problem.supervision_level = "listed"
    assert raised(problem.supervision_level) == "listed"
    assert raised("raised") == "raised"


def test_an_answer_is_overtaken_when_the_problem_is_back(story):
    batch = ledger.create_batch(
        jurisdiction=story.cast.city,
        code="A-1",
        title="巡察反馈",
        source=Source.objects.get(code="city_party_inspection"),
        source_authority="市委巡察办",
        received_on=story.clock.today,
        actor=story.cast.coordinator.actor,
    )
    finding = add_finding(batch=batch, actor=story.cast.system)
    problem = story.under_review(findings=[finding])
    story.close(problem)
    ledger.answer_finding(finding, answer="已整改到位。", document_no="1", actor=story.cast.coordinator.actor)
    problem = rebound(story, problem)
    finding.refresh_from_db()
    assert (finding.state, finding.answer) == ("open", "已整改到位。")
    assert finding.answered_at is not None
    with pytest.raises(Refused, match=problem.problem_no):
        ledger.answer_finding(finding, answer="仍到位。", document_no="2", actor=story.cast.coordinator.actor)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def _add_finding(*, batch, actor):
    return register_finding_row(batch, text="城区供水管网漏损率偏高。")


add_finding = Verb_("tests.add_finding", _add_finding, system_only)


# ---- entered as fixed already ----


def entered_fixed(story, **more):
    return story.register(fixed_on_entry=True, **({"lead_unit": story.cast.water} | more))


def test_entered_as_fixed_is_proved_by_its_unit_and_judged_by_somebody_else(story):
    problem = entered_fixed(story)
    assert problem.state == "accepting"
    assert [one.pk for one in to_accept(story.cast.acceptor.actor)] == [problem.pk]
    with pytest.raises(Refused, match="还没有佐证材料"):
        story.accept(problem)
    story.prove(problem)
    with pytest.raises(NotAllowed):
        story.accept(problem, by=story.cast.handler)
    story.accept(problem)
    assert fresh([problem])[0].state == "noticed"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_who_fixed_it_must_be_named(story):
    with pytest.raises(Refused, match="没有写明由谁整改"):
        entered_fixed(story, lead_unit=None)


def test_entered_as_fixed_and_sent_back_owes_a_plan(story):
    problem = entered_fixed(story)
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="现场仍在渗漏。", actor=story.cast.acceptor.actor
    )
    problem = fresh([problem])[0]
    assert (problem.state, problem.plan_owed) == ("rectifying", True)
    story.decide(story.plan(problem).approval)
    worked_off(story, fresh([problem])[0])
    story.apply(problem)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_an_external_verdict_against_it_leaves_the_lead_unit_in_charge(story):
    problem = story.register(fixed_on_entry=True, lead_unit=story.cast.water, source="audit")
    do.record_external_acceptance(
        problem,
        authority="市审计局",
        document_no="审〔2026〕1号",
        decided_on=story.clock.today,
        opinion="仍未整改到位。",
        file=upload("认定书"),
        accepted=False,
        actor=story.cast.coordinator.actor,
    )
    plan = offered(story.cast.handler, fresh([problem])[0])[Verb.SUBMIT_PLAN]
    assert plan.why_not == ""


def regrade(story, problem, **axes):
    ledger.edit_facts(problem, changes=axes, actor=story.cast.coordinator.actor)
    return fresh([problem])[0]


GRAVER = {"nature": "duty", "impact": "local", "urgency": "urgent"}
MINOR = {"nature": "management", "impact": "single", "urgency": "normal"}


def test_what_turns_out_graver_owes_a_plan_and_what_turns_out_minor_none(story):
    problem = story.rectifying(grade="minor")
    problem = regrade(story, problem, **GRAVER)
    assert (problem.grade, problem.plan_owed) == ("major", True)
    assert {row.kind for row in Clock.objects.filter(problem=problem, state="running")} == {
        "plan",
        "rectification",
    }
    problem = regrade(story, problem, **MINOR)
    assert (problem.grade, problem.plan_owed) == ("minor", False)


def test_a_new_grade_takes_no_approved_plan_away(story):
    problem = regrade(story, story.rectifying(), **MINOR)
    assert regrade(story, problem, **GRAVER).plan_owed is False
