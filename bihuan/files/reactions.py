"""What this room does when something happened below."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from bihuan.files.jobs import destroy_content
from bihuan.files.models import Blob, FileReference
from bihuan.journal.action import current
from bihuan.journal.expungement import Expungement
from bihuan.journal.reactions import Happened, reacts_to

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "files.filereference:"


@reacts_to("journal.confirm_expunge")
def destroy_expunged(happened: Happened) -> None:
    """A file whose name was expunged loses its content too, and so does every other file with the same content."""
    named = {
        UUID(key.removeprefix(PREFIX))
        for expungement in happened.of(Expungement)
        for key in expungement.rows
        if key.startswith(PREFIX)
    }
    if not named:
        return
    act = current()
    blobs = list(Blob.objects.filter(references__in=named).distinct())
    references = list(FileReference.objects.filter(blob__in=blobs))
    act.lock([*blobs, *references])
    for blob in blobs:
        blob.kept = False
        blob.save()
        act.defer(destroy_content, sha256=blob.sha256)
    for reference in references:
        reference.expunged_at = act.now
        reference.save()
    # The queued job makes sure of it after a crash; this does it at once.
    transaction.on_commit(partial(_destroy_now, [blob.sha256 for blob in blobs]), robust=True)


def _destroy_now(digests: Iterable[str]) -> None:
    for sha256 in digests:
        destroy_content(sha256)
