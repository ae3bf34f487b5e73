"""One night over open problems as the job does it, and the floor under it: what it wrote, written by plain SQL."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from bihuan.deadlines.actions import sweep_all
from bihuan.deadlines.ladder.sweeping import climb_all
from bihuan.demo.bench.effort import Effort, measured

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Done:
    """What a night did, and what it took: the lights, the ladder, and a second run that finds nothing."""

    lights: int
    reminders: int
    proposals: int
    sweep: Effort
    climb: Effort
    idle: Effort


def a_night() -> Done:
    """Lights, then ladder, then all of it once more."""
    # A worker has read the program's addresses long before the night; that is no part of it.
    reverse("desk:home")
    with measured() as sweep:
        lights = sweep_all()
    with measured() as climb:
        reminders, proposals = climb_all()
    with measured() as idle:
        again = sweep_all() + sum(climb_all())
    if again:
        raise RuntimeError(f"a second run changed {again} more")
    return Done(lights, reminders, proposals, sweep, climb, idle)


def floor(day: date, owner: Any) -> tuple[float, int]:
    """Seconds for the same: find the due rows, hash and copy the same events, update the same clocks, copy the steps.

    Into bare tables with the same keys, one transaction, no rule asked and nothing checked. Returns how many events too.
    """
    events = owner.execute(
        "SELECT stream, seq, body::text FROM journal_event WHERE verb IN ('deadlines.sweep', 'deadlines.climb')"
    ).fetchall()
    steps = owner.execute(
        "SELECT id, clock_id, rung, problem_id, facts::text FROM deadlines_ladderstep"
    ).fetchall()
    owner.execute(
        "CREATE TABLE bench_event (stream uuid, seq bigint, body text, hash bytea, PRIMARY KEY (stream, seq))"
    )
    owner.execute(
        "CREATE TABLE bench_step (id uuid PRIMARY KEY, clock uuid, rung text, problem uuid, facts text, UNIQUE (clock, rung))"
    )
    began = time.monotonic()
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', true)")
        cursor.execute("SELECT id FROM deadlines_clock WHERE state = 'running' AND next_rung <= %s", [day])
        with cursor.copy("COPY bench_event FROM STDIN") as copy:
            for stream, seq, body in events:
                copy.write_row((stream, seq, body, hashlib.sha256(body.encode()).digest()))
        with cursor.copy("COPY bench_step FROM STDIN") as copy:
            for row in steps:
                copy.write_row(row)
        cursor.execute(
            "UPDATE deadlines_clock SET next_rung = next_rung, light = light WHERE id = ANY(%s)",
            [[row[1] for row in steps]],
        )
    return time.monotonic() - began, len(events)
