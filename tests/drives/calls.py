"""What tests of drives do over and over: call, answer, confirm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from bihuan.drives import actions
from bihuan.drives.calling import Call
from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import Drive, DriveLine
from bihuan.intake import actions as intake
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.journal.timesource import today
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    from bihuan.drives.rules import Cell
    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Unit
    from tests.organizations.cast import Cast

ROW = {
    "title": "供水管网巡检不到位",
    "text": "城北供水管网巡检不到位，漏损率长期超过百分之二十。",
    "sector": "risk.safety",
    "fixed": "yes",
}


def call_for(cast: Cast, **other: Any) -> Call:
    """A call to two units about one sector."""
    given = {
        "title": "安全生产自查",
        "code": "ZC-2026-01",
        "units": [cast.water, cast.ecology],
        "sectors": ["risk.safety"],
        "requirement": "对照清单逐项自查。",
        "since": today(),
        "due_on": today() + dt.timedelta(days=10),
    }
    return Call(**{**given, **other})


def draft_of(cast: Cast, **other: Any) -> Drive:
    """The call as its preparer leaves it."""
    return actions.prepare_drive(
        jurisdiction=cast.city, call=call_for(cast, **other), actor=cast.coordinator.actor
    )


def issue(drive: Drive, cast: Cast) -> Drive:
    """Sent out by the second person."""
    actions.issue_drive(drive, actor=cast.reviewer.actor)
    return Drive.objects.select_related("batch__jurisdiction").get(pk=drive.pk)


def line_of(drive: Drive, unit: Unit) -> DriveLine:
    return DriveLine.objects.select_related("drive__batch__jurisdiction", "unit").get(drive=drive, unit=unit)


def answered(drive: Drive, cast: Cast) -> DriveLine:
    """The water bureau's answer: one row."""
    actions.acknowledge_call(line_of(drive, cast.water), actor=cast.handler.actor)
    actions.answer_with_rows(line_of(drive, cast.water), rows=[ROW], actor=cast.handler.actor)
    return line_of(drive, cast.water)


def confirmed(line: DriveLine, cast: Cast) -> Problem:
    """What it reported, in the ledger."""
    document = IntakeDocument.objects.get(pk=line.documents[0])
    (candidate,) = Candidate.objects.filter(document=document)
    facts = {
        "sector": "risk.safety",
        "nature": "violation",
        "impact": "single",
        "urgency": "critical",
        "rectification_kind": "by_date",
        "lead_unit": str(line.unit_id),
    }
    office = cast.coordinator.actor
    intake.edit_candidate(document, candidate=candidate.k, facts=facts, actor=office)
    return intake.confirm_candidates(document, candidates=[candidate.k], actor=office)[0]


def blanks_of(line: DriveLine, actor: Actor) -> list[Cell]:
    """The cells of a line nobody has accounted for."""
    [covered] = coverage_of(line.drive, [line], actor)
    return list(covered.blank)
