"""What it costs to ask which problems a text may repeat, each time with another text, beside the fetching SQL alone.

Copies are the hardest ledger there is for this: thousands of problems in nearly the same words, so that hardly a token
or key is rare. So two kinds of text are asked for: a copy's own, and sentences of different problems put together, which
stand nowhere as a whole, as a new letter does.
"""

from __future__ import annotations

import statistics
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db import connection

from bihuan.demo.bench.measure import RUNS, WARM_UP, Cost, sent, summed, timed
from bihuan.ledger.comparing import sought_for
from bihuan.ledger.duplicates import Sought, alike, statement_for
from bihuan.ledger.frequencies import known
from bihuan.ledger.models import Problem
from bihuan.ledger.repeats import NewRow, repeats_of
from bihuan.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.demo.founding import City

ROWS: Final = 1000
REPEATS_RUNS: Final = 5


def lookups(city: City) -> list[Cost]:
    """A lookup of either kind, and the set-based question for a thousand new rows."""
    copies = list(islice(_copies(), RUNS + WARM_UP))
    if len(copies) < RUNS + WARM_UP:
        return []
    return [
        _cost("duplicates of a copy", copies, city),
        _cost("duplicates of a new text", _put_together(copies), city),
        _repeats_cost(city),
    ]


def _copies() -> Iterator[Sought]:
    """Copies spread over the whole ledger."""
    every = Problem.objects.filter(problem_no__startswith="BN-").order_by("problem_no")
    numbers = list(every.values_list("pk", flat=True))
    step = max(1, len(numbers) // (RUNS + WARM_UP))
    for pk in numbers[::step]:
        yield sought_for(Problem.objects.get(pk=pk), [])


def _put_together(texts: list[Sought]) -> list[Sought]:
    """Each with every other sentence of its own and of another's."""
    made = []
    for at, own in enumerate(texts):
        other = texts[(at * 7 + 3) % len(texts)]
        words = [*sentences(own.text)[::2], *sentences(other.text)[1::2]]
        made.append(replace(own, title=f"{other.title[:8]}{own.title[-8:]}", text="".join(words) or own.text))
    return made


def _cost(name: str, texts: list[Sought], city: City) -> Cost:
    actor = city.actor("shenyan")
    for one in texts[:WARM_UP]:
        alike(one, actor=actor)
    queries = len(sent(lambda: alike(texts[0], actor=actor)))
    times = [timed(lambda one=one: alike(one, actor=actor)) for one in texts[WARM_UP:]]  # type: ignore[misc]
    return summed(name, times, queries, _fetching(texts[WARM_UP:]))


def _fetching(texts: list[Sought]) -> float:
    """The median of the statement that fetches, alone."""
    facts = known()

    def fetch(one: Sought) -> None:
        with connection.cursor() as cursor:
            cursor.execute(*statement_for(one, facts))
            cursor.fetchall()

    statements = [timed(lambda one=one: fetch(one))[0] for one in texts]  # type: ignore[misc]
    return statistics.median(statements)


def _repeats_cost(city: City) -> Cost:
    """A thousand rows that repeat the ledger; its floor is reading every signature once."""
    place = Problem.objects.filter(problem_no__startswith="BN-").select_related("jurisdiction", "source")
    rows = list(place.order_by("-problem_no")[:ROWS])
    new = [NewRow(at, problem.title, f"{problem.text}经查属实。") for at, problem in enumerate(rows)]

    def ask() -> None:
        repeats_of(new, jurisdiction=rows[0].jurisdiction, source=rows[0].source, actor=city.actor("shenyan"))

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(k) FROM ledger_problem, unnest(signature) AS k")

    queries = len(sent(ask))
    times = [timed(ask) for _ in range(REPEATS_RUNS)]
    floor = statistics.median(timed(read)[0] for _ in range(REPEATS_RUNS))
    return summed(f"repeats of {ROWS:,} new rows", times, queries, floor)
