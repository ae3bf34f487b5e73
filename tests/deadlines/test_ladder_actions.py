"""Taking up what was proposed, determining conduct, and coming down again: each asked by one, decided by another."""

from __future__ import annotations

import pytest

from bihuan.approvals import actions as approvals
from bihuan.deadlines.actions import raise_light
from bihuan.deadlines.ladder import conducting, taking
from bihuan.deadlines.models import Clock, Conduct, LadderStep
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.ledger.supervision import LEVELS, at_least, levels_below
from bihuan.messages.models import Message
from bihuan.policies.actions import enact
from bihuan.policies.ladder_shapes import starting_ladder
from bihuan.rectification import actions as do
from tests.deadlines.climbing import determined, opened, overdue, proposed, rungs, steps, sweep, taken
from tests.deadlines.reading import events, running
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


def level(problem) -> str:
    return fresh([problem])[0].supervision_level


def test_a_rung_is_taken_by_the_approval_and_not_by_asking(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    row = taking.take_up_rung([step], reason="逾期。", actor=story.cast.coordinator.actor)
    assert (rungs(problem), level(problem)) == ([("supervision_letter", "asked")], "regular")
    story.decide(row.approval)
    assert (rungs(problem), level(problem)) == ([("supervision_letter", "taken")], "priority")
    told = Message.objects.filter(kind="deadlines.supervised").values_list("to_person", flat=True)
    assert story.cast.principal.person.pk in told
    (event,) = events(problem, "deadlines.settle_rungs")
    assert event["facts"]["rung"] == "supervision_letter"


def test_who_asks_never_approves(story):
    problem = story.rectifying()
    row = taking.take_up_rung([proposed(story, problem)], reason="逾期。", actor=story.cast.coordinator.actor)
    (step,) = row.approval.steps.all()
    assert step.post_id == story.cast.reviewer.post.pk
    with pytest.raises(NotAllowed):
        approvals.decide(row.approval, opinion="同意", approve=True, actor=story.cast.coordinator.actor)


def test_returned_it_waits_again_and_withdrawn_too(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    row = taking.take_up_rung([step], reason="逾期。", actor=story.cast.coordinator.actor)
    story.decide(row.approval, approve=False, opinion="先约谈联络员。")
    assert rungs(problem) == [("supervision_letter", "proposed")]
    again = taking.take_up_rung([step], reason="仍未整改。", actor=story.cast.coordinator.actor)
    approvals.withdraw(again.approval, actor=story.cast.coordinator.actor)
    row.refresh_from_db()
    again.refresh_from_db()
    assert (row.state, again.state) == ("returned", "withdrawn")
    assert rungs(problem) == [("supervision_letter", "proposed")]
    taken(story, step)
    assert rungs(problem) == [("supervision_letter", "taken")]


def test_many_cases_are_one_decision(story):
    problems = story.assigned(3)
    do.acknowledge(problems, actor=story.cast.liaison.actor)
    overdue(story, problems[0], 5)
    sweep()
    chosen = [
        step for problem in problems for step in LadderStep.objects.filter(problem=problem, state="proposed")
    ]
    row = taken(story, *chosen)
    assert row.approval.title == "督办函：3 件"
    assert {level(problem) for problem in problems} == {"priority"}


def test_what_ended_meanwhile_is_pressed_no_more(story):
    (problem,) = story.assigned()
    story.clock.go_on(15)
    sweep()
    (step,) = LadderStep.objects.filter(problem=problem, state="proposed")
    row = taking.take_up_rung([step], reason="逾期未签收。", actor=story.cast.coordinator.actor)
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    story.decide(row.approval)
    step.refresh_from_db()
    assert (step.state, level(problem)) == ("lapsed", "regular")


def test_dismissed_for_a_reason_it_counts_as_had(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    with pytest.raises(Refused, match="理由"):
        taking.dismiss_rung([step], reason=" ", actor=story.cast.coordinator.actor)
    taking.dismiss_rung([step], reason="单位已来函说明。", actor=story.cast.coordinator.actor)
    sweep()
    assert rungs(problem) == [("supervision_letter", "dismissed")]
    assert running(problem)["rectification"].next_rung is not None
    with pytest.raises(Refused, match="已经办过"):
        taking.take_up_rung([step], reason="再议。", actor=story.cast.coordinator.actor)
    bodies = [row.body for row in JournalEvent.objects.filter(stream=step.pk)]
    assert "来函" not in str(bodies)


def test_only_the_office_takes_up_and_strangers_find_nothing(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    for verb in (taking.take_up_rung, taking.dismiss_rung):
        with pytest.raises(NotAllowed):
            verb([step], reason="逾期。", actor=story.cast.handler.actor)
        with pytest.raises(NotVisible):
            verb([step], reason="逾期。", actor=story.cast.outsider.actor)
        with pytest.raises(NotAllowed):
            verb([step], reason="逾期。", actor=story.cast.system)
        with pytest.raises(Refused):
            verb([], reason="逾期。", actor=story.cast.coordinator.actor)


def test_different_rungs_are_not_one_decision(story):
    one, other = story.rectifying(), story.rectifying(findings=())
    letter = proposed(story, one)
    taken(story, letter)
    determined(story, one)
    circular = proposed(story, one, "circular")
    waiting = steps(other, rung="supervision_letter")
    with pytest.raises(Refused, match="不是同一级"):
        taking.take_up_rung([circular, *waiting], reason="逾期。", actor=story.cast.coordinator.actor)


def test_a_suspended_case_is_not_pressed(story):
    body = starting_ladder((5, 15, 30, 45, 60), 10)
    body["supervision_letter"] = {**body["supervision_letter"], "at_light": "red"}
    enact(code="ladder", jurisdiction=story.cast.city, body=body, actor=story.cast.coordinator.actor)
    problem = story.rectifying(findings=())
    raise_light(problem, kind="rectification", to="red", reason="批示。", actor=story.cast.coordinator.actor)
    assert sweep() == (0, 1)
    suspension = do.ask_suspension(
        problem, reason="涉诉。", resume_by=story.clock.today.replace(month=5), actor=story.cast.handler.actor
    )
    story.decide(suspension.approval)
    with pytest.raises(Refused, match="停表"):
        taking.take_up_rung(steps(problem), reason="逾期。", actor=story.cast.coordinator.actor)


def test_a_retry_with_the_same_key_asks_once(story):
    step = proposed(story, story.rectifying())
    call = taking.take_up_rung.call(key="retry-1")
    first = call([step], reason="逾期。", actor=story.cast.coordinator.actor)
    assert call([step], reason="逾期。", actor=story.cast.coordinator.actor).pk == first.pk


def test_above_the_letter_nothing_is_proposed_before_conduct_is_determined(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    overdue(story, problem, 40)
    sweep()
    clock = running(problem)["rectification"]
    assert (rungs(problem), clock.ladder_wait) == ([("supervision_letter", "taken")], "conduct")
    determined(story, problem)
    sweep()
    assert rungs(problem)[-1] == ("circular", "proposed")
    assert running(problem)["rectification"].ladder_wait == "proposal"


def test_the_whole_ladder_to_the_list_and_down_again_by_approval(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    determined(story, problem)
    for rung in ("circular", "admonitory_talk", "public_listing", "accountability"):
        story.clock.go_on(40)
        sweep()
        (step,) = steps(problem, rung=rung)
        taken(story, step)
    story.clock.go_on(400)
    assert sweep()[1] == 0
    assert [rung for rung, state in rungs(problem) if state == "taken"] == [
        "supervision_letter",
        "circular",
        "admonitory_talk",
        "public_listing",
        "accountability",
    ]
    assert level(problem) == "listed"
    told = Message.objects.filter(kind="deadlines.supervised", to_person=story.cast.principal.person.pk)
    assert sum(told.values_list("count", flat=True)) == 4
    problem = fresh([problem])[0]
    row = taking.ask_delisting(
        problem, to="regular", reason="隐患已消除，复查合格。", actor=story.cast.coordinator.actor
    )
    assert level(problem) == "listed"
    with pytest.raises(Refused, match="正在审批"):
        taking.ask_delisting(problem, to="regular", reason="再报。", actor=story.cast.coordinator.actor)
    story.decide(row.approval)
    row.refresh_from_db()
    assert (row.state, level(problem)) == ("granted", "regular")


def test_a_level_is_not_asked_upwards_or_for_by_the_unit(story):
    problem = story.rectifying()
    with pytest.raises(Refused, match="只能申请降低"):
        taking.ask_delisting(problem, to="listed", reason="挂牌。", actor=story.cast.coordinator.actor)
    taken(story, proposed(story, problem))
    problem = fresh([problem])[0]
    with pytest.raises(NotAllowed):
        taking.ask_delisting(problem, to="regular", reason="已改。", actor=story.cast.handler.actor)
    row = taking.ask_delisting(problem, to="regular", reason="已改。", actor=story.cast.coordinator.actor)
    story.decide(row.approval, approve=False, opinion="尚未复查。")
    row.refresh_from_db()
    assert (row.state, level(problem)) == ("returned", "priority")


def test_conduct_is_told_to_the_unit_which_replies_once_in_its_term(story):
    problem = story.rectifying()
    row = opened(story, problem, "perfunctory")
    assert (row.unit, row.round, row.state) == (story.cast.water, 1, "opened")
    assert (row.reply_until - row.opened_on).days == 7
    assert Message.objects.filter(kind="deadlines.conduct", to_person=story.cast.liaison.person.pk).exists()
    with pytest.raises(Refused, match="申辩期限未到"):
        conducting.determine_conduct(
            row, finding="refused", opinion="属实。", actor=story.cast.reviewer.actor
        )
    with pytest.raises(NotAllowed):
        conducting.reply_to_conduct(row, reply="代答。", actor=story.cast.coordinator.actor)
    with pytest.raises(NotVisible):
        conducting.reply_to_conduct(row, reply="代答。", actor=story.cast.outsider.actor)
    conducting.reply_to_conduct(row, reply="雨季停工，非不作为。", actor=story.cast.handler.actor)
    with pytest.raises(Refused, match="只提一次"):
        conducting.reply_to_conduct(row, reply="补充。", actor=story.cast.handler.actor)
    bodies = [event.body for event in JournalEvent.objects.filter(stream=row.pk)]
    assert "雨季" not in str(bodies)


def test_after_its_term_no_reply_is_taken(story):
    row = opened(story, story.rectifying())
    story.clock.go_on(8)
    with pytest.raises(Refused, match="已过"):
        conducting.reply_to_conduct(row, reply="雨季停工。", actor=story.cast.handler.actor)


def test_who_opened_it_decides_nothing_of_it(story):
    row = opened(story, story.rectifying())
    story.clock.go_on(8)
    # The reviewer asks, so the route falls to the leading group; who opened it is kept out by name.
    conducting.determine_conduct(row, finding="sham", opinion="属实。", actor=story.cast.reviewer.actor)
    row.refresh_from_db()
    assert row.approval.excluded == [str(story.cast.coordinator.person.pk)]
    story.decide(row.approval)
    row.refresh_from_db()
    assert (row.state, row.get_proposed_display(), row.determined_on) == (
        "determined",
        "虚假整改",
        story.clock.today,
    )


def test_cleared_it_opens_no_upper_rung(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    assert determined(story, problem, "none").state == Conduct.State.CLEARED
    overdue(story, problem, 40)
    sweep()
    assert rungs(problem) == [("supervision_letter", "taken")]


def test_conduct_of_an_earlier_round_does_not_count(story):
    problem = story.rectifying()
    taken(story, proposed(story, problem))
    row = determined(story, problem)
    assert Conduct.objects.filter(problem=problem, round=1).count() == 1
    assert row.round == Clock.objects.get(problem=problem, kind="rectification").round


def test_one_determination_at_a_time_and_none_before_anybody_answers(story):
    problem = story.rectifying()
    opened(story, problem)
    with pytest.raises(Refused, match="已有一件"):
        opened(story, problem)
    with pytest.raises(Refused, match="没有在办"):
        opened(story, story.register())
    with pytest.raises(Refused, match="没有这种"):
        opened(story, story.register(), "lazy")


@pytest.mark.parametrize("now", LEVELS)
@pytest.mark.parametrize("wanted", LEVELS)
def test_levels_rise_by_a_decision_and_fall_only_below_themselves(now, wanted):
    after = at_least(now, wanted)
    assert LEVELS.index(after) == max(LEVELS.index(now), LEVELS.index(wanted))
    assert all(LEVELS.index(one) < LEVELS.index(now) for one in levels_below(now))


def test_a_level_of_the_offices_own_making_is_left_as_it_is():
    assert at_least("special", "listed") == "special"
    assert at_least("regular", "unchanged") == "regular"
    assert levels_below("special") == ()
