"""The coverage of a drive: units × sectors (× sources), from the ledger as the reader sees it.

All lines are worked out together: three statements, however many units and sectors there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Count

from bihuan.drives.calling import SELF_INSPECTION
from bihuan.drives.models import CoverageNote, Drive
from bihuan.drives.rules import OPEN_LINES, Cell, belongs, blank_cells, cells_of
from bihuan.intake.models import Candidate
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.tree import home_of, ids_on

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.drives.models import DriveLine
    from bihuan.journal.action import Actor


# What became of a reported row, and its sector.
Row = tuple[str, str]


@dataclass(frozen=True)
class LineCoverage:
    """What is known of one unit. `found` counts problems of the ledger the reader sees, `said` what the unit itself
    reported in this drive and nobody turned down, whether the reader sees it in the ledger yet or not; `waiting` is how
    many of its rows are not decided.
    """

    line: DriveLine
    cells: tuple[Cell, ...]
    found: Mapping[Cell, int]
    said: Mapping[Cell, int]
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
    rows = _reported(lines)
    covered = [_covered(line, cells, found[line.pk], notes[line.pk], rows[line.pk]) for line in lines]
    # What was called back asks for nothing more, so nothing of it is left blank.
    return [replace(one, blank=()) for one in covered] if drive.state == Drive.State.RECALLED else covered


def _covered(
    line: DriveLine, cells: tuple[Cell, ...], found: Counter[Cell], notes: dict[Cell, str], rows: Counter[Row]
) -> LineCoverage:
    said: Counter[Cell] = Counter()
    for (state, sector), number in rows.items():
        if state != Candidate.State.DROPPED:
            said.update({cell: number for cell in cells if belongs(cell, sector, SELF_INSPECTION)})
    return LineCoverage(
        line=line,
        cells=cells,
        found=found,
        said=said,
        notes=notes,
        blank=tuple(blank_cells(line.state, cells, found + said, notes)),
        reported=sum(rows.values()),
        waiting=sum(number for (state, _), number in rows.items() if state == Candidate.State.PROPOSED),
    )


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


def _reported(lines: Sequence[DriveLine]) -> dict[uuid.UUID, Counter[Row]]:
    """The rows each unit handed in, by what became of them and sector; what was cut or joined counts as it stands now."""
    owner = {document: line.pk for line in lines for document in line.documents}
    rows = Candidate.objects.filter(document__in=owner).exclude(state=Candidate.State.REPLACED).order_by()
    groups = rows.values_list("document", "state", "choices__sector", "proposals__sector")
    counted: dict[uuid.UUID, Counter[Row]] = defaultdict(Counter)
    for document, state, chosen, proposed, number in groups.annotate(Count("pk")):
        counted[owner[str(document)]][state, str(chosen or proposed or "")] += number
    return counted
