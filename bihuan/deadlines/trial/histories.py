"""The pasts of clocks, read from the journal: what each row held from which moment on, as the rules see it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from bihuan.deadlines.ladder.climbing import CRITICAL
from bihuan.deadlines.ladder.rules import Rung
from bihuan.deadlines.models import Clock, Conduct, LadderStep
from bihuan.deadlines.readings import facts_of
from bihuan.deadlines.rules import Light
from bihuan.deadlines.trial.replaying import Past, Proposed, Stretch
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

CLOCK: Final = f"{Clock._meta.label_lower}:"
PROBLEM: Final = f"{Problem._meta.label_lower}:"
OF_PROBLEM: Final = frozenset({"progress", "returns", "urgency"})
TOLD: Final = frozenset(
    {
        *("kind", "round", "state", "unit_word", "unit_word_on", "office_word", "office_word_on"),
        *(
            "started_on",
            "due",
            "due_at",
            "first_due",
            "began_at",
            "work_from",
            "light",
            "raised_to",
            "yellows",
        ),
        *("stopped_on", "stopped_at", "suspended_on", "suspended_days", "schedule"),
    }
)
"""The columns of a clock that any rule judges by."""


class _Case:
    """One problem while its events are read."""

    def __init__(self, pk: uuid.UUID) -> None:
        self.problem = Problem(pk=pk)
        self.clocks: dict[uuid.UUID, Clock] = {}
        self.stretches: dict[uuid.UUID, list[Stretch]] = defaultdict(list)

    def hear(self, body: dict[str, Any]) -> None:
        """One event: what it says of the problem and its clocks, and the stretches that begin with it."""
        touched: set[uuid.UUID] = set()
        for row, columns in body["changes"].items():
            if row.startswith(PROBLEM):
                if _take(self.problem, columns, OF_PROBLEM):
                    touched |= self.clocks.keys()
            elif row.startswith(CLOCK):
                pk = uuid.UUID(row.removeprefix(CLOCK))
                clock = self.clocks.setdefault(pk, Clock(pk=pk, problem=self.problem))
                if _take(clock, columns, TOLD):
                    touched.add(pk)
        moment = timezone.localtime(datetime.fromisoformat(body["occurred_at"]))
        for pk in touched:
            self._begin(pk, moment)

    def _begin(self, pk: uuid.UUID, moment: datetime) -> None:
        row, told = self.clocks[pk], self.stretches[pk]
        new = Stretch(
            since=moment,
            facts=facts_of(row),
            light=Light(row.light),
            yellows=row.yellows,
            returns=self.problem.returns,
            critical=self.problem.urgency == CRITICAL,
        )
        # Of several events of one moment (an act and what reacts to it) the last says how things stand.
        if told and told[-1].since >= moment:
            told.pop()
        told.append(new)


def _take(row: Any, columns: dict[str, list[Any]], known: frozenset[str]) -> bool:
    names = known & columns.keys()
    for name in names:
        setattr(row, name, row._meta.get_field(name).to_python(columns[name][1]))
    return bool(names)


def pasts_of(problems: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, list[Past]]]:
    """The clocks of each problem from their beginnings, case after case; three queries for however many."""
    conducts = _conducts(problems)
    settled = _settled(problems)
    events = JournalEvent.objects.filter(stream__in=problems).order_by("stream", "seq")
    case: _Case | None = None
    for event in events.only("stream", "seq", "body").iterator(chunk_size=500):
        if case is None or case.problem.pk != event.stream:
            if case is not None:
                yield case.problem.pk, _told(case, conducts, settled)
            case = _Case(event.stream)
        case.hear(event.body)
    if case is not None:
        yield case.problem.pk, _told(case, conducts, settled)


def _told(
    case: _Case,
    conducts: dict[tuple[uuid.UUID, int], date],
    settled: dict[uuid.UUID, dict[Rung, int | None]],
) -> list[Past]:
    return [
        Past(
            key=pk,
            kind=row.kind,
            started=row.started_on,
            stretches=tuple(case.stretches[pk]),
            conduct_on=conducts.get((case.problem.pk, row.round)),
            settled_after=settled.get(pk, {}),
        )
        for pk, row in case.clocks.items()
    ]


def _conducts(problems: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, int], date]:
    rows = Conduct.objects.filter(problem__in=problems, state=Conduct.State.DETERMINED)
    found: dict[tuple[uuid.UUID, int], date] = {}
    for problem, number, on in rows.values_list("problem", "round", "determined_on"):
        found[problem, number] = min(on, found.get((problem, number), on))
    return found


def _settled(problems: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[Rung, int | None]]:
    rows = LadderStep.objects.filter(problem__in=problems).exclude(rung=Rung.REMINDER)
    found: dict[uuid.UUID, dict[Rung, int | None]] = defaultdict(dict)
    for clock, rung, proposed, on in rows.values_list("clock", "rung", "proposed_on", "settled_on"):
        found[clock][Rung(rung)] = (on - proposed).days if on is not None else None
    return found


def rungs_recorded(problems: Collection[uuid.UUID], until: date) -> dict[uuid.UUID, list[Proposed]]:
    """What the sweeps sent and proposed in fact, by problem, in order."""
    rows = LadderStep.objects.filter(problem__in=problems, proposed_on__lte=until)
    found: dict[uuid.UUID, list[Proposed]] = defaultdict(list)
    order = ("proposed_on", "id")
    for row in rows.order_by(*order).only("problem", "clock", "proposed_on", "rung", "number"):
        found[row.problem_id].append(Proposed(row.clock_id, row.proposed_on, Rung(row.rung), row.number))
    return found
