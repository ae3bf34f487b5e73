"""The night's run over the ladder: each reminder and each rung once, whatever becomes of the process that does it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection

from bihuan.deadlines import jobs
from bihuan.deadlines.ladder import sweeping
from bihuan.deadlines.ladder.sweeping import climb, climb_all
from bihuan.deadlines.models import Clock, LadderStep
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, action, system_only
from bihuan.journal.verify.whole import verify_journal
from bihuan.messages.models import Message
from bihuan.policies.actions import enact
from bihuan.policies.ladder_shapes import starting_ladder
from bihuan.rectification import actions as do
from tests.deadlines.climbing import overdue, proposed, rungs, steps, sweep
from tests.deadlines.reading import events, running
from tests.organizations.cast import build_cast, seed_lists
from tests.rectification.conftest import FIRST_DAY, Story
from tests.rectification.conftest import Clock as MovedClock

if TYPE_CHECKING:
    from collections.abc import Iterator


def messages_to(player) -> list[tuple[str, int]]:
    rows = Message.objects.filter(to_person=player.person.pk, kind__startswith="deadlines.")
    return sorted(rows.values_list("kind", "count"))


def test_ten_working_days_before_the_unit_is_reminded_once(story):
    problem = story.rectifying()
    story.clock.go_on((problem.external_deadline - story.clock.today).days - 14)
    assert sweep() == (1, 0)
    assert sweep() == (0, 0)
    (step,) = steps(problem)
    assert (step.rung, step.number, step.state, step.due) == (
        "reminder",
        -10,
        "sent",
        problem.external_deadline,
    )
    assert messages_to(story.cast.handler) == messages_to(story.cast.liaison) == [("deadlines.coming", 1)]
    assert messages_to(story.cast.principal) == []


def test_once_the_day_has_passed_the_heads_are_told_too(story):
    problem = story.rectifying()
    overdue(story, problem, 1)
    sweep()
    assert ("deadlines.overdue", 1) in messages_to(story.cast.principal)


def test_many_reminders_are_one_message_a_person(story):
    problems = story.assigned(3)
    do.acknowledge(problems, actor=story.cast.liaison.actor)
    overdue(story, problems[0], 1)
    sweep()
    # Plan and rectification are late for each of the three.
    assert messages_to(story.cast.handler) == [("deadlines.overdue", 6)]


def test_what_is_called_for_is_proposed_and_stands_on_its_facts(story):
    problem = story.rectifying()
    step = proposed(story, problem)
    assert (step.state, step.trigger, step.facts["working_days"]) == ("proposed", "overdue", 5)
    assert step.policy.code == "ladder"
    assert ("deadlines.proposed", 1) in messages_to(story.cast.coordinator)
    assert messages_to(story.cast.outsider) == []
    story.clock.go_on(100)
    sweep()
    assert rungs(problem) == [("supervision_letter", "proposed")]


def test_a_result_sent_back_may_call_for_it_before_any_day_has_passed(story):
    body = starting_ladder((5, 15, 30, 45, 60), 10)
    body["supervision_letter"] = {**body["supervision_letter"], "returns": 1}
    enact(code="ladder", jurisdiction=story.cast.city, body=body, actor=story.cast.coordinator.actor)
    problem = story.accepting(findings=())
    assert sweep() == (0, 0)
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="缺竣工图。", actor=story.cast.acceptor.actor
    )
    assert sweep() == (0, 1)
    (step,) = steps(problem)
    assert (step.rung, step.trigger, step.facts["count"]) == ("supervision_letter", "returns", 1)


def test_a_suspended_case_is_left_in_peace(story):
    problem = story.rectifying()
    suspension = do.ask_suspension(
        problem,
        reason="涉诉。",
        resume_by=story.clock.today.replace(month=8),
        actor=story.cast.handler.actor,
    )
    story.decide(suspension.approval)
    overdue(story, problem, 30)
    assert sweep() == (0, 0)


def test_late_acceptance_and_a_notice_put_nothing_on_the_unit(story):
    accepting = story.accepting()
    story.clock.go_on(30)
    sweep()
    kinds = LadderStep.objects.filter(problem=accepting).values_list("clock__kind", "rung")
    assert set(kinds) == {("acceptance", "reminder")}
    story.accept(accepting)
    story.clock.go_on(60)
    sweep()
    assert not LadderStep.objects.filter(clock__kind="notice").exists()


def test_an_ended_case_takes_its_proposal_with_it(story):
    (problem,) = story.assigned()
    story.clock.go_on(15)
    sweep()
    (step,) = LadderStep.objects.filter(problem=problem, state="proposed")
    assert step.clock.kind == "acknowledge"
    do.acknowledge([problem], actor=story.cast.liaison.actor)
    step.refresh_from_db()
    assert step.state == "lapsed"


def test_yellow_is_counted_when_the_light_turns_and_not_each_day(story):
    problem = story.rectifying()
    for days_left in (9, 8, 2):
        story.clock.go_on((problem.external_deadline - story.clock.today).days - days_left)
        sweep()
    assert running(problem)["rectification"].yellows == 1


@pytest.mark.django_db
def test_only_the_program_climbs(story):
    with pytest.raises(NotAllowed):
        climb(actor=story.cast.coordinator.actor)


def test_the_climb_finds_its_rows_by_the_index(story):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT problem_id FROM deadlines_clock WHERE state = 'running' AND next_rung <= %s",
            [story.clock.today],
        )
        assert "clock_next_rung" in "\n".join(row[0] for row in cursor.fetchall())


def test_the_job_does_both(story):
    problem = story.rectifying()
    overdue(story, problem, 5)
    jobs.sweep()
    assert running(problem)["rectification"].light == "red"
    assert rungs(problem) == [("supervision_letter", "proposed")]


def test_the_database_refuses_a_rung_twice(story):
    problem = story.rectifying()
    step = proposed(story, problem)

    @action("tests.climb_again", may=system_only)
    def climb_again(*, actor):
        columns = ("problem", "clock", "rung", "number", "due", "trigger", "facts", "policy", "state")
        LadderStep.objects.create(
            **{name: getattr(step, name) for name in columns}, proposed_on=step.proposed_on
        )

    with pytest.raises(IntegrityError, match="rung_once_for_a_clock"):
        climb_again(actor=story.cast.system)


def test_a_climb_killed_between_blocks_is_finished_by_the_next(story):
    problems = story.assigned(3)
    overdue(story, problems[0], 5)
    climb(size=1, actor=story.cast.system)
    climb_all(size=1)
    # Acknowledgement and rectification, a reminder and a letter each; one letter at a time.
    assert Counter(LadderStep.objects.values_list("rung", flat=True)) == {
        "reminder": 6,
        "supervision_letter": 3,
    }
    assert [len(events(problem, "deadlines.climb")) for problem in problems] == [1, 1, 1]


def test_a_block_killed_half_way_leaves_nothing_and_is_done_again_whole(story, monkeypatch):
    (problem,) = story.assigned()
    overdue(story, problem, 5)

    def killed(_steps):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweeping, "tell_of", killed)
    with pytest.raises(KeyboardInterrupt):
        climb_all()
    assert not LadderStep.objects.exists()
    monkeypatch.undo()
    climb_all()
    assert LadderStep.objects.count() == 3


@pytest.fixture
def late_city(committed) -> Iterator[tuple[str, Story]]:
    """Eight problems long overdue, really committed, so that other processes find them."""
    with timesource.at(FIRST_DAY):
        cast = build_cast()
        seed_lists(cast)
        story = Story(cast, MovedClock())
        overdue(story, story.assigned(8)[0], 5)
        yield committed, story


def child(database: str, story: Story, pause: float) -> subprocess.Popen[str]:
    arguments = ["-m", "tests.deadlines.climbing_child", database, story.clock.now.isoformat(), str(pause)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings"}
    return subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_then_run_by_two_at_once_each_rung_is_there_once(late_city):
    database, story = late_city
    with child(database, story, 30) as first:
        assert first.stdout is not None
        first.stdout.readline()
        first.kill()
    assert LadderStep.objects.filter(rung="supervision_letter").count() == 1
    with child(database, story, 0.2) as second:
        assert second.stdout is not None
        second.stdout.readline()
        climb_all(size=1)
        assert second.wait(timeout=60) == 0
    found = Counter(LadderStep.objects.values_list("clock", "rung"))
    assert Counter(found.values()) == {1: 24}
    assert sum(rung == "supervision_letter" for _clock, rung in found) == 8
    assert climb_all() == (0, 0)
    assert not Clock.objects.filter(state="running", next_rung__lte=story.clock.today).exists()
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).found == []
