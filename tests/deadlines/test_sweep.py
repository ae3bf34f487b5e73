"""The sweep: lights change with the days, once each, whatever becomes of the process that does it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bihuan.deadlines import actions, rules
from bihuan.deadlines.ladder import taking
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.deadlines.models import Clock, LadderStep
from bihuan.deadlines.readings import facts_of, thresholds_of
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, Refused
from bihuan.ledger.actions import edit_facts
from bihuan.rectification import actions as do
from tests.deadlines.climbing import steps
from tests.deadlines.reading import events, running
from tests.organizations.cast import build_cast, seed_lists
from tests.rectification.conftest import FIRST_DAY, Story, fresh
from tests.rectification.conftest import Clock as MovedClock

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem

SWEPT = "deadlines.sweep"


def to_the_day_of_blue(story: Story, problem: Problem) -> None:
    days = (problem.external_deadline - story.clock.today).days - 15
    story.clock.go_on(days)


def colour(problem: Problem) -> str:
    return running(problem)["rectification"].light


def test_the_light_changes_on_its_day_and_not_before(story):
    (problem,) = story.assigned()
    to_the_day_of_blue(story, problem)
    story.clock.go_on(-1)
    actions.sweep_all()
    assert colour(problem) == "green"
    story.clock.go_on(1)
    actions.sweep_all()
    assert colour(problem) == "blue"


def test_a_sweep_that_slept_for_months_reads_what_holds_today(story):
    (problem,) = story.assigned()
    story.clock.go_on(200)
    actions.sweep_all()
    assert colour(problem) == "red"
    assert running(problem)["rectification"].next_change is None


def test_sweeping_twice_changes_nothing_twice(story):
    problems = story.assigned(3)
    to_the_day_of_blue(story, problems[0])
    # Acknowledgement turned red meanwhile, so each problem has two clocks to change.
    assert actions.sweep_all(size=2) == 6
    assert actions.sweep_all(size=2) == 0
    assert [len(events(problem, SWEPT)) for problem in problems] == [1, 1, 1]


def test_a_sweep_killed_between_blocks_is_finished_by_the_next(story):
    problems = story.assigned(3)
    to_the_day_of_blue(story, problems[0])
    first = actions.sweep(size=1, actor=story.cast.system)
    assert first.changed == 2
    actions.sweep_all(size=1)
    assert [colour(problem) for problem in problems] == ["blue"] * 3
    assert [len(events(problem, SWEPT)) for problem in problems] == [1, 1, 1]


def test_a_block_killed_half_way_leaves_nothing_and_is_done_again_whole(story, monkeypatch):
    problems = story.assigned(2)
    to_the_day_of_blue(story, problems[0])
    reads = iter([True, True, True])

    def read_until_killed(*args):
        if not next(reads, False):
            raise KeyboardInterrupt
        return real(*args)

    real = actions.read
    monkeypatch.setattr(actions, "read", read_until_killed)
    with pytest.raises(KeyboardInterrupt):
        actions.sweep_all()
    assert [colour(problem) for problem in problems] == ["green", "green"]
    monkeypatch.setattr(actions, "read", real)
    actions.sweep_all()
    assert [len(events(problem, SWEPT)) for problem in problems] == [1, 1]


@pytest.mark.django_db
def test_only_the_program_sweeps(story):
    with pytest.raises(NotAllowed):
        actions.sweep(actor=story.cast.coordinator.actor)


def test_clocks_not_due_are_not_looked_at(story, monkeypatch):
    story.assigned(2)
    looked_at = []
    monkeypatch.setattr(actions, "read", lambda *args: looked_at.append(args))
    actions.sweep_all()
    assert looked_at == []


def test_the_sweep_finds_its_rows_by_the_index(story):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT problem_id FROM deadlines_clock WHERE state = 'running' AND next_change <= %s",
            [story.clock.today],
        )
        assert "clock_next_change" in "\n".join(row[0] for row in cursor.fetchall())


def test_a_problem_somebody_writes_to_is_passed_by(committed):
    with timesource.at(FIRST_DAY):
        cast = build_cast()
        seed_lists(cast)
        story = Story(cast, MovedClock())
        written_to, other = story.assigned(2)
        to_the_day_of_blue(story, other)
        parameters = connection.get_connection_params()
        wanted = {
            name: parameters[name]
            for name in ("host", "port", "user", "password", "dbname")
            if name in parameters
        }
        with psycopg.connect(**wanted) as writer:
            writer.execute("SELECT 1 FROM journal_stream_head WHERE stream = %s FOR UPDATE", [written_to.pk])
            actions.sweep_all()
            assert (colour(written_to), colour(other)) == ("green", "blue")
        actions.sweep_all()
        assert (colour(written_to), colour(other)) == ("blue", "blue")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "report", "extend", "suspend", "resume", "raise", "edit", "settle"]),
        st.integers(1, 25),
    ),
    min_size=3,
    max_size=12,
)


def take(story: Story, problem: Problem, step: str, number: int) -> None:
    """One step of a random history; what the rules refuse as things stand is not taken."""
    with suppress(Refused):
        if step == "report":
            story.report(problem, measure=story.measures(problem)[0], percent=4 * number)
        elif step == "extend":
            extension = do.ask_extension(
                problem,
                reason="雨季。",
                new_deadline=problem.external_deadline + dt.timedelta(days=number),
                new_plan="顺延。",
                actor=story.cast.handler.actor,
            )
            story.decide(extension.approval)
        elif step == "suspend":
            until = story.clock.today + dt.timedelta(days=number)
            suspension = do.ask_suspension(
                problem, reason="涉诉。", resume_by=until, actor=story.cast.handler.actor
            )
            story.decide(suspension.approval)
        elif step == "resume":
            do.resume(problem, reason="判决生效。", actor=story.cast.reviewer.actor)
        elif step == "raise":
            to = ("yellow", "orange", "red")[number % 3]
            actions.raise_light(
                problem, kind="rectification", to=to, reason="批示。", actor=story.cast.coordinator.actor
            )
        elif step == "edit":
            later = problem.external_deadline + dt.timedelta(days=number)
            edit_facts(problem, changes={"external_deadline": later}, actor=story.cast.coordinator.actor)
            raise AssertionError("a date was edited")
        elif step == "settle":
            settle(story, problem, take_it=bool(number % 2))


def settle(story: Story, problem: Problem, *, take_it: bool) -> None:
    """What the program has proposed is taken up and granted, or dismissed."""
    waiting = list(LadderStep.objects.filter(problem=problem, state="proposed"))
    if waiting and take_it:
        row = taking.take_up_rung(waiting, reason="逾期。", actor=story.cast.coordinator.actor)
        story.decide(row.approval)
    elif waiting:
        taking.dismiss_rung(waiting, reason="已说明。", actor=story.cast.coordinator.actor)


def check_ladder(story: Story, problem: Problem) -> None:
    """Each rung once, in order; nothing due is left over."""
    rungs = [Rung(step.rung) for step in steps(problem) if step.rung != Rung.REMINDER]
    assert rungs == sorted(set(rungs), key=lambda rung: rung.height)
    assert not Clock.objects.filter(
        problem=problem, state="running", next_rung__lte=story.clock.today
    ).exists()


@settings(
    max_examples=8,
    deadline=None,
    # A history is seconds of real actions: shrinking one would take longer than reading it.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=STEPS)
def test_stored_lights_are_what_the_rule_says_each_day_and_no_clock_runs_backward(story, history):
    problem = story.rectifying()
    before = running(problem)["rectification"]
    for step, number in history:
        take(story, fresh([problem])[0], step, number)
        for _ in range(3):
            story.clock.go_on(number)
            actions.sweep_all()
            climb_all()
            check_ladder(story, problem)
            for row in Clock.objects.filter(problem=problem).select_related("problem", "lights_policy"):
                said = rules.light_of(facts_of(row), story.clock.today, thresholds_of(row))
                assert (row.light, row.next_change) == (said.light.value, said.next_change)
            after = running(problem)["rectification"]
            assert after.due >= before.due
            assert after.first_due == before.first_due
            assert after.suspended_days >= before.suspended_days
            assert after.due == fresh([problem])[0].external_deadline
            if before.raised_to:
                # What was raised by hand is on until the clock ends, whatever else happens to it.
                assert rules.Light(after.raised_to).severity >= rules.Light(before.raised_to).severity
                lit = after.state == "running"
                assert not lit or rules.Light(after.light).severity >= rules.Light(before.raised_to).severity
            before = after
