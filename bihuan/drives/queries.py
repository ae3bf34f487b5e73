"""Reading drives: whose lines one sees, and what waits for whom."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db.models import Q

from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.rules import OPEN_LINES
from bihuan.intake.policy import visible_batches
from bihuan.journal.timesource import today
from bihuan.organizations.authority import in_unit, unit_of
from bihuan.organizations.models import UnitKind
from bihuan.organizations.tree import home_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor


def drives_run_by(actor: Actor) -> QuerySet[Drive]:
    """The drives of the actor's own office; `policy.sees_line` says the same of one line."""
    found: QuerySet[Drive] = Drive.objects.filter(batch__in=visible_batches(actor))
    return found.select_related("batch__jurisdiction")


def lines_of_own_unit(actor: Actor) -> list[DriveLine]:
    """What the actor's unit was called to answer, what ends first first; a call not yet out exists for nobody."""
    own = unit_of(actor)
    if own is None:
        return []
    home = home_of(own)
    # A section may be called by itself; whether it is one of ours its place in the tree says only together with its kind.
    units = Q(unit=home) | Q(unit__kind=UnitKind.SECTION, unit__path__under=home.path)
    rows = DriveLine.objects.filter(units).exclude(drive__state=Drive.State.DRAFT)
    rows = rows.select_related("unit", "drive__batch__jurisdiction").order_by("drive__due_on", "drive", "id")
    return [line for line in rows if line.unit_id == home.pk or in_unit(actor, line.unit)]


def drives_seen(actor: Actor, *, concluded: bool = False) -> list[tuple[Drive, list[DriveLine]]]:
    """The drives somebody has to do with, each with the lines they see: every one for the office, one's own for a unit.

    What ends first stands first; concluded ones only where they are asked for.
    """
    run = DriveLine.objects.filter(drive__in=drives_run_by(actor))
    rows = {line.pk: line for line in run.select_related("unit", "drive__batch__jurisdiction")}
    rows |= {line.pk: line for line in lines_of_own_unit(actor)}
    seen = [line for line in rows.values() if concluded or line.drive.state != Drive.State.CONCLUDED]
    seen.sort(key=lambda line: (line.drive.due_on, line.drive_id, line.unit.path))
    return [
        (lines[0].drive, lines)
        for lines in (list(group) for _, group in groupby(seen, attrgetter("drive_id")))
    ]


def is_late(line: DriveLine) -> bool:
    """Whether the day has passed without an answer."""
    return line.state in OPEN_LINES and line.drive.due_on < today()
