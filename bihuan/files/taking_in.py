"""Taking a file in: checked first, stored second, mentioned in a row last.

`prepare` checks and stores without any row: call it before an action when the file is large. `take_in` is for the body
of any room's action: it makes the rows in the action that is open.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.files import store
from bihuan.files.gate import refuse_marked, refuse_marked_name
from bihuan.files.kinds import FileProblem, Kind, kind_of, kind_of_source, named_after
from bihuan.files.models import Blob, FileReference
from bihuan.files.names import BadName, clean_name
from bihuan.files.wording import refusal_of, refusal_of_name, too_large
from bihuan.journal.action import Refused, current
from bihuan.journal.errors import RetryAction

if TYPE_CHECKING:
    import uuid

MAXIMUM_BYTES = 100 * 1024 * 1024


class Upload(Protocol):
    """Anything that can be read: an uploaded file of Django's, an open file, a BytesIO."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Incoming:
    """A file that was checked and whose content is stored, not yet mentioned by any row."""

    name: str
    sha256: str
    size: int
    media_type: str

    def __str__(self) -> str:
        """What an idempotency key compares: the same content under the same name is the same argument."""
        return f"{self.sha256}/{self.name}"


def prepare(
    upload: Upload,
    *,
    name: str = "",
    limit: int = MAXIMUM_BYTES,
    is_source: bool = False,
    gated: bool = False,
) -> Incoming:
    """Check a file and store its content; raises `Refused` before anything is stored.

    `is_source`: a document to be read, which may also be a page, a letter or an archive whose files were checked.
    `gated`: the caller has read all its text and found no mark (a large ledger is not read twice).
    """
    name = _checked_name(name or str(getattr(upload, "name", "")))
    refuse_marked_name(name)
    # From its beginning: an action that lost a race runs again and is handed the same open file.
    if (rewind := getattr(upload, "seek", None)) is not None:
        rewind(0)
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise too_large(name, limit)
    kind = _checked_kind(content, name, is_source=is_source)
    name = named_after(name, kind)
    if not gated:
        refuse_marked(name, content, kind)
    sha256 = hashlib.sha256(content).hexdigest()
    if Blob.objects.filter(sha256=sha256, kept=False).exists():
        raise _was_expunged(name)
    store.write(store.name_of(sha256), content)
    return Incoming(name, sha256, len(content), kind.media_type)


def take_in(
    upload: Upload | Incoming,
    *,
    subject_kind: str,
    subject: uuid.UUID,
    name: str = "",
    limit: int = MAXIMUM_BYTES,
) -> FileReference:
    """Make the rows of a file in the open action. `subject_kind` and `subject` decide who may see it."""
    from bihuan.files.jobs import make_previews

    act = current()
    incoming = upload if isinstance(upload, Incoming) else prepare(upload, name=name, limit=limit)
    blob, is_new = _blob_of(incoming)
    if is_new:
        act.defer(make_previews, sha256=incoming.sha256, media_type=incoming.media_type)
    reference: FileReference = FileReference.objects.create(
        blob=blob,
        name=incoming.name,
        subject_kind=subject_kind,
        subject=subject,
        uploaded_by=act.actor.person,
        uploaded_at=act.now,
    )
    return reference


def _blob_of(incoming: Incoming) -> tuple[Blob, bool]:
    blob = Blob.objects.filter(sha256=incoming.sha256).first()
    if blob is not None:
        if not blob.kept:
            raise _was_expunged(incoming.name)
        return blob, False
    new = Blob(sha256=incoming.sha256, size=incoming.size, media_type=incoming.media_type)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError as error:
        # Somebody stored the same content in this moment; run again and share theirs.
        raise RetryAction(f"blob {incoming.sha256} appeared meanwhile") from error
    return new, True


def _checked_name(name: str) -> str:
    try:
        return clean_name(name)
    except BadName as error:
        raise refusal_of_name(name, error) from error


def _checked_kind(content: bytes, name: str, *, is_source: bool) -> Kind:
    try:
        return kind_of_source(content, name) if is_source else kind_of(content, name)
    except FileProblem as error:
        raise refusal_of(name, error) from error


def _was_expunged(name: str) -> Refused:
    return Refused(
        _("“%(file)s”的内容已按规定清除，不能再次上传。") % {"file": name},
        accepted=_("请核对是否误传；确需办理的，通过线下渠道报送。"),
        file=name,
        code="expunged",
    )
