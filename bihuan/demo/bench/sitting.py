"""A closure sitting of many problems, decided in one act as its page does it, and the floor under that act."""

from __future__ import annotations

import hashlib
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from bihuan.demo.bench.effort import Effort, measured
from bihuan.demo.bench.importing import sheet_of
from bihuan.installation.connections import connect
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import ImportRun
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.rectification import actions as do
from bihuan.rectification.models import ClosureSitting, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch

STATE: Final = "销号审定"
RETURNED_EVERY: Final = 20
"""So seldom a sitting sends one back; each of those asks what no other asks."""


@dataclass(frozen=True)
class Decided:
    """What deciding one sitting took, and the seconds of its floor."""

    rows: int
    effort: Effort
    floor: float


@dataclass(frozen=True)
class Sittings:
    """Several sittings of the same size: their medians, and what the median is of the floor's."""

    runs: tuple[Decided, ...]

    @property
    def seconds(self) -> float:
        """The median of what deciding took."""
        return statistics.median(one.effort.wall for one in self.runs)

    @property
    def floor(self) -> float:
        """The median of the floor."""
        return statistics.median(one.floor for one in self.runs)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "rows": self.runs[0].rows,
            "runs": [one.effort.as_json() for one in self.runs],
            "median_seconds": f"{self.seconds:.1f}",
            "floor_seconds": f"{self.floor:.2f}",
            "times_the_floor": f"{self.seconds / self.floor:.1f}",
        }

    def as_table(self) -> str:
        """For people."""
        lines = [f"decide    {one.effort.words()}" for one in self.runs]
        median = (
            f"median {self.seconds:.1f} s; floor {self.floor:.2f} s, {self.seconds / self.floor:.1f} times"
        )
        return "\n".join([*lines, median])


def reviewed(rows: int, unit: str, batch: Batch, actor: Actor) -> list[Problem]:
    """So many problems of a unit that wait for their closure review, entered as an imported ledger."""
    run = import_runs.hand_in("bench.xlsx", sheet_of(rows, unit, states=(STATE,)), batch, actor=actor)
    import_runs.check(run.pk)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.ENTERING)
    import_runs.enter(run.pk)
    return list(Problem.objects.filter(batch=batch).order_by("problem_no"))


def decided(problems: Sequence[Problem], office: Actor, decider: Actor) -> Decided:
    """Prepare, mark and decide one sitting; only the decision is measured."""
    sitting = do.prepare_sitting(list(problems), title="销号会审", held_on=today(), actor=office)
    marks = [_mark(number, problem) for number, problem in enumerate(problems, start=1)]
    do.mark_cases(sitting, marks=marks, actor=office)
    with measured() as effort:
        do.decide_sitting(sitting, minutes_no="〔2026〕1号", opinion="同意。", actor=decider)
    return Decided(len(problems), effort, _floor(sitting))


def _mark(number: int, problem: Problem) -> do.CaseMark:
    if number % RETURNED_EVERY == 0:
        return do.CaseMark(problem.pk, Outcome.RETURN.value, reason="效果未达标", failed=("effect",))
    return do.CaseMark(problem.pk, Outcome.APPROVE.value)


def _floor(sitting: ClosureSitting) -> float:
    """Seconds to hash and copy the same events, and to write the same rows of problems, reviews, cases and what follows."""
    with connect(settings.CONFIGURATION.owner_database) as owner:
        problems = [
            row[0]
            for row in owner.execute(
                "SELECT problem_id FROM rectification_sittingcase WHERE sitting_id = %s", [sitting.pk]
            )
        ]
        events = owner.execute(
            "SELECT stream, seq, body::text FROM journal_event WHERE occurred_at >= "
            "(SELECT max(occurred_at) FROM journal_event WHERE stream = %s)",
            [sitting.pk],
        ).fetchall()
        owner.execute(
            "CREATE TEMPORARY TABLE bench_event (stream uuid, seq bigint, body text, hash bytea, PRIMARY KEY (stream, seq))"
        )
        of_problem = (
            "rectification_closurereview",
            "rectification_sittingcase",
            "deadlines_clock",
            "lookback_lookback",
        )
        for table in ("ledger_problem", *of_problem):
            owner.execute(f"CREATE TEMPORARY TABLE bench_{table} (LIKE {table})")
        began = time.monotonic()
        with owner.cursor() as cursor, cursor.copy("COPY bench_event FROM STDIN") as copy:
            for stream, seq, body in events:
                copy.write_row((stream, seq, body, hashlib.sha256(body.encode()).digest()))
        owner.execute(
            "INSERT INTO bench_ledger_problem SELECT * FROM ledger_problem WHERE id = ANY(%s)", [problems]
        )
        for table in of_problem:
            owner.execute(
                f"INSERT INTO bench_{table} SELECT * FROM {table} WHERE problem_id = ANY(%s)",  # noqa: S608
                [problems],
            )
        spent = time.monotonic() - began
        owner.rollback()
    return spent
