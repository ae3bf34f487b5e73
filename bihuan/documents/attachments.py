"""A file found inside another one."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from bihuan.documents.model import Block, BlockKind, Place

# What systems and programs leave behind in a folder without anybody having put it there.
_LEFTOVER_FOLDER = "__macosx/"
_LEFTOVERS = (".ds_store", "thumbs.db", "desktop.ini", ".~lock.", "~$", "._")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file found in another one. `path` leads to it from the outermost."""

    path: str
    content: bytes

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_leftover(self) -> bool:
        """Not a document: a trace of the system the archive was made on."""
        lowered = self.path.lower()
        return lowered.startswith(_LEFTOVER_FOLDER) or self.name.lower().startswith(_LEFTOVERS)


def names_for(paths: list[str]) -> list[str]:
    """The last part of each path; where two folders hold a file of the same name, the whole path as one name."""
    last = [path.rsplit("/", 1)[-1] for path in paths]
    counts = Counter(last)
    return [
        name if counts[name] == 1 else path.replace("/", "·") for name, path in zip(last, paths, strict=True)
    ]


def listed(found: list[Attachment]) -> list[Block]:
    """A row per file: path, size, digest."""
    rows = []
    for number, one in enumerate(found, start=1):
        cells = (one.path, str(len(one.content)), one.sha256)
        place = Place("attachments", 1, row=number)
        rows.append(Block("\t".join(cells), None, (), place, BlockKind.ROW, cells=cells))
    return rows
