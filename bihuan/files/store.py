"""Where content lies: in Django's default storage, under its own SHA-256.

Content is written whole and made durable before the transaction that mentions it commits. A crash in between leaves an
orphan, which `verify_files` reports and `sweep_orphans` clears; it never leaves a row without content.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

CHUNK = 1024 * 1024
PREVIEWS = "previews"


def name_of(sha256: str) -> str:
    """Where the content of this digest lies in the storage."""
    return f"{sha256[:2]}/{sha256}"


def preview_name(sha256: str, size: str) -> str:
    """Where a preview lies; beside the contents, so that destroying one finds the other."""
    return f"{PREVIEWS}/{sha256[:2]}/{sha256}-{size}.webp"


def pages_name(sha256: str) -> str:
    """Where the PDF lies that a Word document's pages are drawn from."""
    return f"{PREVIEWS}/{sha256[:2]}/{sha256}-pages.pdf"


def write(name: str, content: bytes) -> None:
    """Store content durably under a name. What lies there already in full is left, its age renewed."""
    storage = storages["default"]
    if isinstance(storage, FileSystemStorage):
        _write_in_folder(Path(storage.path(name)), content)
    elif not storage.exists(name):
        storage.save(name, ContentFile(content))


def write_large(name: str, file: IO[bytes]) -> None:
    """Store something too large for memory, read from `file` in blocks; what lay under the name is replaced."""
    storage = storages["default"]
    storage.delete(name)
    storage.save(name, File(file))


def _write_in_folder(path: Path, content: bytes) -> None:
    if path.exists() and path.stat().st_size == len(content):
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(temporary, "xb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """A rename is durable only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_stored(name: str) -> BinaryIO:
    """The stored content, to be closed by the caller; `FileNotFoundError` where it is missing."""
    return cast("BinaryIO", storages["default"].open(name, "rb"))


def exists(name: str) -> bool:
    """Whether something lies under this name."""
    return storages["default"].exists(name)


def digest_of(name: str) -> str | None:
    """The SHA-256 of what lies there, or None where nothing does."""
    found = hashlib.sha256()
    try:
        with open_stored(name) as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        return None
    return found.hexdigest()


def destroy(name: str) -> None:
    """Remove what lies there; nothing there is as good."""
    storages["default"].delete(name)


def changed_at(name: str) -> datetime:
    """When the content was last written or handed in again."""
    return storages["default"].get_modified_time(name)


def stored_digests() -> Iterator[str]:
    """The digest of every content in the storage, folder by folder, previews left out."""
    storage = storages["default"]
    try:
        folders, _ = storage.listdir("")
    except FileNotFoundError:
        return
    for folder in sorted(name for name in folders if len(name) == len("ff")):
        yield from sorted(name for name in storage.listdir(folder)[1] if not name.startswith("."))
