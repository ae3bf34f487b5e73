"""Checking a bound archive years later: every file against its manifest, every manifest against the journal and the log.

What this can say: the files are those that were bound; the manifest is one this installation made, and for whom; the
journal still holds the events the copy was drawn from. A manifest somebody rewrote is not in the access log.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError

from bihuan.desk.case_file_archive import CHUNK, FORMAT, MANIFEST
from bihuan.desk.case_file_binding import WHAT
from bihuan.files.models import Blob
from bihuan.files.without_camera import handed_out_picture
from bihuan.journal import access
from bihuan.journal.models import AccessEntry, JournalEvent
from bihuan.ledger.models import Problem

MOST_MANIFEST_BYTES: Final = 16 * 1024 * 1024


class NotACaseFile(Exception):
    """The file is no zip, or holds no manifest of ours. The message says which."""


@dataclass
class Checked:
    """One folder of the archive. `faults` are (what, where); empty where all is as it was bound."""

    folder: str
    problem_no: str = ""
    bound_by: str = ""
    bound_at: str = ""
    files: int = 0
    events_since: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)


def check(path: Path) -> Iterator[Checked]:
    """Check every case file in an archive."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise NotACaseFile("not a zip") from error
    with archive:
        names = archive.namelist()
        manifests = [name for name in names if name.rpartition("/")[2] == MANIFEST]
        if not manifests:
            raise NotACaseFile("no manifest")
        claimed: set[str] = set()
        for name in manifests:
            folder = name.rpartition("/")[0]
            claimed |= {one for one in names if one.startswith(f"{folder}/")}
            yield _folder(archive, folder, name, names)
        strangers = sorted(set(names) - claimed)
        if strangers:
            yield Checked(folder="", faults=[("stranger", name) for name in strangers])


def _folder(archive: zipfile.ZipFile, folder: str, manifest: str, names: list[str]) -> Checked:
    found = Checked(folder=folder)
    if archive.getinfo(manifest).file_size > MOST_MANIFEST_BYTES:
        found.faults.append(("manifest", manifest))
        return found
    content = archive.read(manifest)
    try:
        _compare(found, archive, content, names)
    except (ValueError, KeyError, TypeError, ValidationError):
        found.faults.append(("manifest", manifest))
    return found


def _compare(found: Checked, archive: zipfile.ZipFile, content: bytes, names: list[str]) -> None:
    """Fill in what the manifest says and what is wrong with it; a manifest of another make raises KeyError and kin."""
    held: dict[str, Any] = json.loads(content)
    files, heads, problem = held["files"], held["journal"]["heads"], held["problem"]["id"]
    found.problem_no = held["problem"]["problem_no"]
    found.bound_at, found.bound_by = held["bound"]["at"], held["bound"]["person_name"]
    found.files = len(files)
    if held["format"] != FORMAT:
        found.faults.append(("manifest", held["format"]))
    found.faults += _files(archive, found.folder, files, names)
    found.faults += _heads(heads)
    found.faults += _logged(content, problem)
    found.events_since = _events_since(heads, problem)


def _files(
    archive: zipfile.ZipFile, folder: str, files: list[dict[str, Any]], names: list[str]
) -> Iterator[tuple[str, str]]:
    listed = {f"{folder}/{one['path']}": one for one in files}
    for path, one in listed.items():
        if path not in names:
            yield "missing", path
        elif _digest(archive, path) != one["sha256"] or not _is_of_the_original(one):
            yield "altered", path
    for path in names:
        if path.startswith(f"{folder}/") and path not in listed and path != f"{folder}/{MANIFEST}":
            yield "stranger", path


def _is_of_the_original(one: dict[str, Any]) -> bool:
    """A photograph without camera data must be what comes of the recorded file; content that is gone cannot be asked."""
    if not one.get("without_camera_data"):
        return True
    recorded = Blob.objects.filter(sha256=one["recorded_sha256"]).first()
    if recorded is None or not recorded.kept:
        return recorded is not None
    if not recorded.media_type.startswith("image/"):
        return False
    shown = handed_out_picture(recorded.sha256, recorded.media_type)
    # What was drawn anew, for it could not be taken apart, need not come out the same to the byte a second time.
    return shown is None or shown[1] != "" or hashlib.sha256(shown[0]).hexdigest() == one["sha256"]


def _digest(archive: zipfile.ZipFile, path: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(path) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except zipfile.BadZipFile:
        return ""
    return digest.hexdigest()


def _heads(heads: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The events the copy was drawn from must still stand in the journal as they stood."""
    streams = [one["stream"] for one in heads]
    stored = {
        (str(stream), seq): bytes(digest).hex()
        for stream, seq, digest in JournalEvent.objects.filter(
            stream__in=streams, seq__in={one["seq"] for one in heads}
        ).values_list("stream", "seq", "hash")
    }
    for one in heads:
        if stored.get((one["stream"], one["seq"])) != one["hash"]:
            yield "journal", f"{one['kind']}:{one['stream']} #{one['seq']}"


def _logged(manifest: bytes, problem: str) -> Iterator[tuple[str, str]]:
    """The access log knows each manifest this installation handed out."""
    digest = hashlib.sha256(manifest).hexdigest()
    subject = Problem(pk=problem).row_key
    entries = AccessEntry.objects.using(access.LOG).filter(what=WHAT, subject=subject)
    if not entries.filter(detail__manifest=digest).exists():
        yield "not_logged", digest


def _events_since(heads: list[dict[str, Any]], problem: str) -> int:
    """What happened to the problem after the copy was made is no fault; it is worth knowing."""
    seq = next((one["seq"] for one in heads if one["stream"] == problem), 0)
    return JournalEvent.objects.filter(stream=problem, seq__gt=seq).count()
