"""Which of many policies holds for a case: the one function every room asks. Pure.

A policy says for which jurisdiction and scope it holds. Of those that fit a case

1. the most specific scope wins (more columns named; then source before sector before grade before level, and a deeper
   sector before a shallower one),
2. among equal scopes the nearer jurisdiction overrides what it inherited,
3. among equal scopes of one jurisdiction the highest version in force.

So a special rule of the city survives a county's general one; to override it the county writes one for the same scope.
Both days of validity belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date


class Candidate(Protocol):
    """What the choice needs to know of a policy; an empty scope column means *any*."""

    jurisdiction_id: uuid.UUID
    source: str
    sector: str
    grade: str
    supervision_level: str
    version: int
    valid_from: date
    valid_until: date | None


CandidateT = TypeVar("CandidateT", bound=Candidate)
Weight = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of the matter a policy is sought for; an empty text is a thing not known."""

    source: str = ""
    sector: str = ""
    grade: str = ""
    supervision_level: str = ""


def in_sector(sector: str, branch: str) -> bool:
    """Whether a sector is the branch itself or hangs below it (codes are dotted paths)."""
    return sector == branch or sector.startswith(f"{branch}.")


def covers(candidate: Candidate, case: Case) -> bool:
    """Whether the policy's scope includes the case. What is not known of a case matches only *any*."""
    return (
        candidate.source in {"", case.source}
        and (not candidate.sector or in_sector(case.sector, candidate.sector))
        and candidate.grade in {"", case.grade}
        and candidate.supervision_level in {"", case.supervision_level}
    )


def is_valid(candidate: Candidate, on: date) -> bool:
    """Whether the policy is in force on a day."""
    return candidate.valid_from <= on and (candidate.valid_until is None or on <= candidate.valid_until)


def weight_of(candidate: Candidate) -> Weight:
    """How specific a scope is; two different scopes that cover one case never weigh the same."""
    depth = candidate.sector.count(".") + 1 if candidate.sector else 0
    named = (bool(candidate.source), bool(depth), bool(candidate.grade), bool(candidate.supervision_level))
    return (sum(named), int(named[0]), depth, int(named[2]), int(named[3]))


def select(
    candidates: Iterable[CandidateT],
    *,
    jurisdiction_chain: Sequence[uuid.UUID],
    case: Case,
    on: date,
) -> CandidateT | None:
    """The policy that decides the case on a day, or None. `jurisdiction_chain`: the case's own place first."""
    nearness = {place: -distance for distance, place in enumerate(jurisdiction_chain)}
    fitting = [
        candidate
        for candidate in candidates
        if candidate.jurisdiction_id in nearness and is_valid(candidate, on) and covers(candidate, case)
    ]
    return max(
        fitting,
        key=lambda found: (weight_of(found), nearness[found.jurisdiction_id], found.version),
        default=None,
    )
