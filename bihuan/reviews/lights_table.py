"""亮灯表: units by lights, and what moved since the last call. Counted from the ledger as the reader sees it.

While a call runs its lights are those of today; a concluded one keeps those of its last day. A problem's movement is
its light now beside the one it had when the call before ended; where it was not in that one it is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bihuan.deadlines.queries import lights_for
from bihuan.deadlines.rules import Light
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.reviews.models import MonthlyReview, ReviewRow
from bihuan.reviews.queries import last_before
from bihuan.reviews.slices import UNDER_WAY

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Unit

COLUMNS: Final = (Light.RED, Light.ORANGE, Light.YELLOW, Light.BLUE, Light.GREEN, Light.OFF)


@dataclass
class UnitLights:
    """One unit: how many problems under each light, and how they moved."""

    unit: Unit
    now: Counter[Light] = field(default_factory=Counter)
    before: Counter[Light] = field(default_factory=Counter)
    better: int = 0
    worse: int = 0
    new: int = 0
    gone: int = 0

    @property
    def total(self) -> int:
        return sum(self.now.values())

    def change(self, light: Light) -> int:
        """How many more than when the call before ended."""
        return self.now[light] - self.before[light]


@dataclass(frozen=True)
class LightsTable:
    """The table, and the call it is compared with."""

    rows: Sequence[UnitLights]
    compared_with: MonthlyReview | None

    def sum(self, light: Light) -> int:
        return sum(row.now[light] for row in self.rows)

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)


def lights_table(review: MonthlyReview, actor: Actor) -> LightsTable:
    """Every called unit, in the order of the tree."""
    rows = _rows(review, actor)
    now = _lights_now(review, rows)
    earlier = last_before(review)
    then_rows = _rows(earlier, actor) if earlier else []
    then = {row.problem_id: Light(row.light_after or row.light) for row in then_rows}
    found: dict[uuid.UUID, UnitLights] = {}
    for row in rows:
        if row.problem_id in now:
            _count(found.setdefault(row.sheet.unit_id, UnitLights(row.sheet.unit)), row, now, then)
        else:
            found.setdefault(row.sheet.unit_id, UnitLights(row.sheet.unit))
    here = {row.problem_id for row in rows if row.problem_id in now}
    for row in then_rows:
        unit = found.setdefault(row.sheet.unit_id, UnitLights(row.sheet.unit))
        unit.before[then[row.problem_id]] += 1
        unit.gone += row.problem_id not in here
    ordered = sorted(found.values(), key=lambda one: one.unit.path)
    return LightsTable(ordered, earlier)


def _count(
    unit: UnitLights, row: ReviewRow, now: Mapping[uuid.UUID, Light], then: Mapping[uuid.UUID, Light]
) -> None:
    light, before = now[row.problem_id], then.get(row.problem_id)
    unit.now[light] += 1
    if before is None:
        unit.new += 1
    else:
        unit.better += light.severity < before.severity
        unit.worse += light.severity > before.severity


def _rows(review: MonthlyReview, actor: Actor) -> list[ReviewRow]:
    seen = visible(actor, Problem.objects.filter(review_rows__sheet__review=review)).values("pk")
    rows = ReviewRow.objects.filter(sheet__review=review, depth=0, problem__in=seen)
    return list(rows.select_related("sheet__unit", "problem").order_by("sheet__unit__path", "problem_id"))


def _lights_now(review: MonthlyReview, rows: Iterable[ReviewRow]) -> dict[uuid.UUID, Light]:
    """The lights that count: kept ones of a concluded call; else today's, of what is still the unit's to work on."""
    if review.state == MonthlyReview.State.CONCLUDED:
        return {row.problem_id: Light(row.light_after or row.light) for row in rows if _was_there(row)}
    there = [row.problem for row in rows if row.problem.state in UNDER_WAY]
    lights = lights_for(there)
    return {
        problem.pk: Light(lights[problem.pk].light) if problem.pk in lights else Light.OFF
        for problem in there
    }


def _was_there(row: ReviewRow) -> bool:
    return row.state != ReviewRow.State.LEFT


def by_light(review: MonthlyReview, actor: Actor) -> dict[Light, list[ReviewRow]]:
    """The problems of a call under each light, for the words of its circular."""
    rows = _rows(review, actor)
    now = _lights_now(review, rows)
    found: dict[Light, list[ReviewRow]] = defaultdict(list)
    for row in rows:
        if row.problem_id in now:
            found[now[row.problem_id]].append(row)
    return found
