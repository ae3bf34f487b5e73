"""What pages and a verb cost on a filled ledger, beside the same SQL run raw in the same process.

The floor of a page is its own statements, sent again without Django and fetched whole: what the page would cost if the
program did nothing. Milliseconds of a clock depend on who else uses the machine; those of the processor hardly do.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from bihuan.demo.founding import City
from bihuan.ledger.actions import edit_facts
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Account

RUNS = 40
WARM_UP = 3
BACKEND = "bihuan.organizations.sign_in.NameOrMobileBackend"
RAW_WRITE = "UPDATE ledger_problem SET section = %s WHERE id = %s"


@dataclass(frozen=True)
class Cost:
    """Milliseconds over the runs, those of this process's processor time, SQL queries of one, and the raw floor."""

    name: str
    median: float
    p95: float
    worst: float
    processor: float
    queries: int
    floor: float

    @property
    def ratio(self) -> float:
        """How many times its statements alone; 0 where those take no time."""
        return self.median / self.floor if self.floor else 0.0

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        ratio = f"{self.ratio:.1f}" if self.floor else None
        return {
            "name": self.name, "median_ms": round(self.median, 1), "p95_ms": round(self.p95, 1),
            "max_ms": round(self.worst, 1), "processor_ms": round(self.processor, 1), "queries": self.queries, "floor_ms": round(self.floor, 2), "ratio": ratio,
        }  # fmt: skip

    def line(self) -> str:
        """For people."""
        return (
            f"{self.name:28}{self.median:9.1f}{self.p95:9.1f}{self.worst:9.1f}{self.processor:9.1f}"
            f"{self.queries:6}{self.floor:9.2f}{self.ratio:7.1f}"
        )


def measure(city: City) -> list[Cost]:
    """Pages as a coordinator of the city, as a leader and as somebody of one unit, and one verb."""
    # As `bihuan.wsgi` does, so that the same pages are measured.
    gc.collect()
    gc.freeze()
    office, leader, unit = client(city, "shenyan"), client(city, "luocy"), client(city, "wenzy")
    one = Problem.objects.filter(problem_no__startswith="BN-").order_by("-id").first()
    richest = Problem.objects.annotate(proofs=Count("evidence")).order_by("-proofs", "id").first()
    if one is None or richest is None:
        return []
    ledger, desk, problem = (
        reverse("desk:ledger"),
        reverse("desk:home"),
        reverse("desk:problem", args=[one.pk]),
    )
    return [
        cost("ledger", lambda: office.get(ledger)),
        cost("ledger, state and words", lambda: office.get(f"{ledger}?state=open&q=扬尘")),
        cost("ledger of a leader", lambda: leader.get(ledger)),
        cost("ledger of a unit", lambda: unit.get(ledger)),
        cost("problem page", lambda: office.get(problem)),
        cost("problem page, most proofs", lambda: office.get(reverse("desk:problem", args=[richest.pk]))),
        cost("my desk, office", lambda: office.get(desk)),
        cost("my desk, leader", lambda: leader.get(desk)),
        cost("my desk, unit", lambda: unit.get(desk)),
        verb_cost(city),
    ]


def client(city: City, name: str) -> Client:
    """Somebody signed in, inside this process: the network is not measured."""
    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append("testserver")
    made = Client()
    made.force_login(Account.objects.get(person=city.people[name]), backend=BACKEND)
    return made


Statement = tuple[str, Any]


def cost(name: str, act: Callable[[], Any]) -> Cost:
    """Run it often after a warm-up; refuse to time a page that is not there."""
    for _ in range(WARM_UP):
        answer = act()
        if answer.status_code != 200:  # noqa: PLR2004
            raise RuntimeError(f"{name}: {answer.status_code}")
    statements = sent(act)
    return summed(name, [timed(act) for _ in range(RUNS)], len(statements), raw(statements))


def sent(act: Callable[[], Any]) -> list[Statement]:
    """The statements one run sends."""
    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return seen


def raw(statements: list[Statement]) -> float:
    """The median of the same statements alone, one after the other, fetched whole."""

    def run() -> None:
        with connection.cursor() as cursor:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                if cursor.description is not None:
                    cursor.fetchall()

    run()
    return statistics.median(clock for clock, _processor in (timed(run) for _ in range(RUNS)))


def verb_cost(city: City) -> Cost:
    """`ledger.edit_facts` on a problem of its own each time; its floor is the row's UPDATE alone, rolled back."""
    actor = city.actor("shenyan")
    worded = Problem.objects.filter(problem_no__startswith="BN-").filter(placeholder=False)
    problems = list(worded.order_by("id")[: RUNS + WARM_UP + 1])
    for number, problem in enumerate(problems[:WARM_UP]):
        edit_facts(problem, changes={"section": f"预热{number}"}, actor=actor)
    queries = len(sent(lambda: edit_facts(problems[WARM_UP], changes={"section": "计数"}, actor=actor)))
    times = [
        timed(lambda problem=problem: edit_facts(problem, changes={"section": "计时"}, actor=actor))  # type: ignore[misc]
        for problem in problems[WARM_UP + 1 :]
    ]
    return summed("verb ledger.edit_facts", times, queries, _raw_write(problems[0]))


def _raw_write(problem: Problem) -> float:
    times = []
    for _ in range(RUNS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', true)")
            times.append(timed(lambda: cursor.execute(RAW_WRITE, ["底", problem.pk]))[0])
            transaction.set_rollback(True)
    return statistics.median(times)


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of one run: by the clock, and of this process's processor time."""
    began, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def summed(name: str, times: list[tuple[float, float]], queries: int, floor: float) -> Cost:
    """Median, 95th percentile and worst of the runs."""
    clock = sorted(milliseconds for milliseconds, _processor in times)
    processor = statistics.median(milliseconds for _clock, milliseconds in times)
    p95 = clock[int(len(clock) * 0.95) - 1]
    return Cost(name, statistics.median(clock), p95, clock[-1], processor, queries, floor)
