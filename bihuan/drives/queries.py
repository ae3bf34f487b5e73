"""Reading drives: whose lines one sees, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, F, Q, When

from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.drives.policy import SIGNERS
from bihuan.drives.rules import OPEN_LINES, OUT, OVER, is_to_be_moved, waits_for
from bihuan.intake.policy import has_desk, visible_batches
from bihuan.journal.timesource import today
from bihuan.organizations.authority import in_unit, jurisdiction_of, open_post_of
from bihuan.organizations.models import UnitKind
from bihuan.organizations.remembering import remembered
from bihuan.organizations.tree import home_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.journal.action import Actor


MOST_CALLS: Final = 60


def drives_run_by(actor: Actor) -> QuerySet[Drive]:
    """The drives of the actor's own office; `policy.sees_line` says the same of one line."""
    found: QuerySet[Drive] = Drive.objects.filter(batch__in=visible_batches(actor))
    return found.select_related("batch__jurisdiction")


def plans_kept_by(actor: Actor) -> QuerySet[DrivePlan]:
    """The plans of the actor's own office; `policy.sees_plan` says the same of one."""
    place = jurisdiction_of(actor)
    if place is None or not has_desk(actor):
        return DrivePlan.objects.none()  # type: ignore[no-any-return]
    found: QuerySet[DrivePlan] = DrivePlan.objects.filter(jurisdiction=place)
    return found.order_by(F("next_on").asc(nulls_last=True), "title", "id")


def lines_of_own_unit(actor: Actor) -> list[DriveLine]:
    """What the actor's unit was called to answer, what ends first first; a call not yet out exists for nobody."""
    return _own(actor, _lines().order_by("drive__due_on", "drive", "id"))


@remembered
def calls_of(actor: Actor) -> tuple[DriveLine, ...]:
    """The same for navigation and desk: what is under way first, and no more than a desk can hold. One statement."""
    under_way_first = Case(When(drive__state=Drive.State.ISSUED, then=0), default=1)
    return tuple(_own(actor, _lines().order_by(under_way_first, "drive__due_on", "id"), most=MOST_CALLS))


def _lines() -> QuerySet[DriveLine]:
    found: QuerySet[DriveLine] = DriveLine.objects.select_related("unit", "drive__batch__jurisdiction")
    return found


def _own(actor: Actor, rows: QuerySet[DriveLine], most: int | None = None) -> list[DriveLine]:
    post = open_post_of(actor)
    if post is None:
        return []
    home = home_of(post.unit)
    # A section may be called by itself; whether it is one of ours its place in the tree says only together with its kind.
    units = Q(unit=home) | Q(unit__kind=UnitKind.SECTION, unit__path__under=home.path)
    found = rows.filter(units).filter(drive__state__in=OUT)[:most]
    return [line for line in found if line.unit_id == home.pk or in_unit(actor, line.unit)]


def to_answer(actor: Actor) -> list[DriveLine]:
    """What of it waits for this very person: to acknowledge, to answer, to sign."""
    post = open_post_of(actor)
    signs = post is not None and post.kind in SIGNERS
    me = {actor.person, actor.on_behalf_of}
    return [
        line
        for line in calls_of(actor)
        if line.drive.state == Drive.State.ISSUED
        and waits_for(line.state, signs=signs, prepared=line.nil_prepared_by in me)
    ]


@dataclass(frozen=True)
class Counted:
    """A drive of the office, with how many units were called and how many of them owe their answer."""

    drive: Drive
    called: int
    asked: int

    @property
    def late(self) -> bool:
        """Whether the day has passed and somebody still owes an answer."""
        return self.drive.state == Drive.State.ISSUED and self.asked > 0 and self.drive.due_on < today()


def counted(drives: QuerySet[Drive]) -> list[Counted]:
    """The drives of a queryset with their numbers; one statement."""
    asked = Count("lines", filter=Q(lines__state__in=OPEN_LINES))
    rows = drives.annotate(called=Count("lines"), asked=asked)
    return [Counted(drive, drive.called, drive.asked) for drive in rows]


def to_move(actor: Actor) -> list[Counted]:
    """The office's drives that wait for this person: another's draft to issue, one to conclude, one overdue."""
    if not has_desk(actor):
        return []
    me = {actor.person, actor.on_behalf_of}
    running = drives_run_by(actor).exclude(state__in=OVER).order_by("due_on", "id")
    return [
        one
        for one in counted(running)
        if is_to_be_moved(
            one.drive.state,
            mine=one.drive.prepared_by in me,
            asked=one.asked,
            late=one.drive.due_on < today(),
        )
    ]


def drives_seen(actor: Actor, *, concluded: bool = False) -> list[tuple[Drive, list[DriveLine]]]:
    """The drives somebody has to do with, each with the lines they see: every one for the office, one's own for a unit.

    What ends first stands first; concluded ones only where they are asked for.
    """
    run = DriveLine.objects.filter(drive__in=drives_run_by(actor))
    rows = {line.pk: line for line in run.select_related("unit", "drive__batch__jurisdiction")}
    rows |= {line.pk: line for line in lines_of_own_unit(actor)}
    seen = [line for line in rows.values() if concluded or line.drive.state not in OVER]
    seen.sort(key=lambda line: (line.drive.due_on, line.drive_id, line.unit.path))
    return [
        (lines[0].drive, lines)
        for lines in (list(group) for _, group in groupby(seen, attrgetter("drive_id")))
    ]


def is_late(line: DriveLine) -> bool:
    """Whether the day has passed and the unit still owes its answer."""
    owed = line.drive.state == Drive.State.ISSUED and line.state in OPEN_LINES
    return owed and line.drive.due_on < today()
