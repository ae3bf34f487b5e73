"""What it costs to try a version of lights or ladder on the cases of a filled ledger, and the floor under it."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from bihuan.deadlines.models import PolicyTrial
from bihuan.deadlines.terms import LADDER, LIGHTS
from bihuan.deadlines.trial import running
from bihuan.demo.bench.effort import Effort, measured
from bihuan.demo.bench.measure import sent
from bihuan.demo.bench.memory import most_memory
from bihuan.journal import timesource
from bihuan.policies import actions as policies
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bihuan.demo.founding import City
    from bihuan.policies.models import Policy

OTHERWISE: Final[Mapping[str, Mapping[str, Any]]] = {
    LIGHTS: {"blue_days": 40, "yellow_days": 30, "orange_days": 10},
    LADDER: {"supervision_letter": {"after_days": 2}},
}
"""What the version that is tried changes; the rest is as in the one in force."""
EVENTS: Final = "SELECT stream, seq, body FROM journal_event WHERE stream = ANY(%s) ORDER BY stream, seq"
CLOCKS: Final = "SELECT * FROM deadlines_clock WHERE problem_id = ANY(%s)"
STEPS: Final = "SELECT * FROM deadlines_ladderstep WHERE problem_id = ANY(%s)"


@dataclass(frozen=True)
class Tried:
    """One trial: what asking for it took (a person waits for that), what carrying it out took, and the floor."""

    code: str
    cases: int
    different: int
    asked: Effort
    effort: Effort
    megabytes: int
    statements: int
    page_ms: float
    floor: float

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "of": self.code,
            "cases": self.cases,
            "different": self.different,
            "asked_seconds": f"{self.asked.wall:.2f}",
            **self.effort.as_json(),
            "peak_mb": self.megabytes,
            "statements_a_bundle": self.statements,
            "progress_ms": round(self.page_ms, 1),
            "floor_seconds": f"{self.floor:.2f}",
            "times_the_floor": f"{self.effort.wall / self.floor:.1f}",
        }


def version(code: str, city: City) -> Policy:
    """A version that says otherwise, in force from today."""
    now = policy_for(code, jurisdiction=city.yunchuan, on=timesource.today())
    body = dict(now.body)
    for name, value in OTHERWISE[code].items():
        body[name] = {**body[name], **value} if isinstance(value, dict) else value
    return policies.enact(
        code=code, jurisdiction=city.yunchuan, body=body, reason="BENCH", actor=city.actor("shenyan")
    )


def tried(policy: Policy, city: City, since: date) -> Tried:
    """Ask for it as the page does, carry it out as the job does, and ask meanwhile how far it is as the page does."""
    actor, today = city.actor("shenyan"), timesource.today()
    with measured() as asked:
        row = running.begin(policy, actor, since, today)
    with most_memory() as memory, measured() as effort:
        running.run(row.pk)
    row.refresh_from_db()
    found = Tried(
        code=policy.code,
        cases=row.total,
        different=row.different,
        asked=asked,
        effort=effort,
        megabytes=memory.most,
        statements=_statements(row),
        page_ms=_progress(row),
        floor=floor(row),
    )
    row.delete()
    return found


def _statements(row: PolicyTrial) -> int:
    """Those of one bundle, asked once more and kept nowhere."""
    from bihuan.deadlines.trial.asking import Trial

    trial = Trial(row.policy, row.since, row.until, timesource.today())
    here = running.cases_of(row)[: running.BUNDLE]
    return len(sent(lambda: list(trial.lines(here))))


def _progress(row: PolicyTrial) -> float:
    """Milliseconds to read how far a trial is: the page asks every two seconds."""
    times = []
    for _run in range(9):
        began = time.perf_counter()
        running.progress_of(row.pk)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def floor(row: PolicyTrial) -> float:
    """Seconds to fetch the same events, clocks and steps by plain SQL, bundle after bundle, and do nothing with them."""
    cases, began = running.cases_of(row), time.monotonic()
    with connection.cursor() as cursor:
        for at in range(0, len(cases), running.BUNDLE):
            here = cases[at : at + running.BUNDLE]
            for statement in (EVENTS, CLOCKS, STEPS):
                cursor.execute(statement, [here])
                cursor.fetchall()
    return time.monotonic() - began
