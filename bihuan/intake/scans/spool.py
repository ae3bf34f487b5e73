"""Where a scan lies while it is recognised: a folder only the program reads, with the file and a file for each page done.

Nothing of it is in the database, in the storage or in a backup: a mark of secrecy found on the last page must be able
to take all of it away. Web and workers must share the data folder.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from bihuan.documents.scanned import page_from_plain, page_to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.documents.scanned import ScannedPage

_FOLDER = "scans"
_PRIVATE_FOLDER = 0o700
_PRIVATE = 0o600


class Spool:
    """One scan's folder."""

    def __init__(self, pk: UUID) -> None:
        self.folder = _root() / pk.hex

    def begin(self, content: bytes) -> None:
        self.folder.mkdir(mode=_PRIVATE_FOLDER)
        self._write(self.source, content)

    @property
    def source(self) -> Path:
        """The file as it was handed in."""
        return self.folder / "source"

    def keep(self, page: ScannedPage) -> None:
        """A page that was recognised; whole, or not there after a kill."""
        self._write(self.folder / f"{page.number}.json", json.dumps(page_to_plain(page)).encode())

    def pages(self) -> dict[int, ScannedPage]:
        """What was recognised so far, by page."""
        read = [json.loads(path.read_bytes()) for path in self.folder.glob("*.json")]
        pages = sorted((page_from_plain(plain) for plain in read), key=lambda page: page.number)
        return {page.number: page for page in pages}

    def destroy(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, path: Path, content: bytes) -> None:
        unfinished = path.with_suffix(".unfinished")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        unfinished.replace(path)


def destroy_all_but(known: Iterable[UUID], *, younger_stay: timedelta = timedelta()) -> None:
    """Folders of scans nobody waits for any more; a folder is made a moment before its row, so a young one may stay."""
    kept, young = {pk.hex for pk in known}, time.time() - younger_stay.total_seconds()
    for folder in _root().iterdir():
        # One that is done meanwhile is gone already.
        with suppress(FileNotFoundError):
            if folder.name not in kept and folder.stat().st_mtime <= young:
                shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    root = Path(settings.DATA_FOLDER) / _FOLDER
    root.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
    return root
