"""Taking over a running ledger: read and checked outside any transaction, written in blocks that stay done.

Rows enter in the state and with the dates of their own documents; no approval is invented, and each says which file
and row it came from.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.documents.errors import DocumentError
from bihuan.documents.excel import Marked, Sheet, workbook_bytes
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.files import store
from bihuan.files.taking_in import prepare
from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.refusals import refusal_of
from bihuan.intake.rereading import known_units
from bihuan.intake.running import ImportRow, Lists, Plan, SheetPlan, plan_of
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import joined, listed
from bihuan.ledger.grading import GRADE_MATRIX, grade_from
from bihuan.ledger.models import (
    Batch,
    Finding,
    FindingLink,
    Involvement,
    InvolvementRole,
    Problem,
    Readership,
    Sector,
    Source,
)
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.ledger.numbering import next_problem_nos
from bihuan.ledger.registering import role_of, stewards_of
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.taxonomy import names_of
from bihuan.organizations.models import Unit
from bihuan.policies.queries import policy_for
from bihuan.text.normalise import fold
from bihuan.text.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bihuan.organizations.models import Stewardship

BLOCK: Final = 1000
SHOWN_PLACES: Final = 6
TAKEN_ALONG: Final = frozenset(
    {"basis", "site", "concerned_party", "reason_unfinished", "proposed_handling", "progress", "amount"}
)
_NAMESPACE: Final = uuid.UUID("6f4a1f0e-3c52-5d4e-9a57-0d3b6f6f2c11")


@dataclass(frozen=True)
class Kept:
    """A spreadsheet that was checked and whose content is kept until the import is done or forgotten."""

    name: str
    sha256: str


def look_at(name: str, content: bytes, batch: Batch) -> tuple[Plan, Kept]:
    """Read a running ledger and keep its content for the import; raises `Refused`, and has then kept nothing."""
    refuse_if_sealed(batch)
    refuse_marks_above("", name=name)
    plan = read_plan(name, content, batch)
    places = plan.clue_places
    if places:
        raise Refused(
            _("“%(file)s”第 %(places)s 行像是反映个人的问题线索，整份文件没有保存。")
            % {"file": name, "places": listed(places[:SHOWN_PLACES])},
            accepted=_("请把这些行取出，按线索渠道线下移交，其余各行再导入。"),
            field="file",
            places=places,
        )
    incoming = prepare(BytesIO(content), name=name)
    return plan, Kept(incoming.name, incoming.sha256)


def read_plan(name: str, content: bytes, batch: Batch) -> Plan:
    """What the file would bring into the batch."""
    try:
        document = read_in_sandbox(content, name=name)
    except DocumentError as error:
        raise refusal_of(error, name) from error
    refuse_marks_above(document.text)
    plan = plan_of(document, lists_for(batch))
    if not plan.sheets:
        raise Refused(
            _("“%(file)s”里没有找到台账的表头。") % {"file": name},
            accepted=_("表头要有“问题”一类的列，以及“责任单位”“整改时限”等列，放在前 15 行之内。"),
            field="file",
        )
    return plan


def read_kept(kept: Kept, batch: Batch) -> Plan:
    """The plan of a kept content, read again: what the page showed is never trusted."""
    try:
        with store.open_stored(store.name_of(kept.sha256)) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Refused(_("这份文件已经不在了。"), accepted=_("请重新上传。")) from error
    return read_plan(kept.name, content, batch)


def lists_for(batch: Batch) -> Lists:
    """The office's own words of today."""
    sectors = {fold(name): code for name, code in names_of(Sector.objects.all())}
    sources = {fold(name): code for name, code in names_of(Source.objects.all())}
    units = UnitIndex.of(known_units(batch.jurisdiction))
    return Lists(sectors, sources, units, batch.source.code, batch.received_on)


def import_id(batch: Batch, kept: Kept) -> uuid.UUID:
    """The id of the run: the same file into the same batch is the same run, so that it resumes."""
    return uuid.uuid5(_NAMESPACE, f"{batch.pk}:{kept.sha256}")


def origin_of(name: str, row: ImportRow) -> str:
    """Which file and row: what `imported_from` says."""
    return f"{name[:150]}:{row.place}"[:200]


def blocks_of(plan: Plan) -> list[list[ImportRow]]:
    """The good rows, cut into blocks that are written whole."""
    rows = plan.rows
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def marked_copy(plan: Plan, *, only_bad: bool = False) -> bytes:
    """The sheets as handed in, bad cells marked, with a last column saying why.

    `only_bad` leaves out the good rows, for an office that has let them in already and mends the rest.
    """
    notes = {
        False: _("标红的单元格要改，改好后整份再传；好的行已经导入的，请另下只含错行的文件。"),
        True: _("这里只有没有导入的行；标红的单元格改好后，直接上传这份文件。"),
    }
    return workbook_bytes(
        Sheet(
            name=sheet.name or _("台账"),
            header=[*_header(sheet), _("错在哪里")],
            rows=_marked_rows(sheet, only_bad=only_bad),
            notes=[notes[only_bad]],
        )
        for sheet in plan.sheets
        if sheet.bad or not only_bad
    )


def _width(sheet: SheetPlan) -> int:
    return max((len(block.cells) for block in sheet.blocks), default=0)


def _header(sheet: SheetPlan) -> list[str]:
    header = next((block.cells for block in sheet.blocks if _line(block) == sheet.header_line), ())
    return [*header, *[""] * (_width(sheet) - len(header))]


def _marked_rows(sheet: SheetPlan, *, only_bad: bool) -> Iterator[list[Any]]:
    wrong: dict[int, dict[int | None, str]] = {}
    for cell in sheet.bad:
        wrong.setdefault(cell.line, {})[cell.column] = cell.words
    width = _width(sheet)
    for block in sheet.blocks:
        bad = wrong.get(_line(block), {})
        if _line(block) <= sheet.header_line or (only_bad and not bad):
            continue
        cells: list[Any] = [Marked(value) if at in bad else value for at, value in enumerate(block.cells)]
        cells += [""] * (width - len(cells))
        reasons = joined(bad.values())
        yield [*cells, Marked(reasons) if reasons else ""]


def _line(block: Any) -> int:
    return int(block.place.row or block.place.number)


def enter(batch: Batch, rows: Sequence[ImportRow], name: str) -> list[Problem]:
    """The body of `intake.import_rows`: all rows of a block, or none; rows already here are left alone."""
    refuse_if_sealed(batch)
    known = set(
        Problem.objects.filter(
            batch=batch, imported_from__in=[origin_of(name, row) for row in rows]
        ).values_list("imported_from", flat=True)
    )
    fresh = [row for row in rows if origin_of(name, row) not in known]
    return _Block(batch, name).write(fresh) if fresh else []


class _Block:
    """One block of rows becoming findings, problems, links and involvements."""

    def __init__(self, batch: Batch, name: str) -> None:
        self.batch, self.name = batch, name
        self.sectors = {sector.code: sector for sector in Sector.objects.all()}
        self.sources = {source.code: source for source in Source.objects.all()}
        self.units: dict[str, Unit] = {}
        self.matrices: dict[str, dict[str, str]] = {}
        self.stewards: dict[tuple[str, str], list[Stewardship]] = {}

    def write(self, rows: Sequence[ImportRow]) -> list[Problem]:
        wanted = {unit for row in rows for unit in (row.lead_unit, *row.supporting_units) if unit}
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=wanted)}
        last = Finding.objects.filter(batch=self.batch).aggregate(last=Max("ordinal"))["last"] or 0
        findings = [self._finding(row, last + at) for at, row in enumerate(rows, start=1)]
        numbers = next_problem_nos(
            self.batch.jurisdiction,
            [self.sources[row.source] for row in rows],
            current().today,
            self.batch.channel,
        )
        problems = [self._problem(row, number) for row, number in zip(rows, numbers, strict=True)]
        # Their streams begin here, under ids nobody else can know: asking for each one's lock would only cost.
        current().born.update(record.pk for record in (*findings, *problems))
        Finding.objects.bulk_create(findings)
        Problem.objects.bulk_create(problems)
        FindingLink.objects.bulk_create(
            [
                FindingLink(problem=problem, finding=finding)
                for problem, finding in zip(problems, findings, strict=True)
            ]
        )
        Involvement.objects.bulk_create(
            [
                involvement
                for row, problem in zip(rows, problems, strict=True)
                for involvement in self._involvements(row, problem)
            ]
        )
        return problems

    def _finding(self, row: ImportRow, ordinal: int) -> Finding:
        return Finding(
            batch=self.batch,
            ordinal=ordinal,
            source_no=row.source_no,
            text=row.text,
            heading=[row.section] if row.section else [],
            deadline=row.deadline or self.batch.deadline,
            closing_authority=self.batch.closing_authority,
        )

    def _problem(self, row: ImportRow, number: str) -> Problem:
        source = self.sources[row.source]
        deadline = row.deadline or self.batch.deadline
        problem = Problem(
            problem_no=number,
            title=row.title,
            text=row.text,
            # Every state is entered by an edge of its own (`ledger.import`): no step is made up in between.
            state=row.state,
            batch=self.batch,
            source=source,
            sector=self.sectors[row.sector],
            jurisdiction=self.batch.jurisdiction,
            nature=row.nature,
            impact=row.impact,
            urgency=row.urgency,
            grade=row.grade or self._grade(row, source),
            rectification_kind=row.kind,
            lead_unit=self.units.get(row.lead_unit or ""),
            registered_on=row.registered_on,
            assigned_on=row.assigned_on,
            external_deadline=deadline or date.fromisoformat(NO_DEADLINE),
            first_deadline=row.deadline,
            closed_on=row.closed_on,
            readership=Readership.INTERNAL,
            channel=self.batch.channel,
            imported_from=origin_of(self.name, row),
        )
        for name in TAKEN_ALONG & row.more.keys():
            value = row.more[name]
            setattr(problem, name, Decimal(str(value)) if name == "amount" else value)
        return problem

    def _grade(self, row: ImportRow, source: Source) -> str:
        """The matrix is asked once for each source and sector of the block."""
        key = f"{source.code}/{row.sector}"
        if key not in self.matrices:
            policy = policy_for(
                GRADE_MATRIX,
                jurisdiction=self.batch.jurisdiction,
                source=source.code,
                sector=row.sector,
                on=current().today,
            )
            current().quote(policy_id=policy.pk, code=policy.code, version=policy.version)
            self.matrices[key] = dict(policy.body["matrix"])
        return grade_from(self.matrices[key], row.nature, row.impact, row.urgency)

    def _involvements(self, row: ImportRow, problem: Problem) -> list[Involvement]:
        on = current().today
        found: dict[tuple[Any, str], Involvement] = {}

        def add(unit: Unit | None, role: InvolvementRole, since: date = on) -> None:
            if unit is not None:
                found[unit.pk, role] = Involvement(problem=problem, unit=unit, role=role, since=since)

        add(self.batch.jurisdiction, InvolvementRole.OFFICE)
        for stewardship in self._stewards_of(problem, on):
            add(stewardship.unit, role_of(stewardship), max(on, stewardship.since))
        add(self.batch.source_unit, InvolvementRole.SOURCE)
        if row.assigned_on is not None:
            add(problem.lead_unit, InvolvementRole.LEAD)
            for unit in row.supporting_units:
                add(self.units.get(unit), InvolvementRole.SUPPORTING)
        return list(found.values())

    def _stewards_of(self, problem: Problem, on: date) -> list[Stewardship]:
        key = (problem.sector.code, problem.source.code)
        if key not in self.stewards:
            self.stewards[key] = stewards_of(problem, on)
        return self.stewards[key]
