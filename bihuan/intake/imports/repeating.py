"""Which new rows of a ledger repeat the ledger or an earlier row: asked for all of them at once, before they enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bihuan.intake.imports import staging
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.ledger.repeats import NewRow, Repeat, repeats_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.journal.action import Actor

Group = StagedRow.Group


def note_repeats(run: ImportRun, rows: Iterable[NewRow], actor: Actor) -> int:
    """Write beside each new row what it repeats; returns how many rows do. A hint, and nothing stops a row by it.

    `rows` are all that were laid out; some of them may have turned out to be rows of the ledger.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    new = set(StagedRow.objects.filter(run=run, group=Group.NEW).values_list("n", flat=True))
    rows = [row for row in rows if row.number in new]
    for repeat in repeats_of(rows, jurisdiction=run.batch.jurisdiction, source=run.batch.source, actor=actor):
        found.setdefault(repeat.number, []).append(_plain(repeat))
    numbers = sorted(found)
    for start in range(0, len(numbers), staging.BLOCK):
        laid = list(StagedRow.objects.filter(run=run, n__in=numbers[start : start + staging.BLOCK]))
        for one in laid:
            one.repeats = found[one.n]
        StagedRow.objects.bulk_update(laid, ["repeats"])
    return len(found)


def _plain(repeat: Repeat) -> dict[str, Any]:
    return {
        "why": repeat.why.value,
        "percent": repeat.percent,
        "problem": str(repeat.problem) if repeat.problem else None,
        "row": repeat.row,
    }
