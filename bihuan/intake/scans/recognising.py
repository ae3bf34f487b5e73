"""A file some pages of which are pictures: by a job where a person handed it in, while it waits where the program did."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bihuan.documents.errors import DocumentError
from bihuan.documents.scanning import scan_in_sandbox
from bihuan.files.names import clean_name
from bihuan.intake import keeping
from bihuan.intake.refusals import refusal_of
from bihuan.intake.scans import running
from bihuan.intake.unpacking import Handed, Received
from bihuan.journal.errors import Refused
from bihuan.ledger.secrecy import refuse_marks_above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.documents.scanned import ScannedPage
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Batch


def recognise(file: Handed, pages: Sequence[int], batch: Batch, actor: Actor) -> Received:
    """The document, or the scan on its way to become one. Raises `Refused`."""
    from bihuan.intake.models import IntakeDocument

    name = clean_name(file.name)
    if actor.system:
        scanned = _all_pages(name, file.content, pages, batch)
        return Received(name, running.received(name, file.content, scanned, batch, actor=actor), None)
    sha256 = hashlib.sha256(file.content).hexdigest()
    scan = running.hand_in(name, file.content, sha256, pages, batch, actor=actor)
    if scan.state == running.State.FAILED:
        failure = scan.failure
        running.cancel(scan)
        raise Refused(failure["message"], accepted=failure["accepted"], field="files", code=failure["code"])
    if scan.document is not None:
        return Received(name, IntakeDocument.objects.get(pk=scan.document), None)
    return Received(name, None, None, scan)


def _all_pages(name: str, content: bytes, pages: Sequence[int], batch: Batch) -> dict[int, ScannedPage]:
    keeping.refuse_twice(batch, hashlib.sha256(content).hexdigest(), name)
    scanned = {}
    try:
        for page in scan_in_sandbox(content, pages, name=name):
            refuse_marks_above(page.text, name=name)
            scanned[page.number] = page
    except DocumentError as error:
        raise refusal_of(error, name) from error
    return scanned
