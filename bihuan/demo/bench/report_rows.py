"""Made-up reports as rows of the ledger: what a lookup reads of a problem, by COPY, without a journal.

They are no ledger anybody could verify, so they live in a database of their own.
"""

from __future__ import annotations

import random
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date, timedelta
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection, connections, transaction

from bihuan.demo.bench.made_reports import report
from bihuan.demo.bench.worker import fill_reports, look_at
from bihuan.journal.identity import new_id
from bihuan.journal.loading import array, copy_in
from bihuan.journal.timesource import today
from bihuan.ledger.models import (
    Batch,
    Finding,
    FindingLink,
    Involvement,
    InvolvementRole,
    Problem,
    Sector,
)
from bihuan.ledger.search import as_vector
from bihuan.ledger.wording import wording_of
from bihuan.organizations.models import Unit
from bihuan.text.sameness import digest_of, signature_of
from bihuan.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.db.models import Model

ROWS_AT_A_TIME: Final = 2000
BATCH: Final = "MADE"
NUMBERED: Final = 10
"""Every so many problems one has a finding with a number of its source."""
DAYS: Final = 900
ELSEWHERE: Final = 4
"""Every so many problems one is the county's, with its own office."""


def number_of(serial: int) -> str:
    """The problem number of a report."""
    return f"MR-{serial:07}"


def source_no_of(serial: int) -> str:
    """The number its source gave it."""
    return f"JB-2026-{serial:07}"


class Ground(NamedTuple):
    """What every row refers to."""

    city: UUID
    county: UUID
    leads: list[UUID]
    batch: UUID
    source: UUID
    sectors: list[UUID]
    first_day: date

    @classmethod
    def found(cls) -> Ground:
        """Read it from the founded city."""
        units = {unit.code: unit for unit in Unit.objects.all()}
        batch = Batch.objects.get(code=BATCH)
        leads = sorted(unit.pk for unit in units.values() if not unit.is_jurisdiction)
        return cls(
            city=units["YC"].pk,
            county=units["PQ"].pk,
            leads=leads,
            batch=batch.pk,
            source=batch.source_id,
            sectors=sorted(Sector.objects.values_list("pk", flat=True)),
            first_day=today() - timedelta(days=DAYS),
        )

    def place_of(self, serial: int) -> UUID:
        """The jurisdiction of a report."""
        return self.city if serial % ELSEWHERE else self.county

    def lead_of(self, serial: int) -> UUID:
        """The unit that answers for it."""
        return self.leads[random.Random(serial).randrange(len(self.leads))]  # noqa: S311  (made-up rows)


def fill(rows: int, say: Callable[[str], object], *, processes: int) -> None:
    """Load the reports 0 … rows - 1, in blocks of their own transactions, in as many processes."""
    blocks = [range(at, min(at + ROWS_AT_A_TIME, rows)) for at in range(0, rows, ROWS_AT_A_TIME)]
    there = {alias: dict(connections[alias].settings_dict) for alias in connections}
    done = 0
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=look_at, initargs=(there,)
    ) as pool:
        running = [pool.submit(fill_reports, block, rows) for block in blocks]
        for future in as_completed(running):
            done += future.result()
            say(f"{done:,} / {rows:,}")


def load(serials: Sequence[int], of: int) -> int:
    """Write the rows of some reports."""
    ground, ids = Ground.found(), [new_id() for _ in serials]
    problems = [_problem(pk, serial, of, ground) for pk, serial in zip(ids, serials, strict=True)]
    involvements, findings, links = [], [], []
    plain = _plain(Involvement(id=new_id(), since=ground.first_day, role=""))
    for pk, serial in zip(ids, serials, strict=True):
        parties = (
            (ground.place_of(serial), InvolvementRole.OFFICE),
            (ground.lead_of(serial), InvolvementRole.LEAD),
        )
        involvements += [
            plain | {"id": new_id(), "problem_id": pk, "unit_id": unit, "role": role.value}
            for unit, role in parties
        ]
        if serial % NUMBERED == 0:
            finding = Finding(
                batch_id=ground.batch, ordinal=serial + 1, source_no=source_no_of(serial), text="—"
            )
            findings.append(_plain(finding))
            links.append(_plain(FindingLink(problem_id=pk, finding_id=finding.pk)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', true)")
        for model, made in (
            (Problem, problems),
            (Involvement, involvements),
            (Finding, findings),
            (FindingLink, links),
        ):
            if made:
                copy_in("default", model._meta.db_table, list(made[0]), (list(row.values()) for row in made))
    return len(ids)


_plain_problem: dict[str, Any] = {}


def _problem(pk: UUID, serial: int, of: int, ground: Ground) -> dict[str, Any]:
    if not _plain_problem:
        _plain_problem.update(
            _plain(Problem(state="rectifying", grade="general", registered_on=ground.first_day))
        )
    told = report(serial, of=of)
    words = wording_of(told.title, told.text)
    return _plain_problem | {
        "id": pk,
        "problem_no": number_of(serial),
        "title": told.title,
        "text": told.text,
        "site": told.site,
        "jurisdiction_id": ground.place_of(serial),
        "lead_unit_id": ground.lead_of(serial),
        "source_id": ground.source,
        "sector_id": ground.sectors[serial % len(ground.sectors)],
        "registered_on": ground.first_day + timedelta(days=serial * 7919 % DAYS),
        # As `vector_of` makes it of an instance.
        "search": as_vector(index_tokens(f"{number_of(serial)} {told.title} {told.text}  {told.site}")),
        "text_digest": digest_of(words),
        "signature": array(signature_of(words)),
    }


def _plain(row: Model) -> dict[str, Any]:
    """Column -> the value an INSERT would save."""
    fields = [field for field in row._meta.concrete_fields if not getattr(field, "generated", False)]
    return {
        str(field.column): field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in fields
    }
