"""The coverage of a drive: units × sectors (× sources), from the ledger as the reader sees it.

All lines are worked out together: three statements, however many units and sectors there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from bihuan.drives.models import CoverageNote
from bihuan.drives.rules import OPEN_LINES, Cell, belongs, blank_cells, cells_of
from bihuan.intake.models import Candidate
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.tree import home_of, ids_on

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.drives.models import Drive, DriveLine
    from bihuan.journal.action import Actor


@dataclass(frozen=True)
class LineCoverage:
    """What is known of one unit. `found` counts problems of the ledger, `waiting` the reported ones not decided yet."""

    line: DriveLine
    cells: tuple[Cell, ...]
    found: Mapping[Cell, int]
    notes: Mapping[Cell, str]
    blank: tuple[Cell, ...]
    reported: int
    waiting: int

    @property
    def asked(self) -> bool:
        """Whether the unit still owes its answer."""
        return self.line.state in OPEN_LINES

    def note(self, cell: Cell) -> str:
        """Why a cell is blank: said of it, or of its whole sector."""
        return self.notes.get(cell) or self.notes.get((cell[0], ""), "")


def coverage_of(drive: Drive, lines: Sequence[DriveLine], actor: Actor) -> list[LineCoverage]:
    """Every line with what accounts for its cells, in the order given."""
    cells = tuple(cells_of(drive.sectors, drive.sources))
    found = _found(drive, lines, cells, actor)
    notes: dict[uuid.UUID, dict[Cell, str]] = defaultdict(dict)
    for note in CoverageNote.objects.filter(line__in=lines):
        notes[note.line_id][note.sector, note.source] = note.reason
    reported = _reported(lines)
    return [
        LineCoverage(
            line=line,
            cells=cells,
            found=found[line.pk],
            notes=notes[line.pk],
            blank=tuple(blank_cells(line.state, cells, found[line.pk], notes[line.pk])),
            reported=sum(reported[line.pk].values()),
            waiting=reported[line.pk][Candidate.State.PROPOSED],
        )
        for line in lines
    ]


def _found(
    drive: Drive, lines: Sequence[DriveLine], cells: Sequence[Cell], actor: Actor
) -> dict[uuid.UUID, Counter[Cell]]:
    """How many problems of the period each unit leads, itself or through what lies below it.

    Beside a nil return these are the problems found although none was declared.
    """
    homes: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for line in lines:
        homes[home_of(line.unit).pk].append(line.pk)
    seen = visible(actor, Problem.objects.all()).filter(
        lead_unit__path__under=drive.batch.jurisdiction.path, registered_on__gte=drive.since
    )
    groups = seen.values_list("lead_unit__path", "sector__code", "source__code").annotate(Count("pk"))
    counted: dict[uuid.UUID, Counter[Cell]] = defaultdict(Counter)
    for path, sector, source, number in groups.order_by():
        mine = [cell for cell in cells if belongs(cell, sector, source)]
        for pk in (pk for unit in ids_on(path) for pk in homes.get(unit, ())):
            counted[pk].update(dict.fromkeys(mine, number))
    return counted


def _reported(lines: Sequence[DriveLine]) -> dict[uuid.UUID, Counter[str]]:
    """The rows each unit handed in, by what became of them; what was cut or joined is counted as it stands now."""
    owner = {document: line.pk for line in lines for document in line.documents}
    rows = Candidate.objects.filter(document__in=owner).exclude(state=Candidate.State.REPLACED)
    counted: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    for document, state, number in rows.values_list("document", "state").annotate(Count("pk")).order_by():
        counted[owner[str(document)]][state] += number
    return counted
