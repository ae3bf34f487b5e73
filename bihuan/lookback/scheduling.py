"""Writing down the next look-back, inside an open action."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bihuan.journal.action import current
from bihuan.journal.ahead import rows_of
from bihuan.ledger.lifecycle_words import State
from bihuan.lookback.models import Lookback
from bihuan.lookback.rules import Terms, next_due
from bihuan.policies.queries import book_of, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from bihuan.ledger.models import Problem
    from bihuan.organizations.models import Unit
    from bihuan.policies.queries import PolicyBook

POLICY = "lookback"


def schedule_next(problems: Iterable[Problem]) -> list[Lookback]:
    """The next look-back of each ended problem, where policy wants one and none waits. One read for all of them."""
    ended = list(problems)
    known: dict[tuple[UUID, int], list[Lookback]] = defaultdict(list)
    for row in rows_of(Lookback, "problem_id", [problem.pk for problem in ended]):
        known[row.problem_id, row.round].append(row)
    books: dict[UUID, PolicyBook] = {}
    rows = [
        _next_of(problem, known[problem.pk, problem.round], _terms_of(problem, books)) for problem in ended
    ]
    planned = [row for row in rows if row is not None]
    # Their streams begin here, under ids nobody else can know.
    current().born.update(row.pk for row in planned)
    created: list[Lookback] = Lookback.objects.bulk_create(planned)
    return created


def book_for(place: Unit) -> PolicyBook:
    """The rules of a place for look-backs, as of today."""
    return book_of([POLICY], jurisdiction=place, on=current().today)


def _terms_of(problem: Problem, books: dict[UUID, PolicyBook]) -> Terms:
    """The terms in force for this problem, quoted in the open action; each place's rules are read once."""
    place = problem.jurisdiction
    if place.pk not in books:
        books[place.pk] = book_for(place)
    policy = books[place.pk].choose(
        POLICY,
        source=problem.source.code,
        sector=problem.sector.code,
        grade=problem.grade,
        supervision_level=problem.supervision_level,
    )
    return Terms.from_record(quote(policy).body)


def _next_of(problem: Problem, known: Sequence[Lookback], terms: Terms) -> Lookback | None:
    today = current().today
    if any(row.state == Lookback.State.SCHEDULED for row in known):
        return None
    ended_on = problem.closed_on
    # What was seen while it was a standing duty says nothing of how its closure keeps.
    held = sorted(
        row.on
        for row in known
        if row.state == Lookback.State.HELD
        and row.on is not None
        and (ended_on is None or row.on >= ended_on)
    )
    standing = problem.state == State.STANDING_DUTY
    due = next_due(problem.closed_on or today, held, terms, standing=standing)
    if due is None:
        return None
    # A ledger taken over holds endings of years ago; what should have been looked at is looked at now.
    return Lookback.newly(problem=problem, round=problem.round, due_on=max(due, today))
