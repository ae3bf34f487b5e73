"""The versions of a piece of evidence: what it was at a version, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.files.kinds import KINDS
from bihuan.files.queries import content_of
from bihuan.organizations.models import Person
from bihuan.rectification.models import Evidence, EvidenceUse, EvidenceVersion
from bihuan.text.changes import Piece, word_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from bihuan.files.models import FileReference

COMPARED: Final = Limits(seconds=15, bytes=8 * 1024 * 1024)
"""Larger documents are compared by whoever opens them."""
MOST_COMPARED: Final = 20_000
PICTURE: Final = "image/"


@dataclass(frozen=True, kw_only=True)
class VersionRead:
    """One version, the newest too. `reason` says why it was replaced; empty for the newest."""

    number: int
    file: FileReference
    caption: str
    taken_on: date | None
    author: str
    reason: str = ""
    replaced_on: date | None = None
    replaced_by: str = ""
    cited_by: tuple[str, ...] = ()

    @property
    def is_picture(self) -> bool:
        """Whether it can be looked at beside another."""
        return bool(self.file.blob.media_type.startswith(PICTURE)) and bool(self.file.blob.kept)


def versions_of(evidence: Evidence) -> list[VersionRead]:
    """Every version, the newest first, each with the measures that cited it when it was the newest."""
    earlier = list(
        EvidenceVersion.objects.filter(evidence=evidence).select_related("file__blob").order_by("-number")
    )
    people = {evidence.author} | {one for row in earlier for one in (row.author, row.replaced_by)}
    names: dict[UUID, str] = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    cited: dict[int, list[str]] = {}
    for use in EvidenceUse.objects.filter(evidence=evidence).select_related("measure").order_by("id"):
        cited.setdefault(use.version, []).append(use.measure.number)
    newest = VersionRead(
        number=evidence.version,
        file=evidence.file,
        caption=evidence.caption,
        taken_on=evidence.taken_on,
        author=names.get(evidence.author, ""),
        cited_by=tuple(cited.get(evidence.version, ())),
    )
    return [newest, *(_read(row, names, cited) for row in earlier)]


def _read(row: EvidenceVersion, names: Mapping[UUID, str], cited: Mapping[int, list[str]]) -> VersionRead:
    return VersionRead(
        number=row.number,
        file=row.file,
        caption=row.caption,
        taken_on=row.taken_on,
        author=names.get(row.author, ""),
        reason=row.reason,
        replaced_on=row.replaced_on,
        replaced_by=names.get(row.replaced_by, ""),
        cited_by=tuple(cited.get(row.number, ())),
    )


def earlier_of(rows: Iterable[Evidence]) -> dict[UUID, list[EvidenceVersion]]:
    """Evidence -> its earlier versions, the oldest first; nothing is asked where there are none."""
    changed = [row.pk for row in rows if row.version > 1]
    found: dict[UUID, list[EvidenceVersion]] = {}
    if changed:
        versions = EvidenceVersion.objects.filter(evidence__in=changed).select_related("file__blob")
        for one in versions.order_by("number"):
            found.setdefault(one.evidence_id, []).append(one)
    return found


def as_of(evidence: Evidence, version: Any) -> Evidence | EvidenceVersion:
    """The evidence as it was at a version; the newest where none is named."""
    if not isinstance(version, int) or version >= evidence.version:
        return evidence
    found = EvidenceVersion.objects.filter(evidence=evidence, number=version).select_related("file__blob")
    return found.first() or evidence


def number_of(shown: Evidence | EvidenceVersion) -> int:
    """Which version it is."""
    return shown.version if isinstance(shown, Evidence) else shown.number


def words_compared(older: FileReference, newer: FileReference) -> list[Piece] | None:
    """What changed in the words of two documents; None where one of them has no words to read, or too many."""
    before, after = _words(older), _words(newer)
    if before is None or after is None:
        return None
    return word_changes(before, after)


def _words(file: FileReference) -> str | None:
    """The text of a document, read by a child process with limits."""
    blob = file.blob
    kind = KINDS.get(blob.media_type)
    if not blob.kept or kind is None or kind.is_picture or blob.size > COMPARED.bytes:
        return None
    try:
        document = read_in_sandbox(content_of(file), name=file.name, limits=COMPARED)
    except (DocumentError, FileNotFoundError):
        return None
    words = "\n".join(block.text for block in document.blocks).strip()
    return words if 0 < len(words) <= MOST_COMPARED else None
