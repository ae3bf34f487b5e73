"""Reading drives: whose lines one sees, and the coverage sectors × units."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from bihuan.drives.models import CoverageNote, Drive, DriveLine
from bihuan.drives.policy import sees_line
from bihuan.drives.rules import OPEN_LINES, blank_sectors
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.tree import home_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor


def drives_seen(actor: Actor, *, concluded: bool = False) -> list[tuple[Drive, list[DriveLine]]]:
    """The drives somebody has to do with, each with the lines they see: every one for the office, one's own for a unit.

    What ends first stands first; concluded ones only where they are asked for.
    """
    rows = DriveLine.objects.select_related("unit", "drive__batch__jurisdiction")
    rows = rows if concluded else rows.exclude(drive__state=Drive.State.CONCLUDED)
    seen = (line for line in rows.order_by("drive__due_on", "drive", "unit__path") if sees_line(actor, line))
    return [(drive, list(lines)) for drive, lines in groupby(seen, key=attrgetter("drive"))]


def is_late(line: DriveLine) -> bool:
    """Whether the day has passed without an answer."""
    return line.state in OPEN_LINES and line.drive.due_on < today()


def problems_of(line: DriveLine, actor: Actor) -> QuerySet[Problem]:
    """What the actor sees in the ledger of the unit for the period, from whatever source.

    Beside a nil return these are the problems found although none was declared.
    """
    mine = visible(actor, Problem.objects.all())
    found: QuerySet[Problem] = mine.filter(
        lead_unit__path__under=home_of(line.unit).path, registered_on__gte=line.drive.since
    )
    return found


def coverage_of(line: DriveLine, actor: Actor) -> dict[str, dict[str, int]]:
    """Sector of the call -> source -> how many problems; a sector counts with what lies below it."""
    rows = problems_of(line, actor).values_list("sector__code", "source__code")
    counted: dict[str, dict[str, int]] = {code: {} for code in line.drive.sectors}
    for sector, source in rows:
        for code, cell in counted.items():
            if sector == code or sector.startswith(f"{code}."):
                cell[source] = cell.get(source, 0) + 1
    return counted


def blanks_of(line: DriveLine, actor: Actor) -> list[str]:
    """The sectors of a line nobody has accounted for."""
    found = {code: sum(cell.values()) for code, cell in coverage_of(line, actor).items()}
    explained = set(CoverageNote.objects.filter(line=line).values_list("sector", flat=True))
    return blank_sectors(line.state, line.drive.sectors, found, explained)
