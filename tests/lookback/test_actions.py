"""Looking back at what has ended."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from bihuan.calendars.rules import add_months
from bihuan.deadlines.models import Clock
from bihuan.journal.action import NotAllowed, NotVisible, Refused, action, system_only
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger.sight import can_see
from bihuan.lookback import actions
from bihuan.lookback.models import Lookback
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Role
from bihuan.policies import actions as policies
from bihuan.rectification import actions as do
from bihuan.rectification.before_verdicts import announced_visits
from bihuan.rectification.models import PublicNotice
from tests.lookback.conftest import closed, days, look, sent, waiting
from tests.rectification.conftest import fresh, upload

pytestmark = pytest.mark.django_db


def terminated(story):
    problem = story.rectifying(source="self_inspection")
    ending = ledger.request_ending(
        problem,
        verb="ledger.terminate",
        reason="站点已整体搬迁。",
        approver=story.cast.reviewer.post,
        actor=story.cast.coordinator.actor,
    )
    story.decide(ending.approval)
    story.clock.go_on(1)
    return fresh([problem])[0]


def test_closure_plans_a_look_by_policy(story):
    problem = closed(story)
    assert waiting(problem).due_on == problem.closed_on + days(90)


def test_other_endings_are_looked_at_too(story):
    problem = terminated(story)
    assert waiting(problem).due_on == problem.closed_on + days(90)


def test_the_plan_is_an_event_that_names_its_cause_and_policy(story):
    lookback = waiting(closed(story))
    (event,) = [row.body for row in JournalEvent.objects.filter(stream=lookback.pk)]
    assert event["verb"] == "lookback.schedule"
    assert event["caused_by"] is not None
    assert "lookback" in {quoted["code"] for quoted in event["policies"]}


def test_the_unit_sent_sees_the_problem_from_then_on(story):
    problem = closed(story)
    assert not can_see(story.cast.inspector.actor, problem)
    sent(story, problem)
    assert can_see(story.cast.inspector.actor, problem)


def test_sending_another_unit_ends_the_first_ones_sight(story):
    problem = closed(story)
    lookback = sent(story, problem)
    organizations.grant_role(story.cast.sector_handler.post, role=Role.INSPECTOR, actor=story.cast.system)
    story.clock.go_on(1)
    actions.assign_lookback([lookback], unit=story.cast.ecology, actor=story.cast.coordinator.actor)
    story.clock.go_on(1)
    assert not can_see(story.cast.inspector.actor, problem)


def test_an_effect_that_held_plans_the_second_look(story):
    problem = closed(story)
    look(story, sent(story, problem))
    assert fresh([problem])[0].state == "closed"
    assert waiting(problem).due_on == story.clock.today + days(365)


def test_after_the_second_look_nothing_more_is_planned(story):
    problem = closed(story)
    look(story, sent(story, problem))
    story.clock.go_on(365)
    look(story, sent(story, problem))
    assert not Lookback.objects.filter(problem=problem, state="scheduled").exists()


def test_the_problems_own_history_tells_of_the_look(story):
    problem = closed(story)
    look(story, sent(story, problem))
    last = JournalEvent.objects.filter(stream=problem.pk).order_by("-seq").first().body
    assert (last["verb"], last["facts"]["outcome"]) == ("lookback.hold", "held")


def test_a_rebound_opens_the_next_round_with_a_deadline_of_its_own(story):
    problem = closed(story)
    look(story, sent(story, problem), kept=False)
    problem = fresh([problem])[0]
    assert (problem.state, problem.round, problem.closed_on, problem.progress) == ("rectifying", 2, None, 0)
    assert problem.external_deadline >= add_months(story.clock.today, 3)
    assert problem.supervision_level == "priority"
    clock = Clock.objects.get(problem=problem, state="running", kind="rectification")
    assert (clock.kind, clock.round, clock.due) == ("rectification", 2, problem.external_deadline)
    assert clock.first_due == clock.due


def test_the_inspector_may_set_the_new_date(story):
    problem = closed(story)
    look(story, sent(story, problem), kept=False, deadline=story.clock.today + days(20))
    assert fresh([problem])[0].external_deadline == story.clock.today + days(20)


def test_a_new_date_in_the_past_is_refused_and_nothing_reopens(story):
    problem = closed(story)
    with pytest.raises(Refused, match="已经过去"):
        look(story, sent(story, problem), kept=False, deadline=story.clock.today)
    assert fresh([problem])[0].state == "closed"


def test_a_wrong_ending_is_triaged_anew(story):
    problem = terminated(story)
    look(story, sent(story, problem), kept=False)
    problem = fresh([problem])[0]
    assert (problem.state, problem.round, problem.ended_document) == ("registered", 2, "")


def test_an_early_ending_of_the_next_round_is_looked_at_again(story):
    problem = terminated(story)
    look(story, sent(story, problem), kept=False)
    again = ledger.request_ending(
        fresh([problem])[0],
        verb="ledger.terminate",
        reason="复核后确认站点已撤销。",
        approver=story.cast.reviewer.post,
        actor=story.cast.coordinator.actor,
    )
    story.decide(again.approval)
    assert waiting(problem).round == 2


def test_an_objection_after_closure_drops_the_planned_look(story):
    policies.enact(
        code="rigour",
        jurisdiction=story.cast.city,
        body={"short_path": False, "notice": "after_closure"},
        actor=story.cast.reviewer.actor,
    )
    problem = story.noticed()
    story.close(problem)
    lookback = waiting(problem)
    office = story.cast.coordinator.actor
    notice = PublicNotice.objects.get(problem=problem)
    objection = do.hear_objection(notice, text="夜间仍停水。", received_on=story.clock.today, actor=office)
    do.object_to_result(notice, objection=objection.pk, finding="情况属实。", actor=office)
    lookback.refresh_from_db()
    assert (fresh([problem])[0].state, lookback.state) == ("rectifying", "dropped")


def test_who_accepted_does_not_look_back(story):
    problem = closed(story)
    cast = story.cast
    organizations.grant_role(cast.acceptor.post, role=Role.INSPECTOR, actor=cast.system)
    with pytest.raises(Refused, match="这个单位验收"):
        actions.assign_lookback([waiting(problem)], unit=cast.inspection, actor=cast.coordinator.actor)


def test_not_even_from_another_post_in_the_unit_that_is_sent(story):
    cast = story.cast
    lookback = sent(story, closed(story))
    post = organizations.create_post(unit=cast.audit, kind="staff", name="审计局核查二岗", actor=cast.system)
    organizations.grant_role(post, role=Role.INSPECTOR, actor=cast.system)
    organizations.appoint(post, person=cast.acceptor.person, actor=cast.system)
    moved = actor_for(cast.acceptor.person, post)
    with pytest.raises(Refused, match="由您或您代理的人验收"):
        actions.hold(lookback, opinion="保持。", on=story.clock.today, actor=moved)


def test_the_unit_that_did_the_work_is_not_sent(story):
    problem = closed(story)
    cast = story.cast
    organizations.grant_role(cast.subordinate.post, role=Role.INSPECTOR, actor=cast.system)
    with pytest.raises(Refused, match="承担了整改"):
        actions.assign_lookback([waiting(problem)], unit=cast.station, actor=cast.coordinator.actor)


def test_a_unit_without_an_inspector_is_not_sent(story):
    problem = closed(story)
    with pytest.raises(Refused, match="没有回头看岗位"):
        actions.assign_lookback([waiting(problem)], unit=story.cast.data, actor=story.cast.coordinator.actor)


def test_the_table_refuses_an_acceptor_who_looks_back(story):
    lookback = sent(story, closed(story))

    @action("tests.write_anyway", may=system_only)
    def write_anyway(lookback, *, actor):
        lookback.inspector = lookback.accepted_by = story.cast.acceptor.person.pk
        lookback.save()

    with pytest.raises(IntegrityError, match="who_looks_back_did_not_accept"):
        write_anyway(lookback, actor=story.cast.system)


def test_nobody_looks_before_somebody_is_sent(story):
    lookback = waiting(closed(story))
    with pytest.raises(NotVisible):
        look(story, lookback)


def test_the_office_sends_but_does_not_judge(story):
    lookback = sent(story, closed(story))
    with pytest.raises(NotAllowed):
        look(story, lookback, by=story.cast.coordinator)


def test_the_inspected_unit_sends_nobody(story):
    problem = closed(story)
    with pytest.raises(NotAllowed):
        actions.assign_lookback([waiting(problem)], unit=story.cast.audit, actor=story.cast.handler.actor)


def test_a_colleague_without_the_role_does_not_judge(story):
    lookback = sent(story, closed(story))
    with pytest.raises(NotAllowed):
        look(story, lookback, by=story.cast.source_authority)


def test_a_look_is_judged_once(story):
    lookback = sent(story, closed(story))
    look(story, lookback)
    with pytest.raises(Refused, match="不能再办"):
        look(story, lookback, kept=False)


@pytest.mark.parametrize("number", [1, -30])
def test_the_day_of_the_look_lies_between_the_ending_and_today(story, number):
    lookback = sent(story, closed(story))
    with pytest.raises(Refused, match="日期不对"):
        look(story, lookback, on=story.clock.today + days(number))


def test_what_was_seen_is_written_down(story):
    lookback = sent(story, closed(story))
    with pytest.raises(Refused, match="核查情况"):
        look(story, lookback, opinion=" ")


def test_a_photograph_is_kept_with_the_look(story):
    problem = closed(story)
    lookback = sent(story, problem)
    look(story, lookback, covert=True, file=upload("暗访记录"))
    lookback.refresh_from_db()
    assert lookback.covert
    assert lookback.file.subject == problem.pk


def test_one_more_look_can_be_asked_for_but_not_beside_one_that_waits(story):
    problem = closed(story)
    ask = {
        "due_on": story.clock.today + days(3),
        "reason": "群众来信。",
        "actor": story.cast.coordinator.actor,
    }
    with pytest.raises(Refused, match="已安排"):
        actions.open_lookback([problem], **ask)


def test_an_open_problem_is_not_looked_back_at(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="还没有办结"):
        actions.open_lookback(
            [problem], due_on=story.clock.today, reason="抽查。", actor=story.cast.coordinator.actor
        )


def test_a_standing_duty_is_looked_at_and_may_rebound(story):
    problem = story.under_review(rectification_kind="continuous")
    do.to_standing_duty(
        [problem],
        minutes_no="9号",
        decided_on=story.clock.today,
        opinion="转常态。",
        actor=story.cast.decider.actor,
    )
    problem = fresh([problem])[0]
    assert waiting(problem).due_on == story.clock.today + days(90)
    for _year in range(3):
        look(story, sent(story, problem))
        assert fresh([problem])[0].state == "standing_duty"
        assert waiting(problem).due_on == story.clock.today + days(365)
        story.clock.go_on(365)
    look(story, sent(story, problem), kept=False)
    assert (fresh([problem])[0].state, fresh([problem])[0].round) == ("rectifying", 2)


def test_a_standing_duty_that_is_closed_after_all_is_looked_at_as_closed(story):
    """The looks made while it stood were of the duty, not of its ending."""
    problem = story.under_review(rectification_kind="continuous")
    facts = {"minutes_no": "9号", "opinion": "转常态。", "actor": story.cast.decider.actor}
    do.to_standing_duty([problem], decided_on=story.clock.today, **facts)
    look(story, sent(story, fresh([problem])[0]))
    story.clock.go_on(30)
    story.prove(fresh([problem])[0])
    do.propose_closure(fresh([problem])[0], reason="机制见效。", actor=story.cast.liaison.actor)
    assert not Lookback.objects.filter(problem=problem, state="scheduled").exists()
    story.close(fresh([problem])[0])
    assert waiting(problem).due_on == story.clock.today + days(90)
    do.file_closure(
        [fresh([problem])[0]], filing_no="备1", filed_on=story.clock.today, actor=story.cast.coordinator.actor
    )
    assert Lookback.objects.filter(problem=problem, state="scheduled").count() == 1


def test_the_journal_still_tells_every_row(story):
    problem = closed(story)
    look(story, sent(story, problem), kept=False)
    look(story, sent(story, terminated(story)))
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_look_that_was_sent_is_a_visit_its_unit_expects(story):
    problem = closed(story)
    other = story.rectifying()
    assert announced_visits(other) == []
    sent(story, problem)
    assert announced_visits(other) == [waiting(problem).due_on]
    story.clock.go_on(90)
    look(story, waiting(problem), covert=True)
    assert waiting(problem).due_on not in announced_visits(other)
    assert announced_visits(other) == []
