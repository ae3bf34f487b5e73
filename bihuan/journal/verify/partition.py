"""Verifying one hash partition of the journal: chain, fold, rows and payloads, a few thousand streams at a time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection

from bihuan.journal.canonical import GENESIS, chain_hash
from bihuan.journal.models import Payload
from bihuan.journal.vault import CannotOpen, payload_digest, plain_of
from bihuan.journal.verify.fold import Folded, UnknownSchema
from bihuan.journal.verify.report import Fault, Found, Tally
from bihuan.journal.verify.rows import models_of, stored_rows

STREAMS_AT_A_TIME = 2000
EVENTS_AT_A_TIME = 5000

Head = tuple[int, bytes, str]
Event = tuple[uuid.UUID, int, str, bytes]


def verify_partition(name: str) -> Tally:
    """Verify the streams of one partition inside the caller's snapshot."""
    tally = Tally()
    chunk: dict[uuid.UUID, list[Event]] = {}
    for event in _events(name):
        if event[0] not in chunk and len(chunk) >= STREAMS_AT_A_TIME:
            _verify_streams(chunk, tally)
            chunk = {}
        chunk.setdefault(event[0], []).append(event)
    _verify_streams(chunk, tally)
    return tally


def _events(name: str) -> Iterator[Event]:
    """The partition's events in order, through a cursor on the server, with the exact text that was hashed."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"verify_{name}") as cursor:  # psycopg's own, for it can stream
        cursor.itersize = EVENTS_AT_A_TIME
        cursor.execute(f"SELECT stream, seq, body::text, hash FROM {name} ORDER BY stream, seq")  # noqa: S608  (our own name)
        yield from cursor


def _verify_streams(chunk: dict[uuid.UUID, list[Event]], tally: Tally) -> None:
    if not chunk:
        return
    heads = _heads(list(chunk))
    folded: dict[uuid.UUID, Folded] = {}
    kinds: dict[str, list[uuid.UUID]] = {}
    for stream, events in chunk.items():
        fold, kind = _verify_chain(stream, events, heads.get(stream), tally)
        folded[stream] = fold
        kinds.setdefault(kind, []).append(stream)
    payloads = _verify_payloads(folded, tally)
    for kind, streams in kinds.items():
        _verify_rows(kind, streams, folded, payloads, tally)
    tally.streams += len(chunk)


def _heads(streams: list[uuid.UUID]) -> dict[uuid.UUID, Head]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, seq, hash, kind FROM journal_stream_head WHERE stream = ANY(%s)", [streams]
        )
        return {stream: (seq, bytes(digest), kind) for stream, seq, digest, kind in cursor.fetchall()}


def _verify_chain(
    stream: uuid.UUID, events: list[Event], head: Head | None, tally: Tally
) -> tuple[Folded, str]:
    """Check numbering and hashes of one stream and fold it."""
    fold, previous, kind = Folded(), GENESIS, ""
    for expected, (_, seq, text, stored) in enumerate(events, start=1):
        where = f"{stream}/{seq}"
        tally.events += 1
        if seq != expected:
            tally.found.append(Found(Fault.EVENT_MISSING, where, f"expected {expected}"))
        body: dict[str, Any] = json.loads(text)
        if chain_hash(body.get("algorithm", "sha256"), previous, text.encode()) != stored:
            tally.found.append(Found(Fault.CHAIN_BROKEN, where, body.get("verb", "")))
        previous, kind = bytes(stored), body.get("kind", "")
        try:
            fold.apply(body)
        except (KeyError, TypeError, ValueError, UnknownSchema) as error:
            tally.found.append(Found(Fault.EVENT_CONTRADICTS, where, repr(error)))
    tally.found.extend(Found(Fault.EVENT_CONTRADICTS, str(stream), what) for what in fold.contradictions)
    if head is None or head[:2] != (events[-1][1], previous) or head[2] != kind:
        tally.found.append(Found(Fault.HEAD_DIFFERS, str(stream), kind))
    return fold, kind


def _verify_payloads(folded: dict[uuid.UUID, Folded], tally: Tally) -> dict[str, Any]:
    """Check what lies beside the chain against the digests in it; returns the contents by payload id."""
    wanted = {pk: digest for fold in folded.values() for pk, digest in fold.payloads.items()}
    rows = Payload.objects.select_related("holder").filter(stream__in=list(folded))
    stored = {str(row.pk): row for row in rows}
    contents: dict[str, Any] = {}
    for pk, digest in wanted.items():
        tally.payloads += 1
        row = stored.get(pk)
        if row is None:
            tally.found.append(Found(Fault.PAYLOAD_MISSING, pk))
            continue
        try:
            plain = plain_of(row)
        except CannotOpen:
            tally.found.append(Found(Fault.PAYLOAD_ALTERED, pk, "does not open"))
            continue
        if plain is None:
            tally.found.append(Found(Fault.ERASED, pk, str(row.erased_by or "")))
        elif payload_digest(bytes(row.salt), plain).hex() != digest:
            tally.found.append(Found(Fault.PAYLOAD_ALTERED, pk))
        else:
            contents[pk] = json.loads(plain)
    return contents


def _verify_rows(
    kind: str,
    streams: list[uuid.UUID],
    folded: dict[uuid.UUID, Folded],
    payloads: dict[str, Any],
    tally: Tally,
) -> None:
    """Compare what is stored with what the events add up to, both ways."""
    seen: set[str] = set()
    for model in models_of(kind):
        for stream, key, columns in stored_rows(model, streams):
            tally.rows += 1
            seen.add(key)
            fold = folded[stream]
            if key not in fold.rows:
                tally.found.append(Found(Fault.ROW_WITHOUT_EVENT, key))
                continue
            differing = _differing(key, columns, fold, payloads)
            if differing:
                tally.found.append(Found(Fault.ROW_ALTERED, key, ", ".join(sorted(differing))))
    for stream in streams:
        tally.found.extend(Found(Fault.ROW_MISSING, key) for key in folded[stream].rows.keys() - seen)


def _differing(key: str, columns: dict[str, Any], fold: Folded, payloads: dict[str, Any]) -> list[str]:
    expected, sealed = fold.rows[key], fold.sealed.get(key, {})
    differing = []
    for name, value in columns.items():
        payload = sealed.get(name)
        if payload is None:
            if expected.get(name) != value:
                differing.append(name)
        elif payload in payloads and payloads[payload]["rows"][key][name] != value:
            differing.append(name)
    return differing
