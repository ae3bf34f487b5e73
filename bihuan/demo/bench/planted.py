"""Asking a filled ledger for repeats whose answers are known, through the function every page asks.

Milliseconds, and how many of the planted repeats are among the few that are shown. The floor is fetching as many rows as
a lookup lays side by side by their ids, in the same process.
"""

from __future__ import annotations

import resource
import statistics
import time
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from bihuan.demo.bench.made_reports import Again, new_report, said_again
from bihuan.demo.bench.measure import WARM_UP, Cost, sent, summed, timed
from bihuan.demo.bench.report_rows import NUMBERED, Ground, number_of, source_no_of
from bihuan.journal.timesource import today
from bihuan.ledger.duplicates import FETCHED, Sought, alike, fetched, statement_for
from bihuan.ledger.frequencies import known
from bihuan.ledger.jobs import compare_some
from bihuan.ledger.models import Problem, Waiting

if TYPE_CHECKING:
    from uuid import UUID

    from bihuan.demo.bench.made_reports import Report
    from bihuan.journal.action import Actor

SOURCE_NO: Final = "source_no"
NEW: Final = "new"
KINDS: Final = (*(str(again) for again in Again), SOURCE_NO, NEW)
PRIME: Final = 15_485_863
JOBBED: Final = 400
FLOOR_RUNS: Final = 40
_BY_ID: Final = "SELECT id, title, text, site, registered_on, text_digest, signature FROM ledger_problem WHERE id = ANY(%s)"


@dataclass(frozen=True)
class Asked:
    """A text, in what way it repeats a row of the ledger, and which."""

    kind: str
    sought: Sought
    answer: UUID | None


@dataclass
class Found:
    """What asking texts of one kind gave: milliseconds of each; of the planted rows, how many were fetched and compared
    in full, and how many shown; and how many other rows were shown.
    """

    kind: str
    times: list[tuple[float, float]] = field(default_factory=list)
    answers: int = 0
    compared: int = 0
    found: int = 0
    others: int = 0

    def note(self, one: Asked, shown: list[UUID], compared: list[UUID]) -> None:
        """One more text was asked."""
        self.answers += one.answer is not None
        self.found += one.answer in shown
        self.compared += one.answer in compared
        self.others += sum(pk != one.answer for pk in shown)

    def __add__(self, other: Found) -> Found:
        return Found(
            "all",
            self.times + other.times,
            self.answers + other.answers,
            self.compared + other.compared,
            self.found + other.found,
            self.others + other.others,
        )

    def as_json(self, queries: int, floor: float) -> dict[str, Any]:
        """For machines; nothing was to be found where nothing was planted."""
        asked = len(self.times)
        return summed(self.kind, self.times, queries, floor).as_json() | {
            "asked": asked,
            "compared": f"{self.compared / self.answers:.3f}" if self.answers else None,
            "recall": f"{self.found / self.answers:.3f}" if self.answers else None,
            "others_shown": f"{self.others / asked:.2f}",
        }


def planted(count: int, rows: int) -> list[Asked]:
    """`count` texts of all kinds in turn, about rows spread over the whole ledger."""
    ground = Ground.found()
    asked, serials = [], []
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        serial = at * PRIME % rows
        serials.append(serial - serial % NUMBERED if kind == SOURCE_NO else serial)
    ids = dict(Problem.objects.filter(problem_no__in=map(number_of, serials)).values_list("problem_no", "pk"))
    for at, serial in enumerate(serials):
        kind = KINDS[at % len(KINDS)]
        told = (
            new_report(serial, of=rows)
            if kind in {SOURCE_NO, NEW}
            else said_again(serial, Again(kind), of=rows)
        )
        numbers = frozenset({source_no_of(serial)} if kind == SOURCE_NO else ())
        answer = None if kind == NEW else ids[number_of(serial)]
        asked.append(Asked(kind, _sought(told, serial, numbers, ground), answer))
    return asked


def _sought(told: Report, serial: int, numbers: frozenset[str], ground: Ground) -> Sought:
    """As a candidate of a letter is looked for: nobody has said yet where it is and whose."""
    return Sought(
        title=told.title,
        text=told.text,
        place=ground.place_of(serial),
        source=ground.source,
        source_nos=numbers,
        day=today(),
    )


def ask(asked: list[Asked], actor: Actor) -> list[dict[str, Any]]:
    """All of them, kind by kind and then together."""
    for one in asked[: WARM_UP * len(KINDS)]:
        alike(one.sought, actor=actor)
    queries = len(sent(lambda: alike(asked[0].sought, actor=actor)))
    found, facts = {kind: Found(kind) for kind in KINDS}, known()
    for one in asked:
        shown: list[UUID] = []

        def look(one: Asked = one, shown: list[UUID] = shown) -> None:
            shown.extend(like.problem.pk for like in alike(one.sought, actor=actor))

        found[one.kind].times.append(timed(look))
        found[one.kind].note(one, shown, fetched(one.sought, facts)[:FETCHED])
    floor = _floor(asked)
    every = reduce(Found.__add__, found.values())
    return [one.as_json(queries, floor) for one in (*found.values(), every)]


def _floor(asked: list[Asked]) -> float:
    """The median of fetching by id what a lookup lays side by side, other rows each time."""
    facts = known()

    def fetch(ids: list[UUID]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BY_ID, [ids])
            cursor.fetchall()

    wanted = [
        ids[:FETCHED]
        for one in asked[:: max(1, len(asked) // FLOOR_RUNS)]
        if (ids := fetched(one.sought, facts))
    ]
    return statistics.median(timed(lambda ids=ids: fetch(ids))[0] for ids in wanted)  # type: ignore[misc]


def statement_cost(asked: list[Asked]) -> Cost:
    """The statement that fetches the ids, alone."""
    facts = known()

    def run(one: Asked) -> None:
        with connection.cursor() as cursor:
            cursor.execute(*statement_for(one.sought, facts))
            cursor.fetchall()

    return summed("fetching statement alone", [timed(lambda one=one: run(one)) for one in asked], 1, 0.0)  # type: ignore[misc]


@dataclass(frozen=True)
class Jobbed:
    """What the job that follows an import took: problems compared, seconds, and the peak of this process's memory."""

    compared: int
    seconds: float
    memory: int

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "compared": self.compared,
            "rows_per_second": round(self.compared / self.seconds, 1),
            "peak_rss_mb": self.memory,
        }


def job(rows: int) -> Jobbed:
    """Let some rows wait, as an import does, and have the job's own function compare them."""
    serials = sorted({at * PRIME % rows for at in range(JOBBED)})
    waiting = Problem.objects.filter(problem_no__in=map(number_of, serials))
    Waiting.objects.bulk_create(
        [Waiting(problem=problem) for problem in waiting.only("pk")], ignore_conflicts=True
    )
    began, compared = time.perf_counter(), 0
    while some := compare_some():
        compared += some
    seconds = time.perf_counter() - began
    return Jobbed(compared, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
