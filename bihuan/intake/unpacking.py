"""Archives and letters handed in: each file inside becomes a document of its own, the container the list of them.

The container is kept last, and only if everything inside may be kept: else what was refused would lie in it all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.documents.archives import container_kind
from bihuan.documents.errors import DocumentError
from bihuan.documents.kinds import picture_in
from bihuan.documents.sandbox import unpacked_in_sandbox
from bihuan.intake import keeping
from bihuan.intake.reading import read
from bihuan.intake.refusals import holds_refused, refusal_of
from bihuan.intake.scans import containers
from bihuan.journal.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bihuan.intake.models import IntakeDocument
    from bihuan.intake.scans.scan import Scan
    from bihuan.ledger.models import Batch

# Known already, without any text, or a picture such as a letter's emblem: no reason to refuse what holds it.
_HARMLESS = frozenset({"twice", "empty", "image_only", "pretended_image"})
_HARMLESS_OF_PICTURES = frozenset({"damaged", "truncated", "illegible", "too_large"})


@dataclass(frozen=True)
class Handed:
    """A file as somebody hands it in."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Received:
    """What became of one file: the document, the scan that is being recognised, or the refusal. Each file stands alone."""

    name: str
    document: IntakeDocument | None
    refusal: Refused | None
    scan: Scan | None = None


def holds_files(name: str, content: bytes) -> bool:
    """Whether a file is an archive or a letter."""
    return bool(container_kind(content, name))


def refuse_files_inside(name: str, content: bytes) -> None:
    """For a call that takes exactly one document: what holds others would lose them."""
    if holds_files(name, content) and any(unpacked_in_sandbox(content, name=name)):
        raise Refused(
            _("“%(file)s”里还有别的文件，这个接口一次只收一份。") % {"file": name},
            accepted=_("请把里面的文件逐个提交，或者在“摸底”页面上传。"),
            field="file",
        )


def receive_with_contents(
    file: Handed, batch: Batch, receive: Callable[[Handed], Received]
) -> Iterator[Received]:
    """The files inside one by one, then the container itself; it waits where a scan inside is still being recognised."""
    try:
        # Its own words are asked for marks of secrecy before anything of it is kept.
        reading = read(file.name, file.content, base_date=batch.received_on)
        keeping.refuse_twice(batch, reading.sha256, reading.name)
    except Refused as refusal:
        yield Received(file.name, None, refusal)
        return
    refused: list[str] = []
    scans: list[Scan] = []
    try:
        for name, content in unpacked_in_sandbox(file.content, name=file.name):
            received = receive(Handed(name, content))
            if received.refusal is not None and not _is_harmless(received.refusal, content):
                refused.append(received.name)
            if received.scan is not None:
                scans.append(received.scan)
            yield received
    except DocumentError as error:
        yield Received(file.name, None, refusal_of(error, file.name))
        return
    if refused:
        yield Received(file.name, None, holds_refused(file.name, refused))
    elif scans:
        waiting = containers.wait_for(reading.name, file.content, reading.sha256, scans, batch)
        yield Received(file.name, None, None, waiting)
    else:
        yield receive(file)


def _is_harmless(refusal: Refused, content: bytes) -> bool:
    code = refusal.data.get("code")
    return code in _HARMLESS or (code in _HARMLESS_OF_PICTURES and picture_in(content) is not None)
