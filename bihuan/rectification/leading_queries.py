"""Reading what leaders did for problems. The caller has asked for sight."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from bihuan.organizations.remembering import remembered
from bihuan.rectification.models import FocusEntry, LeaderInstruction, Visit, VisitFile

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem


@remembered
def visits_of(problem: Problem) -> list[Visit]:
    """The visits to a problem, oldest first, with their files; those withdrawn among them."""
    files = Prefetch("files", VisitFile.objects.select_related("file").order_by("id"))
    return list(
        Visit.objects.filter(problem=problem)
        .select_related("post")
        .prefetch_related(files)
        .order_by("on", "id")
    )


@remembered
def instructions_of(problem: Problem) -> list[LeaderInstruction]:
    """The instructions about a problem, oldest first; those withdrawn among them."""
    return list(LeaderInstruction.objects.filter(problem=problem).select_related("post").order_by("on", "id"))


@remembered
def focus_of(problem: Problem) -> list[FocusEntry]:
    """When the problem was on the focus list, oldest first; with its sponsor's post."""
    return list(FocusEntry.objects.filter(problem=problem).select_related("sponsor__unit").order_by("id"))


def standing_entry(problem: Problem) -> FocusEntry | None:
    """The entry by which the problem is on the list now."""
    return next((entry for entry in focus_of(problem) if entry.until is None), None)


@dataclass(frozen=True)
class Led:
    """What leaders did for one problem: visits with the last of each leader, instructions, and what waits for an answer.

    What was withdrawn is none of it.
    """

    visits: int = 0
    last_visit: date | None = None
    last_by: frozenset[tuple[uuid.UUID, date]] = frozenset()
    instructions: int = 0
    last_instruction: date | None = None
    answer_by: date | None = None

    def last_of(self, leader: uuid.UUID | None) -> date | None:
        """The last day this leader was there."""
        return max((on for who, on in self.last_by if who == leader), default=None)


def led(problems: Iterable[Problem]) -> dict[uuid.UUID, Led]:
    """The same for many problems; two statements."""
    ids = [problem.pk for problem in problems]
    visits: dict[uuid.UUID, list[tuple[uuid.UUID, date]]] = defaultdict(list)
    for problem, leader, on in _rows(Visit.objects.filter(problem__in=ids, withdrawn_on=None)):
        visits[problem].append((leader, on))
    words: dict[uuid.UUID, list[LeaderInstruction]] = defaultdict(list)
    told = LeaderInstruction.objects.filter(problem__in=ids, withdrawn_on=None)
    for one in told.only("problem_id", "on", "answer_by", "answered_on"):
        words[one.problem_id].append(one)
    return {
        pk: Led(
            visits=len(visits[pk]),
            last_visit=max((on for _who, on in visits[pk]), default=None),
            last_by=frozenset(visits[pk]),
            instructions=len(words[pk]),
            last_instruction=max((one.on for one in words[pk]), default=None),
            answer_by=min(
                (one.answer_by for one in words[pk] if one.answer_by and one.answered_on is None),
                default=None,
            ),
        )
        for pk in ids
    }


def _rows(visits: QuerySet[Visit]) -> Iterable[tuple[uuid.UUID, uuid.UUID, date]]:
    return visits.order_by().values_list("problem_id", "leader", "on")
