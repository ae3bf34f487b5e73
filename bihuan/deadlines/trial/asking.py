"""A version of lights or ladder tried on the cases of a period, as its reader sees them; no case is written to.

Which cases: those with a clock that began in the period and that the version would have decided over the one it kept.
Lights are told for each such clock, rungs for the case; both are followed until the day of the trial.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.ladder.rules import Ladder
from bihuan.deadlines.models import Clock, ClockKind
from bihuan.deadlines.rules import Light, Thresholds
from bihuan.deadlines.terms import LADDER, LIGHTS, Terms
from bihuan.deadlines.trial.histories import pasts_of, rungs_recorded
from bihuan.deadlines.trial.replaying import lights_shown, lights_under, rungs_under
from bihuan.deadlines.what_if import would_decide
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bihuan.deadlines.trial.replaying import Past, Proposed, Span
    from bihuan.journal.action import Actor
    from bihuan.policies.models import Policy

CODES: Final = frozenset({LIGHTS, LADDER})
KEPT: Final = {LIGHTS: "lights_policy", LADDER: "ladder_policy"}


@dataclass(frozen=True)
class Mark:
    """A light with its first and last day, or a rung on its day; `name` is the light's or the rung's."""

    first: date
    last: date
    name: str

    @property
    def weight(self) -> int:
        """Days of a light, and one of a rung: what sums are made of."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Line:
    """One clock (of lights) or one case (of the ladder): what was, and what would have been."""

    problem: uuid.UUID
    kind: str
    unit: uuid.UUID | None
    grade: str
    was: tuple[Mark, ...]
    would: tuple[Mark, ...]

    @property
    def differs(self) -> bool:
        """Whether the version would have changed anything here."""
        return self.was != self.would

    def sums(self) -> tuple[Counter[str], Counter[str]]:
        """By name: days, or how often."""
        return _sum(self.was), _sum(self.would)


def _sum(marks: Iterable[Mark]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in marks:
        found[one.name] += one.weight
    return found


def cases(policy: Policy, actor: Actor, since: date, until: date) -> list[uuid.UUID]:
    """The problems to look at, in order: those the reader sees under the version's place with a clock that began then."""
    seen = visible(actor, Problem.objects.filter(jurisdiction__path__under=policy.jurisdiction.path))
    began = Clock.objects.filter(started_on__range=(since, until)).exclude(kind=ClockKind.NOTICE)
    return list(seen.filter(pk__in=began.values("problem")).order_by("pk").values_list("pk", flat=True))


class Trial:
    """One version and one period; asked for bundle after bundle of cases."""

    def __init__(self, policy: Policy, since: date, until: date, today: date) -> None:
        self.policy, self.since, self.until, self.today = policy, since, until, today
        self.terms = Terms(today)
        self.thresholds = Thresholds.from_record(policy.body) if policy.code == LIGHTS else None
        self.ladder = Ladder.from_record(policy.body) if policy.code == LADDER else None

    def lines(self, problems: Sequence[uuid.UUID]) -> Iterator[Line]:
        """What the version would have made of these cases."""
        meant = self._meant(problems)
        recorded = rungs_recorded(meant, self.today) if self.ladder else {}
        for pk, pasts in pasts_of(meant.keys()):
            if self.thresholds is not None:
                yield from self._lights(meant[pk], pasts, self.thresholds)
            elif self.ladder is not None:
                yield self._rungs(meant[pk], pasts, recorded.get(pk, []), self.ladder)

    def _meant(self, problems: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, Clock]]:
        """The clocks the version would have decided, by problem."""
        kept = KEPT[self.policy.code]
        rows = Clock.objects.filter(problem__in=problems, started_on__range=(self.since, self.until))
        related = ("problem__source", "problem__sector", "problem__jurisdiction", kept)
        found: dict[uuid.UUID, dict[uuid.UUID, Clock]] = {}
        for row in rows.exclude(kind=ClockKind.NOTICE).select_related(*related):
            if would_decide(self.policy, row.problem, getattr(row, kept)):
                found.setdefault(row.problem_id, {})[row.pk] = row
        return found

    def _lights(
        self, clocks: dict[uuid.UUID, Clock], pasts: list[Past], thresholds: Thresholds
    ) -> Iterator[Line]:
        for past in pasts:
            row = next((clock for pk, clock in clocks.items() if pk == past.key), None)
            if row is not None:
                was = _spans(lights_shown(past, self.today))
                would = _spans(lights_under(past, thresholds, self.today))
                yield Line(row.problem_id, row.kind, row.unit_id, row.problem.grade, was, would)

    def _rungs(
        self, clocks: dict[uuid.UUID, Clock], pasts: list[Past], recorded: list[Proposed], ladder: Ladder
    ) -> Line:
        problem = next(iter(clocks.values())).problem
        found = rungs_under(pasts, ladder, self.terms.calendar(problem), self.today)
        was, would = self._marks(recorded), self._marks(found)
        return Line(problem.pk, "", problem.lead_unit_id, problem.grade, was, would)

    def _marks(self, proposed: Iterable[Proposed]) -> tuple[Mark, ...]:
        marks = [Mark(one.on, one.on, one.rung.value) for one in proposed if one.on >= self.since]
        return tuple(sorted(marks, key=lambda mark: (mark.first, mark.name)))


def _spans(spans: Iterable[Span]) -> tuple[Mark, ...]:
    return tuple(Mark(one.first, one.last, one.light.value) for one in spans if one.light is not Light.OFF)


def a_year_before(until: date) -> date:
    """Where the period begins if nobody says."""
    return until - timedelta(days=365)
