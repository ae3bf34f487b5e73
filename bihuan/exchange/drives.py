"""Self-inspection drives to read: without it no unit would know which line to answer."""

from __future__ import annotations

import uuid

from ninja import Router, Schema

from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.queries import drives_seen, is_late
from bihuan.journal.action import Actor
from bihuan.organizations.acting import Request

router = Router(tags=["drives"])


class CellOut(Schema):
    """A sector of the call, and the source it is looked at for; an empty source means whatever source."""

    sector: str
    source: str


class LineOut(Schema):
    """One called unit. `blank`: what nobody has accounted for."""

    id: uuid.UUID
    unit: uuid.UUID
    unit_name: str
    state: str
    late: bool
    documents: list[uuid.UUID]
    blank: list[CellOut]


class DriveOut(Schema):
    """A call, with the lines the caller sees; days are ISO text."""

    id: uuid.UUID
    batch: uuid.UUID
    title: str
    requirement: str
    sectors: list[str]
    sources: list[str]
    state: str
    since: str
    due_on: str
    lines: list[LineOut]


@router.get(
    "",
    response=list[DriveOut],
    summary="Self-inspection drives",
    description="自查。The calls one has to do with, what ends first first; concluded ones if asked for.",
    url_name="drives",
)
def drives(request: Request, concluded: bool = False) -> list[DriveOut]:  # noqa: FBT001, FBT002  (a query's name)
    """The calls one has to do with."""
    return [
        _as_out(request.actor, drive, lines)
        for drive, lines in drives_seen(request.actor, concluded=concluded)
    ]


def _as_out(actor: Actor, drive: Drive, lines: list[DriveLine]) -> DriveOut:
    return DriveOut(
        id=drive.pk,
        batch=drive.batch_id,
        title=drive.batch.title,
        requirement=drive.requirement,
        sectors=drive.sectors,
        sources=drive.sources,
        state=drive.state,
        since=drive.since.isoformat(),
        due_on=drive.due_on.isoformat(),
        lines=[
            LineOut(
                id=one.line.pk,
                unit=one.line.unit_id,
                unit_name=one.line.unit.name,
                state=one.line.state,
                late=is_late(one.line),
                documents=[uuid.UUID(document) for document in one.line.documents],
                blank=[CellOut(sector=sector, source=source) for sector, source in one.blank],
            )
            for one in coverage_of(drive, lines, actor)
        ],
    )
