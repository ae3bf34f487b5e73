"""What the rules are told: plain values, gathered elsewhere, made by tests as they like."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

BEFORE: Final = "before"
AFTER: Final = "after"
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence. `general` papers may rightly stand behind many things; `claimed_on` is what was typed in."""

    id: UUID
    kind: str
    uploaded_on: date
    is_picture: bool = False
    general: bool = False
    claimed_on: date | None = None
    taken_on: date | None = None
    taken_at: Spot | None = None
    signed_on: date | None = None
    begun_on: date | None = None

    @property
    def dated_on(self) -> date | None:
        """The best date there is of what it shows: by the camera, by the paper, as it was typed in."""
        return self.taken_on or self.signed_on or self.claimed_on


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A proof of ours and another one with the same content, or a picture nearly like it.

    `bits` is none for the same content, else how many bits of both hashes differ. `one_finding`: both problems were
    raised by the same finding, whose photograph of the fault may stand in both. `other_version`: which earlier version of the
    other proof it is, where a corrected file has taken its place since.
    """

    proof: UUID
    other: UUID
    other_problem: UUID
    other_round: int
    other_kind: str
    bits: int | None = None
    own_problem: bool = False
    same_round: bool = False
    one_finding: bool = False
    other_version: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A progress report."""

    id: UUID
    on: date
    percent: int
    only_promise: bool = False
    measure: UUID | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A report of ours whose words, dates aside, stand in an earlier one."""

    report: UUID
    other: UUID
    other_problem: UUID
    other_on: date
    share: int
    own_unit: bool


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One round of a problem. `found_on` and `began_on` are unknown where the work was done before it was entered
    here; `acted_on` are the days of every upload and report, `visits` days announced beforehand.
    """

    found_on: date | None = None
    began_on: date | None = None
    immediate: bool = False
    site: Spot | None = None
    proofs: tuple[Proof, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    told: tuple[Told, ...] = ()
    copies: tuple[Copy, ...] = ()
    acted_on: tuple[date, ...] = ()
    visits: tuple[date, ...] = ()
    two_roles: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers of the policy `authenticity`."""

    place_metres: int
    photo_days: int
    paper_days: int
    completion_days: int
    copied_percent: int
    visit_days: int
    visit_acts: int
    visit_percent: int
    quiet_days: int

    @classmethod
    def from_record(cls, body: Mapping[str, Any]) -> Terms:
        """The terms a policy's body states."""
        return cls(**{one.name: int(body[one.name]) for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A flag to be raised: its kind, what it is about, and the facts that raised it, as a record keeps them."""

    kind: str
    key: str
    evidence: UUID | None = None
    report: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
