"""The sweep: lights change with the days, once each, whatever becomes of the process that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection

from bihuan.deadlines import actions
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed
from tests.deadlines.reading import events, running
from tests.organizations.cast import build_cast, seed_lists
from tests.rectification.conftest import FIRST_DAY, Story
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
