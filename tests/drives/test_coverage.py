"""Sectors × sources × units, from the ledger: what counts where, and in how many statements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.drives import actions
from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import Drive, DriveLine
from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from tests.desk.test_costs import register_many
from tests.drives.calls import answered, blanks_of, call_for, confirmed, draft_of, issue, line_of
from tests.organizations.cast import THE_SYSTEM

pytestmark = pytest.mark.django_db
WATER = {"sectors": ["risk.ecology", "risk.safety"]}


def lines_of(drive: Drive) -> list[DriveLine]:
    return list(DriveLine.objects.filter(drive=drive).select_related("unit").order_by("unit__path"))


def covered(drive: Drive, actor):
    return {one.line.unit.code: one for one in coverage_of(drive, lines_of(drive), actor)}


@pytest.mark.usefixtures("lists")
def test_a_problem_counts_for_its_unit_for_those_above_and_in_the_sector_above(cast):
    drive = issue(draft_of(cast, **WATER, units=[cast.water, cast.station, cast.ecology]), cast)
    register_many(place=cast.city, lead=cast.station, start=0, end=2, actor=THE_SYSTEM)
    found = {code: dict(one.found) for code, one in covered(drive, cast.coordinator.actor).items()}
    assert found == {
        "WATER": {("risk.ecology", ""): 2},
        "STATION": {("risk.ecology", ""): 2},
        "ECOLOGY": {},
    }


@pytest.mark.usefixtures("lists")
def test_where_sources_are_named_each_is_accounted_for_by_itself(cast):
    sources = ["audit", "hotline_12345"]
    drive = issue(draft_of(cast, sectors=["risk.ecology"], sources=sources), cast)
    register_many(place=cast.city, lead=cast.water, start=0, end=1, actor=THE_SYSTEM)
    water = line_of(drive, cast.water)
    assert blanks_of(water, cast.coordinator.actor) == [("risk.ecology", "audit")]
    with pytest.raises(Refused, match="对照范围"):
        actions.explain_blank(
            water, sector="risk.ecology", source="petition", reason="无", actor=cast.handler.actor
        )
    actions.explain_blank(
        water, sector="risk.ecology", source="audit", reason="今年没有审计。", actor=cast.handler.actor
    )
    assert blanks_of(line_of(drive, cast.water), cast.coordinator.actor) == []
    actions.explain_blank(
        line_of(drive, cast.ecology), sector="risk.ecology", reason="没有发现。", actor=cast.coordinator.actor
    )
    assert blanks_of(line_of(drive, cast.ecology), cast.coordinator.actor) == []


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize(
    "wrong",
    [
        {"sectors": ["nonsense"]},
        {"sectors": []},
        {"sources": ["nonsense"]},
        {"units": []},
        {"basis_kind": "rumour"},
        {"basis_kind": "central_instruction", "basis": " "},
        {"code": " "},
        {"requirement": ""},
        {"due_on": today() - dt.timedelta(days=1)},
        {"since": today() + dt.timedelta(days=1)},
    ],
)
def test_a_call_that_cannot_stand_is_refused_and_leaves_no_batch(cast, wrong):
    with pytest.raises(Refused):
        draft_of(cast, **wrong)
    assert not Drive.objects.exists()
    assert not call_for(cast).units[0].drive_lines.exists()


@pytest.mark.usefixtures("lists")
def test_a_unit_of_another_office_is_not_called(cast):
    draft_of(cast, units=[cast.county], code="ZC-A")
    with pytest.raises(Refused, match="自查单位"):
        actions.prepare_drive(
            jurisdiction=cast.other_county, call=call_for(cast, code="ZC-B"), actor=office_of(cast)
        )


def office_of(cast):
    """A coordinator of the other county, given the role for this test."""
    from bihuan.organizations.actions import grant_role
    from bihuan.organizations.models import Role

    grant_role(cast.outsider.post, role=Role.COORDINATOR, actor=THE_SYSTEM)
    return cast.outsider.actor


@pytest.mark.usefixtures("lists")
def test_reported_rows_are_counted_by_what_became_of_them(issued, cast):
    line = answered(issued, cast)
    [one] = coverage_of(issued, [line], cast.coordinator.actor)
    assert (one.reported, one.waiting) == (1, 1)
    confirmed(line, cast)
    [one] = coverage_of(issued, [line], cast.coordinator.actor)
    assert (one.reported, one.waiting, one.found) == (1, 0, {("risk.safety", ""): 1})


@pytest.mark.usefixtures("lists")
def test_the_statements_of_a_coverage_do_not_grow(cast):
    actor = cast.coordinator.actor

    def cost(drive: Drive) -> int:
        lines = lines_of(drive)
        with CaptureQueriesContext(connection) as captured:
            coverage_of(drive, lines, actor)
        return len(captured)

    few = cost(issue(draft_of(cast), cast))
    register_many(place=cast.city, lead=cast.water, start=0, end=20, actor=THE_SYSTEM)
    units = [cast.water, cast.ecology, cast.data, cast.audit, cast.inspection, cast.station, cast.county]
    many = cost(issue(draft_of(cast, **WATER, code="ZC-2", units=units), cast))
    assert few == many <= 8
