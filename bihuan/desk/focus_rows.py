"""The focus list as rows: each problem with what its leaders did, what was last reported, and what is expected next.

A fixed number of statements for however many problems a page or a part of an export holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from bihuan.desk.marks import UNSET, lights_of
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import OPEN
from bihuan.organizations.models import Tenure
from bihuan.organizations.spans import in_force
from bihuan.policies.queries import book_of
from bihuan.rectification.leading_queries import Led, led
from bihuan.rectification.leading_rules import Expected, Next, first_of, visit_due
from bihuan.rectification.models import FocusEntry, ProgressReport

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from bihuan.ledger.models import Problem
    from bihuan.policies.queries import PolicyBook
    from bihuan.web import components as ui

RELATED: Final = ("source", "sector", "lead_unit", "jurisdiction", "sponsor__unit")


@dataclass(frozen=True, kw_only=True)
class FocusRow:
    """One problem of the list."""

    problem: Problem
    entry: FocusEntry
    sponsor: str
    light: ui.Light | None
    led: Led
    last_visit: date | None
    progress: tuple[date, str] | None
    expected: Next | None
    visit_by: date | None


def rows_of(problems: Sequence[Problem]) -> list[FocusRow]:
    """The rows of these problems, which are on the list, in their order."""
    if not problems:
        return []
    entries = {
        entry.problem_id: entry for entry in FocusEntry.objects.filter(problem__in=problems, until=None)
    }
    names = _holders({entry.sponsor_id for entry in entries.values()} | {one.sponsor_id for one in problems})
    done, lights, progress = led(problems), lights_of(problems), _progress(problems)
    books: dict[uuid.UUID, PolicyBook] = {}
    rows = []
    for problem in problems:
        place = problem.jurisdiction
        if place.pk not in books:
            books[place.pk] = book_of(["leading"], jurisdiction=place, on=today())
        person, name = names.get(problem.sponsor_id, (None, ""))
        by = _visit_by(problem, books[place.pk], done[problem.pk], person)
        rows.append(
            FocusRow(
                problem=problem,
                entry=entries[problem.pk],
                sponsor=name,
                light=lights.get(problem.pk),
                led=done[problem.pk],
                last_visit=done[problem.pk].last_visit,
                progress=progress.get(problem.pk),
                expected=_expected(problem, done[problem.pk], by),
                visit_by=by,
            )
        )
    return rows


def _holders(posts: Iterable[Any]) -> dict[Any, tuple[uuid.UUID, str]]:
    held = Tenure.objects.filter(in_force(today()), post__in=[post for post in posts if post])
    return {
        tenure.post_id: (tenure.person_id, tenure.person.name) for tenure in held.select_related("person")
    }


def _visit_by(problem: Problem, book: PolicyBook, done: Led, person: uuid.UUID | None) -> date | None:
    policy = book.choose(
        "leading",
        source=problem.source.code,
        sector=problem.sector.code,
        grade=problem.grade,
        supervision_level=problem.supervision_level,
    )
    return visit_due(problem.assigned_on, done.last_of(person), int(policy.body["sponsor_visit_days"]))


def _expected(problem: Problem, done: Led, visit_by: date | None) -> Next | None:
    """What comes first of the sponsor's visit, an answer to an instruction and the deadline."""
    days = (
        (visit_by, Expected.VISIT),
        (done.answer_by, Expected.ANSWER),
        (problem.external_deadline if problem.external_deadline != UNSET else None, Expected.DEADLINE),
    )
    if problem.state not in OPEN:
        return None
    return first_of(Next(day, what) for day, what in days if day is not None)


def _progress(problems: Sequence[Problem]) -> dict[uuid.UUID, tuple[date, str]]:
    """The last report of each: its day and its words."""
    newest = Window(RowNumber(), partition_by=F("problem"), order_by=[F("on").desc(), F("id").desc()])
    rows = ProgressReport.objects.filter(problem__in=problems).annotate(place=newest).filter(place=1)
    return {pk: (on, facts) for pk, on, facts in rows.values_list("problem_id", "on", "facts")}
