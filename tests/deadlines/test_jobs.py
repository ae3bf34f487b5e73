"""The background work of the clocks is known to the queue, and does what it says."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django import app

from bihuan.deadlines import jobs
from tests.deadlines.reading import running


@pytest.mark.parametrize("name", ["deadlines.sweep", "deadlines.recount", "journal.daily_checkpoint"])
def test_the_queue_knows_the_task(name):
    assert name in app.tasks


@pytest.mark.parametrize("name", ["deadlines.sweep", "journal.daily_checkpoint"])
def test_it_runs_by_itself(name):
    assert name in {task.task.name for task in app.periodic_registry.periodic_tasks.values()}


def test_the_sweep_lets_the_lights_change(story):
    (problem,) = story.assigned()
    story.clock.go_on(3)
    assert jobs.sweep() == 1
    assert running(problem)["acknowledge"].light == "red"
