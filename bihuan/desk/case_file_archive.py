"""A case file as a folder of a zip: the volume, the files as they are kept, and a manifest that lets both be checked.

Files are copied in blocks and digested on the way, so that neither their number nor their size costs memory. With the
same ledger, actor and moment the archive is the same to the last byte.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any, Final, Self

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.desk.case_file import CaseFile
from bihuan.desk.case_file_reading import Attachment
from bihuan.desk.case_file_word import Enclosed, volume_of
from bihuan.files import store
from bihuan.files.without_camera import handed_out_picture

FORMAT: Final = "bihuan.case-file/1"
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1024 * 1024
# Zip programs of older systems stop at 260 characters of path.
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Bound:
    """What was written for one problem."""

    folder: str
    files: int
    manifest_sha256: str


class Archive:
    """A zip that is written front to back."""

    def __init__(self, target: IO[bytes], at: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self._stamp = timezone.localtime(at).timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def bind(self, case: CaseFile) -> Bound:
        """Write one case file as a folder named by its number."""
        folder = folder_of(case.problem.problem_no)
        enclosed = [self._enclose(folder, number, one) for number, one in _numbered(case)]
        volume = _("卷宗.docx")
        content = volume_of(case, enclosed, get_language() or "zh")
        self._put(f"{folder}/{volume}", content)
        files = [entry_of(volume, content), *(_entry(folder, one) for one in enclosed if one.path)]
        manifest = manifest_of(case, files)
        self._put(f"{folder}/{MANIFEST}", manifest)
        return Bound(folder, len(files), hashlib.sha256(manifest).hexdigest())

    def _put(self, path: str, content: bytes) -> None:
        self._zip.writestr(self._info(path, deflate=path.endswith(".json")), content)

    def _info(self, path: str, *, deflate: bool = False) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, self._stamp)
        # What lies in the store is mostly packed already.
        info.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        return info

    def _enclose(self, folder: str, number: str, attachment: Attachment) -> Enclosed:
        """Copy a kept file; one whose content was expunged, or is missing, is told of and left out.

        A photograph goes without what the camera wrote into it: a bound copy is passed on, and whoever judges
        photographs has the original on its page.
        """
        blob = attachment.reference.blob
        missing = Enclosed(number=number, path="", attachment=attachment, sha256=blob.sha256)
        if not blob.kept:
            return missing
        attached = _("附件")
        path = f"{folder}/{attached}/{number} {short_name(attachment.reference.name)}"
        if blob.media_type.startswith("image/"):
            return self._enclose_picture(path, missing)
        digest, size = hashlib.sha256(), 0
        try:
            source = store.open_stored(store.name_of(blob.sha256))
        except FileNotFoundError:
            return missing
        with source, self._zip.open(self._info(path), "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        found = digest.hexdigest()
        return Enclosed(
            number=number,
            path=path,
            attachment=attachment,
            sha256=found,
            size=size,
            as_recorded=found == blob.sha256,
        )

    def _enclose_picture(self, path: str, missing: Enclosed) -> Enclosed:
        """The picture without camera data, or the one drawn from it where it cannot be taken apart."""
        blob = missing.attachment.reference.blob
        shown = handed_out_picture(blob.sha256, blob.media_type)
        if shown is None:
            return missing
        content, ending = shown
        as_it_is = hashlib.sha256(content).hexdigest()
        path = path if not ending else f"{path.rpartition('.')[0]}.{ending}"
        self._put(path, content)
        return Enclosed(
            number=missing.number,
            path=path,
            attachment=missing.attachment,
            sha256=as_it_is,
            size=len(content),
            as_recorded=as_it_is == blob.sha256,
            without_camera_data=as_it_is != blob.sha256,
        )


def _numbered(case: CaseFile) -> Iterator[tuple[str, Attachment]]:
    """3-1, 3-2: the files of the third record."""
    for number, item in enumerate(case.items, start=1):
        for place, attachment in enumerate(item.attachments, start=1):
            yield f"{number}-{place}", attachment


def folder_of(number: str) -> str:
    """A number as the name of a folder."""
    kept = "".join("-" if letter in '/\\:*?"<>|' else letter for letter in number)
    return kept.strip(". ") or "case"


def short_name(name: str) -> str:
    """A kept name (already clean) short enough for any unpacking program; its ending stays."""
    ending = PurePosixPath(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def entry_of(path: str, content: bytes) -> dict[str, Any]:
    """A line of the manifest for content at hand."""
    return {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _entry(folder: str, one: Enclosed) -> dict[str, Any]:
    entry = {
        "path": one.path.removeprefix(f"{folder}/"),
        "sha256": one.sha256,
        "size": one.size,
        "item": one.number,
    }
    if one.as_recorded:
        return entry
    entry["recorded_sha256"] = one.attachment.reference.blob.sha256
    return {**entry, "without_camera_data": True} if one.without_camera_data else entry


def manifest_of(case: CaseFile, files: Sequence[dict[str, Any]]) -> bytes:
    """What the folder holds and where each record stands in the journal; readable, and the same for the same ledger."""
    problem, by = case.problem, case.by
    held = {
        "format": FORMAT,
        "problem": {"id": str(problem.pk), "problem_no": problem.problem_no, "round": problem.round},
        "bound": {
            "at": timezone.localtime(case.at).isoformat(timespec="seconds"),
            "person": str(by.person) if by.person else None,
            "person_name": by.person_name,
            "post_name": by.post_name,
            "unit_name": by.unit_name,
        },
        "items": [
            {
                "number": number,
                "title": item.title,
                "on": item.on.isoformat() if item.on else None,
                "who": item.who,
                "stream": str(item.stream) if item.stream else None,
                "files": len(item.attachments),
            }
            for number, item in enumerate(case.items, start=1)
        ],
        "files": list(files),
        "journal": {
            "algorithm": settings.JOURNAL_ALGORITHM,
            "heads": [
                {"stream": str(head.stream), "kind": head.kind, "seq": head.seq, "hash": head.digest}
                for head in case.heads
            ],
        },
    }
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
