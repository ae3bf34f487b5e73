"""How good the predictions were in the end: what was proposed beside what the people said, counted by the database.

Only of problems the reader sees, of their own place, and never of any with a wall round it: a total would tell of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q, Sum

from bihuan.learning.lessons import open_to_all
from bihuan.learning.models import Prediction
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Unit

_BOX: Final = 10
PAIR: Final = "~"


@dataclass
class Tally:
    """Counts of one sector, or of all."""

    count: int = 0
    right: int = 0
    spoke: int = 0
    right_spoken: int = 0
    # Box of confidence -> how many, how many right, and their percents added up.
    boxes: dict[int, list[int]] = field(default_factory=dict)

    def add(self, *, n: int, is_right: bool, spoke: bool, percent: int, sure: int) -> None:
        """So many predictions of one kind, whose percents add up to `sure`."""
        self.count += n
        self.right += n * is_right
        self.spoke += n * spoke
        self.right_spoken += n * (is_right and spoke)
        box = self.boxes.setdefault(min(percent // _BOX, _BOX - 1), [0, 0, 0])
        box[0] += n
        box[1] += n * is_right
        box[2] += sure

    @property
    def calibration_error(self) -> float | None:
        """The mean gap between how sure it was and how often it was right; None where nothing was said."""
        if not self.count:
            return None
        gaps = sum(abs(right - sure / 100) for _n, right, sure in self.boxes.values())
        return gaps / self.count


@dataclass(frozen=True)
class Confusion:
    """So often one sector was proposed where the people said another."""

    proposed: str
    said: str
    count: int
    spoke: int


@dataclass(frozen=True)
class Live:
    """Everything the page shows of the predictions so far."""

    whole: Tally
    sectors: dict[str, Tally]
    confusions: list[Confusion]


def live_of(actor: Actor, place: Unit) -> Live:
    """One query, whose answer grows with the number of sectors and not with that of problems."""
    problems = visible(actor, open_to_all(Problem.objects.filter(jurisdiction=place)))
    rows = (
        Prediction.objects.filter(problem__in=problems)
        .order_by()
        .values("proposed", "spoke", "percent", said=F("problem__sector__code"))
        .annotate(n=Count("pk"), sure=Sum("percent"))
        .values_list("proposed", "said", "spoke", "percent", "n", "sure")
    )
    return counted(rows)


def counted(rows: Iterable[tuple[str, str, bool, int, int, int]]) -> Live:
    """Rows are (proposed, said, spoke, percent, how many, their percents added up)."""
    whole, sectors = Tally(), dict[str, Tally]()
    wrong, wrong_spoken = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for proposed, said, spoke, percent, n, sure in rows:
        is_right = proposed == said
        for tally in (whole, sectors.setdefault(said, Tally())):
            tally.add(n=n, is_right=is_right, spoke=spoke, percent=percent, sure=sure)
        if not is_right:
            wrong[proposed, said] += n
            wrong_spoken[proposed, said] += n * spoke
    confusions = [Confusion(*pair, count, wrong_spoken[pair]) for pair, count in wrong.items()]
    # What it was sure of and wrong about weighs more than a guess it did not stand by.
    confusions.sort(key=lambda one: (-one.spoke, -one.count, one.proposed, one.said))
    return Live(whole, sectors, confusions)


def proposed_as(value: str) -> Q:
    """A condition of the ledger: ``risk.fire`` was proposed, or ``risk.fire~risk.safety``: and the people said that."""
    proposed, pair, said = value.partition(PAIR)
    found = Q(prediction__proposed=proposed)
    return found & Q(sector__code=said) if pair else found
