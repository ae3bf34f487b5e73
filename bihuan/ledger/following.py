"""Stewards' sight follows: whoever supervises a sector or answers to a source today is involved in its problems, and
nobody is who did so yesterday. Involvement stays the only table that decides sight; this keeps it in line.

Called inside an open action, by a reaction for the first block and by an action of its own for the rest.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from bihuan.journal.action import current
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import Involvement, InvolvementRole, Problem
from bihuan.ledger.registering import role_of, stewards_of
from bihuan.organizations.models import Stewardship
from bihuan.organizations.spans import not_over

if TYPE_CHECKING:
    from datetime import date

BLOCK: Final = 300
STEWARDS: Final = (InvolvementRole.SECTOR_AUTHORITY, InvolvementRole.SOURCE)
STEWARDSHIP: Final = "organizations.stewardship:"


def reach_of(stewardships: Iterable[Stewardship], places: Iterable[str] = ()) -> QuerySet[Problem]:
    """The problems these stewardships are about, and all of places that hang elsewhere in the tree now."""
    reached = Q(pk__in=[])
    for one in stewardships:
        if one.kind == Stewardship.Kind.SECTOR:
            about = Q(sector__code=one.code) | Q(sector__code__startswith=f"{one.code}.")
        else:
            about = Q(source__code=one.code)
        reached |= about & Q(jurisdiction__path__under=one.territory.path)
    for path in places:
        reached |= Q(jurisdiction__path__under=path)
    found: QuerySet[Problem] = Problem.objects.filter(reached)
    return found


@dataclass
class _Books:
    """Who is steward of what, asked once for each sector, source and place."""

    on: date
    known: dict[tuple[str, str, str], list[Stewardship]] = field(default_factory=dict)

    def of(self, problem: Problem) -> list[Stewardship]:
        key = (problem.sector.code, problem.source.code, problem.jurisdiction.path)
        if key not in self.known:
            self.known[key] = stewards_of(problem, self.on)
        return self.known[key]


def follow(problems: Sequence[Problem], *, former: Collection[uuid.UUID] = ()) -> int:
    """Bring these problems' stewards in line with the stewardships; returns how many problems that changed.

    `former`: units that gave a stewardship up. Where a running problem names one as its sector authority, its
    successor takes the place; a unit named by hand stays what it was named.
    """
    act = current()
    act.lock(problems)
    by_id = Problem.objects.select_related("sector", "source", "jurisdiction", "batch").in_bulk(
        [problem.pk for problem in problems]
    )
    rows: dict[uuid.UUID, list[Involvement]] = defaultdict(list)
    standing = Involvement.objects.filter(not_over(act.today), role__in=STEWARDS, unit__isnull=False)
    for row in standing.filter(problem__in=list(by_id)):
        rows[row.problem_id].append(row)
    books = _Books(act.today)
    changed, ended, begun = [], [], []
    for problem in by_id.values():
        stewards = books.of(problem)
        if problem.sector_authority_id in former and problem.state in OPEN:
            _succeed(problem, stewards)
        over, fresh = _difference(problem, stewards, rows[problem.pk], act.today)
        if over or fresh:
            changed.append(problem)
            ended += over
            begun += fresh
    Problem.objects.save_all(by_id.values())
    Involvement.objects.save_all(ended)
    Involvement.objects.bulk_create(begun)
    return len(changed)


def _succeed(problem: Problem, stewards: Sequence[Stewardship]) -> None:
    """The nearest steward of the sector, if there is one today."""
    today = current().today
    able = [one for one in stewards if one.kind == Stewardship.Kind.SECTOR and one.since <= today]
    if any(one.unit_id == problem.sector_authority_id for one in able):
        return
    nearest = max(able, key=lambda one: (one.code.count("."), one.territory.path.count(".")), default=None)
    problem.sector_authority = nearest.unit if nearest else None


def _difference(
    problem: Problem, stewards: Sequence[Stewardship], rows: Sequence[Involvement], today: date
) -> tuple[list[Involvement], list[Involvement]]:
    """What ends and what begins."""
    wanted = {(one.unit_id, role_of(one)): max(today, one.since) for one in stewards}
    named = {
        (problem.sector_authority_id, InvolvementRole.SECTOR_AUTHORITY),
        (problem.batch.source_unit_id if problem.batch else None, InvolvementRole.SOURCE),
    }
    known = {(row.unit_id, row.role): row for row in rows}
    over = [row for key, row in known.items() if key not in wanted and key not in named]
    for row in over:
        row.until = max(today, row.since)
    fresh = [
        Involvement(problem=problem, unit_id=unit, role=role, since=since)
        for (unit, role), since in wanted.items()
        if (unit, role) not in known
    ]
    return over, fresh
