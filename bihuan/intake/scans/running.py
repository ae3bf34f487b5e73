"""The way of a scan into a batch: handed in, its first page asked for marks, recognised page by page, received.

The first page is recognised while its sender waits, before anything of the file is kept. The rest is a job's work: each
page is asked for marks as soon as it is read, and one that bears them takes the whole scan away. A page that is done is
kept in the spool, so that a worker that was killed goes on behind it. The finished text then goes the way of every
other file, in the name of who handed it in.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from bihuan.documents.errors import DocumentError
from bihuan.documents.scanning import scan_in_sandbox
from bihuan.files.taking_in import prepare
from bihuan.intake import keeping
from bihuan.intake.policy import may_work
from bihuan.intake.reading import read
from bihuan.intake.refusals import refusal_of
from bihuan.intake.rereading import known_units
from bihuan.intake.scans import containers
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.intake.scans.spool import Spool, destroy_all_but
from bihuan.intake.source_columns import known_columns
from bihuan.journal import timesource
from bihuan.journal.action import Actor, NotAllowed, Refused
from bihuan.learning.classifiers import classifier_for
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.organizations.acting import actor_for
from bihuan.organizations.models import Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from bihuan.documents.scanned import ScannedPage
    from bihuan.intake.models import IntakeDocument
    from bihuan.ledger.models import Batch

State = Scan.State
FORGOTTEN_AFTER: Final = timedelta(days=7)
STILL_BEGINNING: Final = timedelta(hours=1)
MOST_WAITING: Final = 50
"""Of one batch at a time."""


def hand_in(
    name: str, content: bytes, sha256: str, pages: Sequence[int], batch: Batch, *, actor: Actor
) -> Scan:
    """Recognise the first page now and the rest by a job; raises `Refused`, and has then kept nothing.

    The same file handed in again while it is under way is the same scan. `pages` are those without a text layer.
    """
    may_work(actor, [batch], {})
    keeping.refuse_if_sealed(batch)
    keeping.refuse_twice(batch, sha256, name)
    if actor.person is None or actor.post is None:
        raise NotAllowed(_("扫描件要由人来交。"))
    waiting = Scan.objects.filter(batch=batch, state__in=MOVING)
    known: Scan | None = waiting.filter(sha256=sha256).first()
    if known is not None:
        return known
    if waiting.count() >= MOST_WAITING:
        raise Refused(
            _("这个批次已有 %(n)s 份扫描件在识别。") % {"n": MOST_WAITING},
            accepted=_("请等它们识别完，再交这一份。"),
            field="files",
        )
    first = _recognised_first(name, content, pages[0])
    scan = Scan(
        batch=batch,
        person=actor.person,
        post=actor.post,
        language=get_language() or "zh-hans",
        name=name,
        sha256=sha256,
        pages=list(pages),
        done=1,
        asked_at=timesource.now(),
    )
    spool = Spool(scan.pk)
    spool.begin(content)
    spool.keep(first)
    scan.save()
    _start(scan)
    scan.refresh_from_db()
    return scan


def _recognised_first(name: str, content: bytes, page: int) -> ScannedPage:
    try:
        first = next(scan_in_sandbox(content, [page], name=name))
    except DocumentError as error:
        raise refusal_of(error, name) from error
    refuse_marks_above(first.text, name=name)
    return first


def _start(scan: Scan) -> None:
    """A single page is done already; what is left of it takes no time."""
    if len(scan.pages) == 1:
        read_scan(scan.pk)
    else:
        from bihuan.intake import jobs

        jobs.read_scan.defer(scan=str(scan.pk))


def read_scan(pk: uuid.UUID | str) -> None:
    """Recognise what is left and receive the document. Killed in between, it goes on behind the pages that are done."""
    scan: Scan | None = Scan.objects.select_related("batch").filter(pk=pk, state__in=MOVING).first()
    if scan is not None and not containers.still_waits(scan):
        _read(scan)
    # In any case: a worker may have been killed between the end of a scan and this.
    containers.wake(pk)


def _read(scan: Scan) -> None:
    _mark(scan, State.READING)
    try:
        with override(scan.language):
            containers.refuse_incomplete(scan)
            if _recognise_rest(scan):
                _receive(scan)
    except DocumentError as error:
        with override(scan.language):
            _fail(scan, refusal_of(error, scan.name))
    except (Refused, NotAllowed) as refused:
        _fail(scan, refused)
    except Exception:
        with override(scan.language):
            _fail(scan, Refused(_("识别时出错。"), accepted=_("请再传一次；仍不行请告诉系统管理员。")))
        raise


def _recognise_rest(scan: Scan) -> bool:
    """Page by page, until done or cancelled; False if cancelled."""
    spool = Spool(scan.pk)
    done = spool.pages()
    left = [number for number in scan.pages if number not in done]
    for count, page in enumerate(
        scan_in_sandbox(spool.source, left, name=scan.name) if left else (), start=1
    ):
        refuse_marks_above(page.text, name=scan.name)
        if not Scan.objects.filter(pk=scan.pk, state=State.READING).update(done=len(done) + count):
            spool.destroy()
            return False
        spool.keep(page)
    return True


def _receive(scan: Scan) -> None:
    """The whole, in the name of who handed it in: every check of any other file is made on all of its text."""
    spool, batch = Spool(scan.pk), scan.batch
    content = spool.source.read_bytes()
    actor = actor_for(Person.objects.get(pk=scan.person), scan.post)
    try:
        document = received(scan.name, content, spool.pages(), batch, actor=actor, key=f"scan:{scan.pk}")
    except keeping.AlreadyReceived as twice:
        # Killed between the two: the document stands, and only this row does not know it yet.
        _mark(scan, State.DONE, document=twice.data["document"], finished_at=timesource.now())
    else:
        _mark(scan, State.DONE, document=document.pk, finished_at=timesource.now())
    spool.destroy()


def received(
    name: str, content: bytes, scanned: dict[int, ScannedPage], batch: Batch, *, actor: Actor, key: str = ""
) -> IntakeDocument:
    """Receive a document of which some or all pages were recognised."""
    from bihuan.intake.actions import receive_document

    reading = read(
        name,
        content,
        units=known_units(batch.jurisdiction),
        base_date=batch.received_on,
        classifier=classifier_for(batch.jurisdiction),
        scanned=scanned,
        columns=known_columns(batch),
    )
    keeping.refuse_if_sealed(batch)
    keeping.refuse_twice(batch, reading.sha256, reading.name)
    incoming = prepare(BytesIO(content), name=reading.name, is_source=True)
    return receive_document.call(key=key)(batch, reading=reading, incoming=incoming, actor=actor)


def cancel(scan: Scan) -> None:
    """What is under way stops behind the page it is at, and nothing of it stays; what failed is no longer shown."""
    Scan.objects.filter(pk=scan.pk, state__in=MOVING).update(
        state=State.CANCELLED, finished_at=timesource.now()
    )
    Scan.objects.filter(pk=scan.pk, state=State.FAILED).delete()
    Spool(scan.pk).destroy()
    containers.wake(scan.pk)


def drop_all() -> None:
    """Content that must go may stand in a scan nobody has read yet: all of them go."""
    for scan in Scan.objects.filter(state__in=MOVING):
        _fail(scan, Refused(_("有内容按规定清除，识别中的扫描件一并清除。"), accepted=_("请重新上传。")))
    destroy_all_but(())


def sweep() -> int:
    """Scans nobody has come back to, and folders whose row is gone."""
    old = timesource.now() - FORGOTTEN_AFTER
    for scan in Scan.objects.filter(state__in=MOVING, asked_at__lt=old):
        _fail(scan, Refused(_("超过七天没有识别完，已清除。"), accepted=_("请重新上传。")))
    moving = Scan.objects.filter(state__in=MOVING).values_list("pk", flat=True)
    destroy_all_but(moving, younger_stay=STILL_BEGINNING)
    return int(Scan.objects.filter(asked_at__lt=old).delete()[0])


def _mark(scan: Scan, state: str, **more: object) -> None:
    """A scan that was cancelled meanwhile stays so."""
    Scan.objects.filter(pk=scan.pk, state__in=MOVING).update(state=state, **more)


def _fail(scan: Scan, refused: Refused | NotAllowed) -> None:
    failure = {
        "message": str(refused.message),
        "accepted": str(getattr(refused, "accepted", "") or ""),
        "code": getattr(refused, "data", {}).get("code"),
    }
    _mark(scan, State.FAILED, failure=failure, finished_at=timesource.now())
    Spool(scan.pk).destroy()
