"""Files as `bihuan verify` sees them: every kept content is read and its digest compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bihuan.files import store
from bihuan.files.models import Blob
from bihuan.journal.verify.report import Fault, Found

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileState(StrEnum):
    """What was found. Erased is not a fault; an orphan is litter, not a loss."""

    ALTERED = "altered"
    MISSING = "missing"
    ERASED = "erased"
    NOT_DESTROYED = "not_destroyed"
    ORPHAN = "orphan"

    @property
    def is_fault(self) -> bool:
        """Whether verify must fail for it."""
        return self in {FileState.ALTERED, FileState.MISSING, FileState.NOT_DESTROYED}


@dataclass(frozen=True)
class FileFinding:
    """One content that is not simply there and whole. `files` are the row keys of the references to it."""

    state: FileState
    sha256: str
    blob: str
    files: tuple[str, ...]


def verify_files(*, orphans: bool = True) -> Iterator[FileFinding]:
    """Name every content that is altered, missing, erased, or should have been destroyed and is still there."""
    known = set()
    for blob in Blob.objects.order_by("sha256").iterator(chunk_size=1000):
        known.add(blob.sha256)
        state = _state_of(blob)
        if state is not None:
            keys = tuple(reference.row_key for reference in blob.references.order_by("id"))
            yield FileFinding(state, blob.sha256, blob.row_key, keys)
    if orphans:
        for sha256 in store.stored_digests():
            if sha256 not in known:
                yield FileFinding(FileState.ORPHAN, sha256, "", ())


def _state_of(blob: Blob) -> FileState | None:
    name = store.name_of(blob.sha256)
    if not blob.kept:
        return FileState.NOT_DESTROYED if store.exists(name) else FileState.ERASED
    found = store.digest_of(name)
    if found is None:
        return FileState.MISSING
    return None if found == blob.sha256 else FileState.ALTERED


FAULTS = {
    FileState.ALTERED: Fault.FILE_ALTERED,
    FileState.MISSING: Fault.FILE_MISSING,
    FileState.NOT_DESTROYED: Fault.FILE_ALTERED,
    FileState.ERASED: Fault.ERASED,
}


def found_in_files() -> Iterator[Found]:
    """What `bihuan verify --files` says: litter that no row mentions is no finding."""
    for finding in verify_files(orphans=False):
        yield Found(FAULTS[finding.state], finding.blob, ", ".join(finding.files))
