"""What policy expects of a leader and is not there today: a meeting, a visit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.models import Post, PostKind, Tenure, Unit
from bihuan.organizations.spans import in_force
from bihuan.organizations.tree import ids_on
from bihuan.policies.queries import book_of
from bihuan.rectification.leading_queries import led
from bihuan.rectification.leading_rules import visit_due
from bihuan.rectification.models import Deliberation

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date

    from bihuan.journal.action import Actor
    from bihuan.policies.queries import PolicyBook

MOST: Final = 500
"""So many problems of a leader are asked, those with the nearest deadline first."""
PLANNED: Final = frozenset({State.PLANNING, State.RECTIFYING, State.SUSPENDED})
PROVED: Final = frozenset({State.ACCEPTING, State.NOTICED, State.CLOSURE_REVIEW})
WORKING: Final = PLANNED | PROVED | {State.ASSIGNED}
CODES: Final = ("leading", "deliberation")


class Missing(StrEnum):
    """What may be missing."""

    PLAN_MEETING = "plan_meeting"
    CLOSURE_MEETING = "closure_meeting"
    SPONSOR_VISIT = "sponsor_visit"
    PRINCIPAL_VISIT = "principal_visit"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing that is missing: of which problem, since when, and by which version of which rule."""

    what: Missing
    problem: Problem
    since: date | None
    version: int
    every: int = 0


def gaps_of(looker: Actor, person: uuid.UUID) -> list[Gap]:
    """What is missing of this leader today, about problems the looker sees; a fixed number of statements a place."""
    posts = list(
        Post.objects.filter(in_force(today(), "tenures__"), tenures__person=person, closed_on=None)
        .select_related("unit")
        .distinct()
    )
    units = _units_of(posts)
    mine = Q(lead_unit__in=units) | Q(sponsor__in=posts)
    rows = visible(looker, Problem.objects.filter(mine, state__in=WORKING, assigned_on__isnull=False))
    related = ("source", "sector", "jurisdiction", "lead_unit")
    problems = list(rows.select_related(*related).order_by("external_deadline", "id")[:MOST])
    return _gaps(person, problems, units, {post.pk for post in posts})


def _gaps(
    person: uuid.UUID, problems: list[Problem], units: set[uuid.UUID], posts: set[uuid.UUID]
) -> list[Gap]:
    if not problems:
        return []
    done, meetings = led(problems), _meetings(problems)
    books: dict[uuid.UUID, PolicyBook] = {}
    found: list[Gap] = []
    for problem in problems:
        place = problem.jurisdiction
        if place.pk not in books:
            books[place.pk] = book_of(CODES, jurisdiction=place, on=today())
        last = done[problem.pk].last_of(person)
        if problem.lead_unit_id in units:
            found += _of_principal(problem, books[place.pk], meetings, last)
        if problem.sponsor_id in posts:
            found += _visit(problem, books[place.pk], last, Missing.SPONSOR_VISIT, "sponsor_visit_days")
    return found


def _of_principal(
    problem: Problem, book: PolicyBook, meetings: set[tuple[uuid.UUID, int, str]], last: date | None
) -> Iterable[Gap]:
    policy = book.choose("deliberation", **_case(problem))
    state = State(problem.state)
    for about, what, states in (
        (Deliberation.About.PLAN, Missing.PLAN_MEETING, PLANNED | PROVED),
        (Deliberation.About.CLOSURE, Missing.CLOSURE_MEETING, PROVED),
    ):
        there = (problem.pk, problem.round, about.value) in meetings
        if policy.body[about.value] and state in states and not there:
            yield Gap(what=what, problem=problem, since=problem.assigned_on, version=policy.version)
    yield from _visit(problem, book, last, Missing.PRINCIPAL_VISIT, "principal_visit_days")


def _visit(problem: Problem, book: PolicyBook, last: date | None, what: Missing, days: str) -> Iterable[Gap]:
    policy = book.choose("leading", **_case(problem))
    every = int(policy.body[days])
    due = visit_due(problem.assigned_on, last, every)
    if due is not None and due < today():
        since = max(problem.assigned_on, last) if last and problem.assigned_on else problem.assigned_on
        yield Gap(what=what, problem=problem, since=since, version=policy.version, every=every)


def _case(problem: Problem) -> dict[str, str]:
    return {
        "source": problem.source.code,
        "sector": problem.sector.code,
        "grade": problem.grade,
        "supervision_level": problem.supervision_level,
    }


def _meetings(problems: list[Problem]) -> set[tuple[uuid.UUID, int, str]]:
    rows = Deliberation.objects.filter(problem__in=problems)
    return set(rows.order_by().values_list("problem_id", "round", "about"))


def _units_of(posts: Iterable[Post]) -> set[uuid.UUID]:
    """The units whose first responsible person the holder of these posts is: their own, and those below whose own
    seats up to here are all empty. Two statements, none for whoever heads no unit.
    """
    own = {post.unit_id: post.unit.path for post in posts if post.kind == PostKind.PRINCIPAL}
    if not own:
        return set()
    below = Q()
    for path in own.values():
        below |= Q(path__under=path)
    seated = set(
        Tenure.objects.filter(
            in_force(today()), post__kind=PostKind.PRINCIPAL, post__closed_on__isnull=True
        ).values_list("post__unit_id", flat=True)
    )
    found = set()
    for pk, path in Unit.objects.filter(below).values_list("pk", "path"):
        first = next((one for one in reversed(ids_on(path)) if one in seated), None)
        if first in own:
            found.add(pk)
    return found
