"""The closure sitting: prepared by one, decided by another, in one act for every problem before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from bihuan.journal.action import NotAllowed, NotVisible, Refused, Verb, system_only
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.rectification import actions as do
from bihuan.rectification.actions.closure import refuse_involved
from bihuan.rectification.actions.sitting_decisions import objections_to_decider
from bihuan.rectification.actions.sittings import CaseMark
from bihuan.rectification.models import ClosureReview, ClosureSitting, SittingCase
from bihuan.rectification.sitting_queries import sittings_seen, waiting_for_sitting
from tests.rectification.conftest import fresh, upload

pytestmark = pytest.mark.django_db


def reviewed(story, count=1):
    """Problems that wait for closure review."""
    problems = [story.noticed() for _ in range(count)]
    story.clock.go_on(20)
    for problem in problems:
        do.end_notice(problem, actor=story.cast.coordinator.actor)
    return fresh(problems)


def prepared(story, *problems, by=None, **more):
    facts = {"title": "第三次销号会审", "held_on": story.clock.today, "place": "第一会议室"}
    return do.prepare_sitting(list(problems), **(facts | more), actor=(by or story.cast.coordinator).actor)


def marked(story, sitting, *marks, by=None):
    do.mark_cases(sitting, marks=list(marks), actor=(by or story.cast.coordinator).actor)


def decide(story, sitting, by=None, **more):
    facts = {"minutes_no": "〔2026〕5号纪要", "opinion": "会议同意整改办意见。"}
    do.decide_sitting(sitting, **(facts | more), actor=(by or story.cast.decider).actor)


def test_every_outcome_takes_effect_in_one_act_with_one_event_each(story):
    problems = reviewed(story, 3)
    sitting = prepared(
        story, *problems, members=[story.cast.mayor.post], other_members=["市纪委监委 李某", ""]
    )
    assert [one["name"] for one in sitting.members][1:] == ["市纪委监委 李某"]
    close, back, later = problems
    marked(
        story,
        sitting,
        CaseMark(close.pk, "approve"),
        CaseMark(back.pk, "return", "西城没有查。", ("similar_cases", "taste")),
        CaseMark(later.pk, "defer", "等检测报告。"),
    )
    before = {one.pk: JournalEvent.objects.filter(stream=one.pk).count() for one in problems}
    decide(story, sitting, file=upload("会议纪要"))
    close, back, later = fresh(problems)
    assert [close.state, back.state, later.state] == ["closed", "rectifying", "closure_review"]
    assert close.closed_on == story.clock.today
    reviews = {one.problem_id: one for one in ClosureReview.objects.filter(sitting=sitting)}
    assert reviews.keys() == {close.pk, back.pk}
    assert reviews[close.pk].minutes_no == "〔2026〕5号纪要"
    assert (reviews[back.pk].opinion, reviews[back.pk].failed) == ("西城没有查。", ["similar_cases"])
    verbs = {
        one.pk: list(
            JournalEvent.objects.filter(stream=one.pk, verb="rectification.decide_sitting").values_list(
                "body", flat=True
            )
        )
        for one in problems
    }
    assert all(len(found) == 1 for found in verbs.values()), before
    assert not SittingCase.objects.filter(open=True).exists()
    kept = ClosureSitting.objects.get()
    assert (kept.state, kept.decided_by) == ("decided", story.cast.decider.person.pk)
    assert kept.file is not None
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_deferred_problem_may_stand_before_the_next_sitting(story):
    (problem,) = reviewed(story)
    first = prepared(story, problem)
    assert not waiting_for_sitting(story.cast.coordinator.actor).exists()
    with pytest.raises(Refused, match="已列入另一次会审"):
        prepared(story, problem)
    marked(story, first, CaseMark(problem.pk, "defer", "等检测报告。"))
    decide(story, first)
    assert waiting_for_sitting(story.cast.coordinator.actor).get() == problem
    second = prepared(story, *fresh([problem]))
    marked(story, second, CaseMark(problem.pk, "approve"))
    decide(story, second, minutes_no="〔2026〕6号纪要")
    assert fresh([problem])[0].state == "closed"


def test_nothing_is_decided_while_a_row_is_open_or_the_meeting_to_come(story):
    problems = reviewed(story, 2)
    sitting = prepared(story, *problems, held_on=story.clock.today + dt.timedelta(days=3))
    marked(story, sitting, CaseMark(problems[0].pk, "approve"))
    with pytest.raises(Refused, match="会还没有开"):
        decide(story, sitting)
    story.clock.go_on(3)
    with pytest.raises(Refused, match=f"还有 1 件没有填写意见：{problems[1].problem_no}"):
        decide(story, sitting)
    assert [one.state for one in fresh(problems)] == ["closure_review"] * 2


def test_a_return_and_a_deferral_say_why(story):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    for outcome in ("return", "defer"):
        with pytest.raises(Refused, match="不能为空"):
            marked(story, sitting, CaseMark(problem.pk, outcome, " "))
    with pytest.raises(Refused, match="没有这种审定结果"):
        marked(story, sitting, CaseMark(problem.pk, "perhaps"))


def test_a_meeting_before_the_acceptance_decides_nothing(story):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem, held_on=dt.date(2026, 1, 5))
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    with pytest.raises(Refused, match="早于验收日期"):
        decide(story, sitting)


def test_what_the_source_closes_is_not_closed_here(story):
    problem = story.accepting(source="audit")
    do.record_external_acceptance(
        problem,
        authority="市审计局",
        document_no="云审〔2026〕4号",
        decided_on=story.clock.today,
        opinion="已整改",
        file=upload("认定书"),
        actor=story.cast.coordinator.actor,
    )
    (problem,) = fresh([problem])
    if problem.state == "noticed":
        story.clock.go_on(20)
        do.end_notice(problem, actor=story.cast.coordinator.actor)
    sitting = prepared(story, *fresh([problem]))
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    with pytest.raises(Refused, match="销号权不在本级"):
        decide(story, sitting)


# ---- independence: nobody decides what he prepared, did, proved or accepted --------------------------------------------


def test_whoever_prepared_does_not_decide(story):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    with pytest.raises(NotAllowed):
        decide(story, sitting, by=story.cast.coordinator)
    sitting.refresh_from_db()
    assert sitting.state == "prepared"


def test_the_rule_for_many_is_the_rule_for_one(story):
    """Everybody in the cast, asked of each problem alone and of all at once."""
    problems = [*reviewed(story, 2), story.rectifying()]
    for name, player in story.cast.players.items():
        against = objections_to_decider(problems, player.actor)
        for problem in problems:
            try:
                refuse_involved(problem, player.actor)
                alone = False
            except Refused:
                alone = True
            assert (name, problem.problem_no, problem.pk in against) == (name, problem.problem_no, alone)


def test_whoever_accepted_a_problem_does_not_decide_it(story):
    """The acceptor was since given a post in the leading group's place."""
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    acceptor = replace(story.cast.decider.actor, person=story.cast.acceptor.person.pk)
    with pytest.raises(Refused, match="您验收了这个问题"):
        do.decide_sitting(sitting, minutes_no="1", opinion="同意。", actor=acceptor)
    assert fresh([problem])[0].state == "closure_review"


def test_the_database_knows_that_the_preparer_does_not_decide(story):
    """Were the action's own check gone, the row could still not be written."""
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    marked(story, sitting, CaseMark(problem.pk, "approve"))
    preparer = replace(story.cast.decider.actor, person=story.cast.coordinator.person.pk)
    with pytest.raises(Refused, match="筹备会审的人不能审定"):
        do.decide_sitting(sitting, minutes_no="1", opinion="同意。", actor=preparer)

    def forge(one, *, actor):
        one.state, one.minutes_no, one.decided_on = "decided", "1", story.clock.today
        one.decided_by = one.prepared_by
        one.save()

    with pytest.raises(IntegrityError, match="sitting_not_decided_by_who_prepared"):
        Verb("tests.forge_sitting", forge, system_only)(sitting, actor=story.cast.system)


# ---- sight -------------------------------------------------------------------------------------------------------------


def test_a_sitting_is_the_offices_and_the_deciders(story):
    (problem,) = reviewed(story)
    sitting = prepared(story, problem)
    cast = story.cast
    for seen, players in (
        (True, (cast.coordinator, cast.reviewer, cast.decider)),
        (False, (cast.handler, cast.principal, cast.acceptor, cast.outsider, cast.county_handler)),
    ):
        for player in players:
            assert sittings_seen(player.actor).filter(pk=sitting.pk).exists() is seen, player
    with pytest.raises(NotVisible):
        marked(story, sitting, CaseMark(problem.pk, "approve"), by=cast.outsider)
    with pytest.raises(NotAllowed):
        marked(story, sitting, CaseMark(problem.pk, "approve"), by=cast.handler)
    with pytest.raises(NotAllowed):
        prepared(story, problem, by=cast.handler)
    with pytest.raises(NotAllowed):
        decide(story, sitting, by=cast.reviewer)


def test_cases_come_and_go_until_it_is_decided(story):
    one, other, third = reviewed(story, 3)
    sitting = prepared(story, one, other)
    do.edit_sitting(
        sitting, title="改期的会审", add=[third], leave_out=[one], actor=story.cast.coordinator.actor
    )
    assert [row.problem_id for row in sitting.cases.order_by("ordinal")] == [other.pk, third.pk]
    with pytest.raises(Refused, match="一件也不剩"):
        do.edit_sitting(sitting, leave_out=[other, third], actor=story.cast.coordinator.actor)
    do.cancel_sitting(sitting, reason="改由专题会研究。", actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="已取消"):
        marked(story, sitting, CaseMark(other.pk, "approve"))
    assert waiting_for_sitting(story.cast.coordinator.actor).count() == 3
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_case_more_costs_no_statement_more(story):
    """What the cases have in common is asked once, and what is written of them is written together."""
    problems = reviewed(story, 5)
    counts = []
    for some in (problems[:2], problems[2:]):
        sitting = prepared(story, *some)
        marked(story, sitting, *(do.CaseMark(one.pk, "approve") for one in some))
        with CaptureQueriesContext(connection) as asked:
            decide(story, sitting)
        counts.append(len(asked))
    assert counts[1] <= counts[0], counts
