"""Writing rows of a running ledger: what was read and checked before becomes findings and problems, a block at a time.

Rows enter in the state and with the dates of their own documents; no approval is invented, and each says which file
and row it came from.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.intake.imports.running import ImportRow, Lists
from bihuan.intake.keeping import refuse_if_sealed
from bihuan.intake.models import ImportBlock, StagedRow
from bihuan.intake.rereading import known_units
from bihuan.journal.action import Refused, current
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
from bihuan.ledger.numbering import next_ordinals, next_problem_nos
from bihuan.ledger.registering import role_of, stewards_of
from bihuan.ledger.search import vector_from
from bihuan.ledger.taxonomy import names_of
from bihuan.organizations.models import Unit
from bihuan.policies.queries import book_of, quote
from bihuan.text.normalise import fold
from bihuan.text.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.intake.imports.staging import StagedBlock
    from bihuan.ledger.wording import Marks
    from bihuan.organizations.models import Stewardship

ENTERED: Final = "entered"
NEVER: Final = date.fromisoformat(NO_DEADLINE)
TAKEN_ALONG: Final = frozenset(
    {"basis", "site", "concerned_party", "reason_unfinished", "proposed_handling", "progress", "amount"}
)


def lists_for(batch: Batch) -> Lists:
    """The office's own words of today."""
    sectors = {fold(name): code for name, code in names_of(Sector.objects.all())}
    sources = {fold(name): code for name, code in names_of(Source.objects.all())}
    units = UnitIndex.of(known_units(batch.jurisdiction))
    return Lists(sectors, sources, units, batch.source.code, batch.received_on)


def origin_of(name: str, row: ImportRow) -> str:
    """Which file and row: what `imported_from` says."""
    return f"{name[:150]}:{row.place}"[:200]


def enter(batch: Batch, block: StagedBlock, name: str) -> list[Problem]:
    """The body of `intake.import_rows`: all rows of a block, or none.

    That they stand now is noted where they were laid out, in the same transaction.
    """
    refuse_if_sealed(batch)
    laid = StagedRow.objects.filter(pk__in=block.places, run__batch=batch, settled="")
    if laid.update(settled=ENTERED) != len(block.rows):
        raise Refused(_("这些行里有已经入账的。"), accepted=_("请重新打开导入页再接着导。"))
    if block.note is not None:
        ImportBlock.objects.filter(pk=block.note.pk).delete()
    return _Block(batch, name).write(block.rows, block.marks, block.note) if block.rows else []


class _Block:
    """One block of rows becoming findings, problems, links and involvements."""

    def __init__(self, batch: Batch, name: str) -> None:
        self.batch, self.name = batch, name
        self.sectors = {sector.code: sector for sector in Sector.objects.all()}
        self.sources = {source.code: source for source in Source.objects.all()}
        self.units: dict[str, Unit] = {}
        self.matrices: dict[str, dict[str, str]] = {}
        self.book = book_of([GRADE_MATRIX], jurisdiction=batch.jurisdiction, on=current().today)
        self.stewards: dict[tuple[str, str], list[Stewardship]] = {}

    def write(
        self, rows: Sequence[ImportRow], marks: Sequence[Marks], note: ImportBlock | None
    ) -> list[Problem]:
        wanted = {unit for row in rows for unit in (row.lead_unit, *row.supporting_units) if unit}
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=wanted)}
        findings = [
            self._finding(row, at) for row, at in zip(rows, self._places(len(rows), note), strict=True)
        ]
        numbers = next_problem_nos(
            self.batch.jurisdiction,
            [self.sources[row.source] for row in rows],
            note.day if note else current().today,
            self.batch.channel,
            note.serials if note else None,
        )
        problems = [self._problem(*row) for row in zip(rows, numbers, marks, strict=True)]
        involved = [
            involvement
            for row, problem in zip(rows, problems, strict=True)
            for involvement in self._involvements(row, problem)
        ]
        # Their streams begin here, under ids nobody else can know: asking for each one's lock would only cost.
        current().born.update(record.pk for record in (*findings, *problems))
        current().write_beside(problems)
        Finding.objects.bulk_create(findings)
        Problem.objects.bulk_create(problems)
        FindingLink.objects.bulk_create(
            [
                FindingLink.newly(problem=problem, finding=finding)
                for problem, finding in zip(problems, findings, strict=True)
            ]
        )
        Involvement.objects.bulk_create(involved)
        return problems

    def _places(self, count: int, note: ImportBlock | None) -> range:
        """Where the rows stand in the batch: the places set aside for them, if they are as many as then."""
        if note is None or note.count != count:
            return next_ordinals(self.batch, count)
        return range(note.ordinal, note.ordinal + count)

    def _finding(self, row: ImportRow, ordinal: int) -> Finding:
        return Finding.newly(
            batch=self.batch,
            ordinal=ordinal,
            source_no=row.source_no,
            text=row.text,
            heading=[row.section] if row.section else [],
            deadline=row.deadline or self.batch.deadline,
            closing_authority=self.batch.closing_authority,
        )

    def _problem(self, row: ImportRow, number: str, marks: Marks) -> Problem:
        source = self.sources[row.source]
        deadline = row.deadline or self.batch.deadline
        problem = Problem.newly(
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
            external_deadline=deadline or NEVER,
            first_deadline=row.deadline,
            closed_on=row.closed_on,
            readership=Readership.INTERNAL.value,
            channel=self.batch.channel,
            imported_from=origin_of(self.name, row),
        )
        for name in TAKEN_ALONG & row.more.keys():
            value = row.more[name]
            setattr(problem, name, Decimal(str(value)) if name == "amount" else value)
        problem.derive_ahead(
            search=vector_from(number, marks.tokens),
            text_digest=marks.likeness.digest,
            signature=marks.likeness.signature,
        )
        return problem

    def _grade(self, row: ImportRow, source: Source) -> str:
        """The matrix is asked once for each source and sector of the block."""
        key = f"{source.code}/{row.sector}"
        if key not in self.matrices:
            policy = quote(self.book.choose(GRADE_MATRIX, source=source.code, sector=row.sector))
            self.matrices[key] = dict(policy.body["matrix"])
        return grade_from(self.matrices[key], row.nature, row.impact, row.urgency)

    def _involvements(self, row: ImportRow, problem: Problem) -> list[Involvement]:
        on = current().today
        found: dict[tuple[Any, str], Involvement] = {}

        def add(unit: Unit | None, role: InvolvementRole, since: date = on) -> None:
            if unit is not None:
                found[unit.pk, role] = Involvement.newly(
                    problem=problem, unit=unit, role=role.value, since=since
                )

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
