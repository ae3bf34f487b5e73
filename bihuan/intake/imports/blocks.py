"""Which rows of a run enter together, and which hand enters them.

A hand is a process at work on a run (`hands.py`). It takes its next rows in a short transaction of its own, with the
numbers they will have: hands wait for each other only while one of them takes, and no counter is held while a block is
written. What a hand had taken that came to no end stays noted, and whoever goes on enters it under the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from bihuan.intake.imports.staging import row_of
from bihuan.intake.models import ImportBlock, ImportRun, StagedRow
from bihuan.journal import timesource
from bihuan.ledger.models import Source
from bihuan.ledger.numbering import next_ordinals, numbers_aside, set_aside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

BLOCK: Final = 500
"""Rows a hand holds as objects, with their events, and the next block beside them: twice as many take a tenth more memory
and enter no sooner."""


def is_entering(run: ImportRun) -> bool:
    """Whether nobody has stopped it, and nothing has."""
    return ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.ENTERING).exists()


def next_blocks(run: ImportRun) -> Iterator[tuple[ImportBlock, list[StagedRow]]]:
    """One block after the other, in the order of the file, until another hand has taken the last."""
    sources = {source.code: source for source in Source.objects.all()}
    while (taken := _take(run, sources)) is not None:
        yield taken


def abandoned_blocks(run: ImportRun) -> Iterator[tuple[ImportBlock, list[StagedRow]]]:
    """What hands had taken that are no longer at work. Asked while no other is."""
    for note in ImportBlock.objects.filter(run=run).order_by("first"):
        laid = list(_waiting(run).filter(n__gte=note.first, n__lte=note.last))
        if laid:
            yield note, laid
        else:
            note.delete()


def numbers_waiting(run: ImportRun) -> list[tuple[str, str, int]]:
    """Numbers that were set aside for rows which did not enter: first, last, how many; of each block and series."""
    notes = list(ImportBlock.objects.filter(run=run).order_by("first"))
    if not notes:
        return []
    batch, sources = run.batch, list(Source.objects.all())
    return [
        told
        for note in notes
        for told in numbers_aside(batch.jurisdiction, sources, note.day, batch.channel, _serials(note))
    ]


def _serials(note: ImportBlock) -> dict[str, tuple[int, int]]:
    return {key: (first, count) for key, (first, count) in note.serials.items()}


def begin_again(run: ImportRun) -> None:
    """Whatever waits may be taken, wherever it stands: a person may have decided on a row that was passed over."""
    ImportRun.objects.filter(pk=run.pk).update(taken=-1)


def _waiting(run: ImportRun) -> models.QuerySet[StagedRow]:
    return StagedRow.objects.filter(run=run, group=StagedRow.Group.NEW, settled="").order_by("n")


def _take(run: ImportRun, sources: dict[str, Source]) -> tuple[ImportBlock, list[StagedRow]] | None:
    with transaction.atomic():
        entering = ImportRun.objects.select_for_update().filter(pk=run.pk, state=ImportRun.State.ENTERING)
        held = entering.first()
        laid = list(_waiting(run).filter(n__gt=held.taken)[:BLOCK]) if held else []
        if held is None or not laid:
            return None
        batch, day = run.batch, timesource.today()
        note = ImportBlock.objects.create(
            run=held,
            first=laid[0].n,
            last=laid[-1].n,
            count=len(laid),
            ordinal=next_ordinals(batch, len(laid)).start,
            serials=set_aside(
                batch.jurisdiction, [sources[row_of(one).source] for one in laid], day, batch.channel
            ),
            day=day,
        )
        entering.update(taken=note.last)
    return note, laid
