"""Every ending is looked back at: this room plans it, whichever way the problem ended."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects

from bihuan.journal.ahead import asks_ahead_of, rows_of
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.as_they_stand import as_they_stand
from bihuan.ledger.lifecycle import ENDED_EARLY, MOVED_BY
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.lookback.models import Lookback
from bihuan.lookback.scheduling import book_for, schedule_next
from bihuan.lookback.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.journal.records import Record

LOOKED_BACK_AT: Final = ENDED_EARLY | {State.CLOSED, State.STANDING_DUTY}
"""A standing duty is not ended, but it is not let out of sight either: it is looked at for as long as it stands."""
# This room's own verbs plan what follows themselves.
STEPS: Final = MOVED_BY - {Verb.HOLD.value, Verb.REBOUND.value}


@asks_ahead_of("intake.import_rows")
def ask_terms(subjects: Sequence[Record]) -> None:
    """The rules of the places whose problems are about to be written."""
    for place in {one.jurisdiction for one in subjects if isinstance(one, Problem)}:
        book_for(place)


@reacts_to(*sorted(STEPS))
def schedule(happened: Happened) -> None:
    """Plan the look-back of what has ended; drop the one that waits where a problem is open again."""
    touched = {problem.pk for problem in happened.of(Problem)}
    if not touched:
        return
    known: dict[tuple[uuid.UUID, int], list[Lookback]] = defaultdict(list)
    for row in rows_of(Lookback, "problem_id", touched):
        if row.state != Lookback.State.DROPPED:
            known[row.problem_id, row.round].append(row)
    problems = as_they_stand(touched, happened.of(Problem))
    ended = [problem for problem in problems if problem.state in LOOKED_BACK_AT]
    open_again = touched - {problem.pk for problem in ended}
    _drop(row for (problem, _round), rows in known.items() if problem in open_again for row in rows)
    # Nearly every step ends nothing: what the rules of an ending ask about is read for those that do.
    missing = [one for one in ended if not _looked_at(one, known[one.pk, one.round])]
    prefetch_related_objects(missing, "source", "sector", "jurisdiction")
    if missing:
        schedule_next(missing)


def _looked_at(problem: Problem, rows: list[Lookback]) -> bool:
    """Whether this ending has its look-backs; those made while it was a standing duty were of something else."""
    closed_on = problem.closed_on
    return any(row.on is None or closed_on is None or row.on >= closed_on for row in rows)


def _drop(rows: Iterable[Lookback]) -> None:
    waiting = [row for row in rows if row.state == Lookback.State.SCHEDULED]
    for row in waiting:
        row.state = Lookback.State.DROPPED
    Lookback.objects.save_all(waiting)
