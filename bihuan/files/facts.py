"""Finding out what a content says of itself, in child processes with limits, and keeping it beside the ledger."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.sandbox import bare_environment, read_in_sandbox
from bihuan.files import store
from bihuan.files.kinds import DOCX, KINDS, ODS, OFD, PDF, XLS, XLSX, Kind
from bihuan.files.models import Blob, FileFacts
from bihuan.files.picture_hashes import WINDOWS, keys_of
from bihuan.journal import timesource
from bihuan.text.papers import is_general, signed_on

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS: Final = 40
LIMITS: Final = Limits(seconds=30)
_READ: Final = (PDF, OFD, DOCX, XLSX, XLS, ODS)
_WHAT: Final = {DOCX: "office", XLSX: "office", PDF: "pdf"}
_EARLIEST: Final = 1990


def says_something(media_type: str) -> bool:
    """Whether contents of this kind are looked into."""
    kind = KINDS.get(media_type)
    return kind is not None and (kind.is_picture or kind in _READ)


def find_facts(blob: Blob, name: str = "") -> FileFacts | None:
    """The facts of a content, found now where they are not there yet; None for a kind that says nothing, or is gone."""
    known = FileFacts.objects.filter(sha256=blob.sha256).first()
    if known is not None or not blob.kept or not says_something(blob.media_type):
        return known
    found = _look_into(blob.sha256, KINDS[blob.media_type], name)
    kept, _made = FileFacts.objects.update_or_create(
        sha256=blob.sha256, defaults={**found, "made_at": timesource.now()}
    )
    if not Blob.objects.filter(pk=blob.pk, kept=True).exists():
        # An expunged content must not live on in what was found in it.
        kept.delete()
        return None
    return kept


def known_facts(digests: Iterable[str]) -> dict[str, FileFacts]:
    """What was found in some contents; one query."""
    return {row.sha256: row for row in FileFacts.objects.filter(sha256__in=list(digests)).defer("keys")}


def _look_into(sha256: str, kind: Kind, name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bihuan-facts-") as folder:
        source = Path(folder) / f"source.{kind.endings[0]}"
        try:
            with store.open_stored(store.name_of(sha256)) as content:
                source.write_bytes(content.read())
        except FileNotFoundError:
            return {"failure": "missing"}
        if kind.is_picture:
            return _of_picture(_ask("picture", source))
        return _of_document(source, kind, name)


def _ask(what: str, source: Path) -> dict[str, Any]:
    """Have a child look; whatever happens to it comes back as a failure code."""
    command = [sys.executable, "-m", "bihuan.files.inspecting", what, str(source)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, env=bare_environment()
        )
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"failure": "time"}
    except ValueError:
        return {"failure": "crashed"}
    return found if isinstance(found, dict) else {"failure": "crashed"}


def _of_picture(found: dict[str, Any]) -> dict[str, Any]:
    if "failure" in found:
        return {"failure": str(found["failure"])[:20]}
    hashes = [int(value) for value in found.get("hashes", [])]
    if len(hashes) not in {0, 2 * len(WINDOWS)}:
        return {"failure": "crashed"}
    place = (_coordinate(found.get("latitude"), 90), _coordinate(found.get("longitude"), 180))
    latitude, longitude = place if None not in place else (None, None)
    return {
        "width": int(found["width"]),
        "height": int(found["height"]),
        "taken_at": taken_at(str(found.get("taken", "")), str(found.get("offset", ""))),
        "latitude": latitude,
        "longitude": longitude,
        "device": str(found.get("device", ""))[:80],
        "hashes": hashes,
        "keys": keys_of(hashes),
    }


def _coordinate(value: object, most: int) -> Decimal | None:
    if not isinstance(value, int | float) or not abs(value) <= most:
        return None
    return Decimal(f"{value:.6f}")


def taken_at(written: str, offset: str) -> dt.datetime | None:
    """``2026:03:05 14:22:10`` with ``+08:00``; a camera that names no zone means the one it stands in."""
    try:
        local = dt.datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  (its zone follows)
    except ValueError:
        return None
    if local.year < _EARLIEST:
        return None
    try:
        return (
            dt.datetime.fromisoformat(f"{local.isoformat()}{offset}")
            if offset
            else timezone.make_aware(local)
        )
    except ValueError:
        return timezone.make_aware(local)


def _of_document(source: Path, kind: Kind, name: str) -> dict[str, Any]:
    made = _ask(_WHAT[kind], source).get("made") if kind in _WHAT else None
    found: dict[str, Any] = {"begun_on": _day(made)}
    try:
        document = read_in_sandbox(source, limits=LIMITS)
    except DocumentError as error:
        # Nothing to read says nothing; the file's own name may still call it a regulation.
        return found | {"failure": type(error).__name__.lower()[:20], "general": is_general(name, [])}
    lines = [line for block in document.blocks for line in block.text.splitlines()]
    return found | {"signed_on": signed_on(lines), "general": is_general(name, lines)}


def _day(written: object) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(str(written))
    except ValueError:
        return None
    return found if found.year >= _EARLIEST else None
