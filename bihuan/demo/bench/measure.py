"""What pages and a verb cost on a filled ledger, beside the same SQL run raw in the same process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from bihuan.demo.founding import City
from bihuan.ledger.actions import edit_facts
from bihuan.ledger.models import Problem
from bihuan.organizations.models import Account

RUNS = 40
WARM_UP = 3
BACKEND = "bihuan.organizations.sign_in.NameOrMobileBackend"
RAW_PAGE = """
SELECT p.id, p.problem_no, p.title, p.state, p.external_deadline, u.name, s.zh FROM ledger_problem p
LEFT JOIN organizations_unit u ON u.id = p.lead_unit_id JOIN ledger_sector s ON s.id = p.sector_id
ORDER BY p.external_deadline, p.id LIMIT 51
"""
RAW_ONE = "SELECT * FROM ledger_problem WHERE id = %s"
RAW_WRITE = "UPDATE ledger_problem SET section = %s WHERE id = %s"


@dataclass(frozen=True)
class Cost:
    """Milliseconds over the runs, SQL queries of one, and the ratio to the raw floor's median (text, two digits)."""

    name: str
    median: float
    p95: float
    worst: float
    queries: int
    floor: float

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        ratio = f"{self.median / self.floor:.1f}" if self.floor else None
        return {
            "name": self.name, "median_ms": round(self.median, 1), "p95_ms": round(self.p95, 1),
            "max_ms": round(self.worst, 1), "queries": self.queries, "floor_ms": round(self.floor, 2), "ratio": ratio,
        }  # fmt: skip

    def line(self) -> str:
        """For people, under the heads of `bench`."""
        ratio = self.median / self.floor if self.floor else 0
        return (
            f"{self.name:28}{self.median:9.1f}{self.p95:9.1f}{self.worst:9.1f}"
            f"{self.queries:6}{self.floor:9.2f}{ratio:7.1f}"
        )


def measure(city: City) -> list[Cost]:
    """Pages as a coordinator and as a handler, and one verb."""
    office, handler = client(city, "shenyan"), client(city, "wenzy")
    one = Problem.objects.filter(problem_no__startswith="BN-").order_by("-id").first()
    if one is None:
        return []
    ledger, page = reverse("desk:ledger"), reverse("desk:problem", args=[one.pk])
    floor, single = raw(RAW_PAGE), raw(RAW_ONE, one.pk)
    return [
        cost("ledger", lambda: office.get(ledger), floor),
        cost("ledger, state and words", lambda: office.get(f"{ledger}?state=open&q=扬尘"), floor),
        cost("ledger of a unit", lambda: handler.get(ledger), floor),
        cost("problem page", lambda: office.get(page), single),
        cost("my desk, office", lambda: office.get(reverse("desk:home")), floor),
        cost("my desk, unit", lambda: handler.get(reverse("desk:home")), floor),
        verb_cost(city),
    ]


def client(city: City, name: str) -> Client:
    """Somebody signed in, inside this process: the network is not measured."""
    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append("testserver")
    made = Client()
    made.force_login(Account.objects.get(person=city.people[name]), backend=BACKEND)
    return made


def cost(name: str, act: Callable[[], Any], floor: float) -> Cost:
    """Run it often after a warm-up; refuse to time a page that is not there."""
    for _ in range(WARM_UP):
        answer = act()
        if answer.status_code != 200:  # noqa: PLR2004
            raise RuntimeError(f"{name}: {answer.status_code}")
    queries = counted(act)
    return summed(name, [timed(act) for _ in range(RUNS)], queries, floor)


def counted(act: Callable[[], Any]) -> int:
    """How many statements one run sends."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return len(seen)


def verb_cost(city: City) -> Cost:
    """`ledger.edit_facts` on a problem of its own each time; its floor is the row's UPDATE alone, rolled back."""
    actor = city.actor("shenyan")
    problems = list(Problem.objects.filter(problem_no__startswith="BN-").order_by("id")[: RUNS + WARM_UP + 1])
    for number, problem in enumerate(problems[:WARM_UP]):
        edit_facts(problem, changes={"section": f"预热{number}"}, actor=actor)
    queries = counted(lambda: edit_facts(problems[WARM_UP], changes={"section": "计数"}, actor=actor))
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
            times.append(timed(lambda: cursor.execute(RAW_WRITE, ["底", problem.pk])))
            transaction.set_rollback(True)
    return statistics.median(times)


def raw(statement: str, *parameters: Any) -> float:
    """The median of the statement alone, fetched whole."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            cursor.fetchall()

    run()
    return statistics.median(timed(run) for _ in range(RUNS))


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds of one run."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def summed(name: str, times: list[float], queries: int, floor: float) -> Cost:
    """Median, 95th percentile and worst of the runs."""
    ordered = sorted(times)
    return Cost(
        name, statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1], ordered[-1], queries, floor
    )
