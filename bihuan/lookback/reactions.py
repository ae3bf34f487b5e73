"""Every ending is looked back at: this room plans it, whichever way the problem ended."""

from __future__ import annotations

from typing import Final

from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.lifecycle import ENDED_EARLY, MOVED_BY
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.lookback.models import Lookback
from bihuan.lookback.scheduling import schedule_next
from bihuan.lookback.verbs import Verb

LOOKED_BACK_AT: Final = ENDED_EARLY | {State.CLOSED}
MAY_WAIT: Final = LOOKED_BACK_AT | {State.STANDING_DUTY}
# This room's own verbs plan what follows themselves.
STEPS: Final = MOVED_BY - {Verb.HOLD.value, Verb.REBOUND.value}


@reacts_to(*sorted(STEPS))
def schedule(happened: Happened) -> None:
    """Plan the look-back of what has ended; drop the one that waits where a problem is open again."""
    touched = {problem.pk for problem in happened.of(Problem)}
    problems = list(Problem.objects.filter(pk__in=touched).select_related("source", "sector", "jurisdiction"))
    _drop([problem for problem in problems if problem.state not in MAY_WAIT])
    known = set(
        Lookback.objects.filter(problem__in=problems)
        .exclude(state=Lookback.State.DROPPED)
        .values_list("problem_id", "round")
    )
    ended = [problem for problem in problems if problem.state in LOOKED_BACK_AT]
    schedule_next(problem for problem in ended if (problem.pk, problem.round) not in known)


def _drop(problems: list[Problem]) -> None:
    if not problems:
        return
    waiting = list(Lookback.objects.filter(problem__in=problems, state=Lookback.State.SCHEDULED))
    for row in waiting:
        row.state = Lookback.State.DROPPED
    Lookback.objects.save_all(waiting)
