"""Who may judge the work: nobody who had a part in it, and nobody who stands under those who did.

Pure. The database holds the same rule as a deferred trigger (`migrations/0002_independence.py`), so that no way of
writing gets around it; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bihuan.organizations.ltree import is_under

if TYPE_CHECKING:
    from uuid import UUID


class Part(StrEnum):
    """A part somebody had in the work of a round."""

    PLANNER = "planner"
    IMPLEMENTER = "implementer"
    EVIDENCE_AUTHOR = "evidence_author"
    APPLICANT = "applicant"
    APPROVER = "approver"
    RECORDER = "recorder"


@dataclass(frozen=True)
class Work:
    """Who did what in a round, and where the doing units stand. Persons come with the principals they stood in for."""

    persons: dict[Part, frozenset[UUID]] = field(default_factory=dict)
    doing_paths: tuple[str, ...] = ()
    accepted_last_round: frozenset[UUID] = frozenset()

    def parts_of(self, person: UUID) -> list[Part]:
        """What this person did."""
        return [part for part in Part if person in self.persons.get(part, frozenset())]


@dataclass(frozen=True)
class Judge:
    """Who wants to judge: the person, the principal they stand in for, and where their unit stands."""

    person: UUID
    principal: UUID | None
    unit_path: str

    @property
    def persons(self) -> tuple[UUID, ...]:
        """A stand-in counts as themselves and as their principal."""
        return (self.person,) if self.principal is None else (self.person, self.principal)


@dataclass(frozen=True)
class Dependence:
    """One reason why somebody is not independent: a part they had, a unit they stand under, or an earlier verdict."""

    part: Part | None = None
    under: str = ""
    judged_before: bool = False


def dependences_of(judge: Judge, work: Work) -> list[Dependence]:
    """Every reason why the judge is not independent; an empty list is independence."""
    parts = sorted({part for person in judge.persons for part in work.parts_of(person)})
    found = [Dependence(part=part) for part in parts]
    found += [Dependence(under=path) for path in work.doing_paths if is_under(judge.unit_path, path)]
    if any(person in work.accepted_last_round for person in judge.persons):
        found.append(Dependence(judged_before=True))
    return found
