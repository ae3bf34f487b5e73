"""An archive or letter some files of which are scans: it waits for them, and is kept last, if all of them could be.

    scan = wait_for("附件.zip", content, sha256, scans, batch, actor=actor)   # a row like that of a scan, without pages

Whatever ends a scan wakes those that wait for it; the job of the container then looks whether any is still under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

from bihuan.intake.refusals import holds_refused
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.intake.scans.spool import Spool
from bihuan.journal import timesource

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.ledger.models import Batch


def wait_for(name: str, content: bytes, sha256: str, scans: Sequence[Scan], batch: Batch) -> Scan:
    """The container, laid aside until its scans are received; handed in again meanwhile, it is the same one."""
    known: Scan | None = Scan.objects.filter(batch=batch, sha256=sha256, state__in=MOVING).first()
    if known is not None:
        return known
    scan = Scan(
        batch=batch,
        person=scans[0].person,
        post=scans[0].post,
        language=get_language() or "zh-hans",
        name=name,
        sha256=sha256,
        pages=[],
        awaits={str(inside.pk): inside.name for inside in scans},
        asked_at=timesource.now(),
    )
    Spool(scan.pk).begin(content)
    scan.save()
    # A scan that ended between its beginning and this row has woken nobody.
    _defer(scan)
    return scan


def still_waits(scan: Scan) -> bool:
    """Whether a scan inside it is under way."""
    return Scan.objects.filter(pk__in=scan.awaits, state__in=MOVING).exists()


def refuse_incomplete(scan: Scan) -> None:
    """A container is not kept with a file that could not be: what was refused would lie in it all the same."""
    received = set(
        Scan.objects.filter(pk__in=scan.awaits, state=Scan.State.DONE).values_list("pk", flat=True)
    )
    if lost := [name for pk, name in scan.awaits.items() if pk not in map(str, received)]:
        raise holds_refused(scan.name, lost)


def wake(scan: uuid.UUID | str) -> None:
    """Let those that wait for this one look again."""
    for holder in Scan.objects.filter(awaits__has_key=str(scan), state__in=MOVING):
        _defer(holder)


def _defer(scan: Scan) -> None:
    from bihuan.intake import jobs

    jobs.read_scan.defer(scan=str(scan.pk))
