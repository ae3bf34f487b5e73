"""Turning the drafts of an open action into chained events: one event for each changed stream."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings

from bihuan.journal.beside import database_clock
from bihuan.journal.canonical import GENESIS, canonical, chain_hash
from bihuan.journal.encoding import encode_moment
from bihuan.journal.loading import MANY, array, copy_in
from bihuan.journal.models import Payload
from bihuan.journal.open_action import OpenAction, StreamDraft
from bihuan.journal.streams import lock_heads
from bihuan.journal.vault import Laid, lay_beside

SCHEMA = 1
PART = 500

INSERT_EVENTS = """
INSERT INTO journal_event (stream, seq, body, hash)
SELECT * FROM unnest(%s::uuid[], %s::int[], %s::json[], %s::bytea[])
"""
MOVE_HEADS = """
INSERT INTO journal_stream_head (stream, kind, seq, hash)
SELECT stream, kind, seq, decode(digest, 'hex')
FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[]) AS moved (stream, kind, seq, digest)
ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
"""


@dataclass(frozen=True)
class Event:
    """An appended event, as reactions and callers see it."""

    stream: uuid.UUID
    seq: int
    kind: str
    verb: str
    body: dict[str, Any]
    text: bytes
    hash: bytes


def append_events(act: OpenAction) -> list[Event]:
    """Write one event per drafted stream, in id order, and move the heads. Empty drafts leave no event."""
    drafts = {stream: draft for stream, draft in sorted(act.drafts.items()) if _says_something(draft)}
    if not drafts:
        return []
    # Nobody else can hold a stream that begins here.
    lock_heads(act, drafts.keys() - act.born)
    common = _common_part(act, act.recorded_at or database_clock(act.using))
    events: list[Event] = []
    left = iter(drafts.items())
    # In parts, so that the one is written while the next is made where the action writes beside itself.
    while part := list(islice(left, PART)):
        payloads: list[Laid] = []
        made = [_event(act, stream, draft, common, payloads) for stream, draft in part]
        _lay_down(act, payloads)
        _write(act, made)
        events += made
    act.locked.update({event.stream: (event.seq, event.hash) for event in events})
    return events


def _says_something(draft: StreamDraft) -> bool:
    return bool(draft.changes or draft.deleted or draft.facts or draft.personal)


def _common_part(act: OpenAction, recorded_at: datetime) -> dict[str, Any]:
    """What every event of one action says alike."""
    return {
        "schema": SCHEMA,
        "verb": act.verb,
        "who": act.actor.as_json(),
        "occurred_at": encode_moment(act.now),
        "recorded_at": encode_moment(recorded_at),
        "batch": str(act.batch) if act.batch else None,
        "policies": act.policies,
        "algorithm": settings.JOURNAL_ALGORITHM,
    }


def _event(
    act: OpenAction,
    stream: uuid.UUID,
    draft: StreamDraft,
    common: dict[str, Any],
    payloads: list[Laid],
) -> Event:
    seq, previous = act.locked.get(stream, (0, GENESIS))
    caused_by = act.caused_by.get(stream) or next(iter(act.caused_by.values()), None)
    body = {
        **common,
        "verb": draft.verb or act.verb,
        "stream": str(stream),
        "kind": draft.kind,
        "seq": seq + 1,
        "caused_by": [str(caused_by[0]), caused_by[1]] if caused_by else None,
        "facts": draft.facts,
        "changes": draft.changes,
        "deleted": draft.deleted,
        "sealed": _seal(act, stream, draft, payloads),
        "personal": draft.personal,
    }
    text = canonical(body)
    chained = chain_hash(common["algorithm"], previous, text)
    return Event(stream, seq + 1, draft.kind, body["verb"], body, text, chained)


def _seal(
    act: OpenAction, stream: uuid.UUID, draft: StreamDraft, payloads: list[Laid]
) -> dict[str, Any] | None:
    """Lay the free text of this event beside the chain and return what the event keeps of it."""
    if not draft.sealed and not act.why:
        return None
    payload = lay_beside(stream, {"why": act.why, "rows": draft.sealed})
    payloads.append(payload)
    return {
        "payload": str(payload.id),
        "digest": payload.digest.hex(),
        "rows": {key: sorted(values) for key, values in draft.sealed.items()},
        "why": bool(act.why),
    }


def _lay_down(act: OpenAction, payloads: list[Laid]) -> None:
    if len(payloads) < MANY:
        Payload.objects.bulk_create([Payload(**laid._asdict()) for laid in payloads])
    else:
        copy_in(act.using, Payload._meta.db_table, Laid._fields, payloads)


def _write(act: OpenAction, events: Sequence[Event]) -> None:
    rows = [(e.stream, e.seq, e.text.decode(), e.hash) for e in events]
    if len(events) < MANY:
        act.carry_out(INSERT_EVENTS, [list(column) for column in zip(*rows, strict=True)])
    else:
        copy_in(act.using, "journal_event", ("stream", "seq", "body", "hash"), rows)
    heads = zip(*[(e.stream, e.kind, e.seq, e.hash.hex()) for e in events], strict=True)
    act.carry_out(MOVE_HEADS, [array(column) for column in heads])
