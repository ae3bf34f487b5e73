"""Replaying the streams of one partition: chain, fold, rows and payloads, a few thousand streams at a time.

Plain psycopg and no Django, for two reasons: the processes that do this start in no time, and a fault of the ORM
cannot hide one in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast

import msgspec
import psycopg

from bihuan.journal.canonical import (
    GENESIS,
    NotCanonical,
    UnknownAlgorithm,
    chain_hash,
    parse_canonical,
    plain_spelling,
)
from bihuan.journal.sealing import CannotOpen, payload_digest, unseal
from bihuan.journal.verify.fold import Folded
from bihuan.journal.verify.report import Fault, Found, Tally
from bihuan.journal.verify.stored import SPELL_DATES, Shape, as_moment

STREAMS_AT_A_TIME = 2000
EVENTS_AT_A_TIME = 5000

# `body::text` is the exact text that was hashed. The columns after `hash` were filled from it, or should have been.
EVENTS = """
SELECT stream::text, seq, body::text, hash, kind, verb, person::text, batch::text,
       (occurred_at AT TIME ZONE 'UTC')::text, (recorded_at AT TIME ZONE 'UTC')::text
FROM {name} ORDER BY stream, seq
"""
HEADS = "SELECT stream::text, seq, hash, kind FROM journal_stream_head WHERE stream = ANY(%s::uuid[])"
PAYLOADS = """
SELECT p.id::text, p.stream::text, p.content, p.salt, p.holder_id, k.wrapped, p.erased_by::text
FROM journal_payload p LEFT JOIN journal_personal_key k ON k.holder = p.holder_id WHERE p.stream = ANY(%s::uuid[])
"""
# What two administrators ordered; the rows themselves are compared with their events like any other.
ORDERS = """
SELECT id::text, target_stream::text, holder::text FROM journal_expungement
WHERE confirmed_by <> proposed_by AND confirmed_at IS NOT NULL AND id = ANY(%s::uuid[])
"""

# What a stream's events may lack so badly that they cannot be folded: then they are named, not stumbled over.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)

Event = tuple[str, int, str, bytes, str, str, str | None, str | None, str, str]
Head = tuple[int, bytes, str]


class Gone(NamedTuple):
    """A payload whose content or key is destroyed; `order` is the id of the record that is said to have ordered it."""

    payload: str
    stream: str
    holder: str
    order: str


@dataclass(frozen=True)
class Replay:
    """What one verification knows: a connection inside a snapshot, the shapes of the tables, the master key."""

    connection: psycopg.Connection[Any]
    shapes: tuple[Shape, ...]
    master_key: bytes

    @cached_property
    def shapes_of(self) -> dict[str, tuple[Shape, ...]]:
        """Stream kind -> the shapes of its rows."""
        kinds = {shape.kind for shape in self.shapes}
        return {kind: tuple(shape for shape in self.shapes if shape.kind == kind) for kind in kinds}

    @cached_property
    def blanks(self) -> dict[str, Mapping[str, Any]]:
        """Model -> column -> what rows older than that column hold in it."""
        return {shape.label: shape.blanks for shape in self.shapes}

    def partition(self, name: str) -> Tally:
        """Verify all streams of one partition."""
        tally = Tally()
        self.connection.execute(SPELL_DATES)
        chunk = Chunk(self, tally)
        for stream, events in self._streams(name):
            if len(chunk.folded) >= STREAMS_AT_A_TIME:
                chunk.finish()
                chunk = Chunk(self, tally)
            chunk.chain(stream, events)
        chunk.finish()
        return tally

    def named(self, streams: Sequence[str]) -> Tally:
        """Verify these streams and nothing else: for a proof about a few of them."""
        tally = Tally()
        self.connection.execute(SPELL_DATES)
        chunk = Chunk(self, tally)
        rows = self.fetch(EVENTS.format(name="journal_event WHERE stream = ANY(%s::uuid[])"), streams)
        for stream, events in groupby(rows, key=itemgetter(0)):
            chunk.chain(stream, cast("list[Event]", list(events)))
        chunk.finish()
        tally.found.extend(Found(Fault.STREAM_WITHOUT_EVENT, one) for one in {*streams} - {*chunk.folded})
        return tally

    def _streams(self, name: str) -> Iterator[tuple[str, list[Event]]]:
        """The partition's streams with their events in order, through a cursor on the server."""
        with psycopg.ServerCursor(self.connection, f"verify_{name}") as cursor:
            cursor.itersize = EVENTS_AT_A_TIME
            cursor.execute(EVENTS.format(name=name), binary=True)
            events: list[Event] = []
            for event in cursor:
                if events and event[0] != events[0][0]:
                    yield events[0][0], events
                    events = []
                events.append(event)
            if events:
                yield events[0][0], events

    def fetch(self, statement: str, streams: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows of these streams, with bytes as bytes."""
        with psycopg.Cursor(self.connection) as cursor:
            cursor.execute(statement, [list(streams)], prepare=False, binary=True)
            yield from cursor


class Chunk:
    """Some streams whose chains were followed and folded, waiting to be compared with what is stored."""

    def __init__(self, replay: Replay, tally: Tally) -> None:
        self.replay, self.tally = replay, tally
        self.folded: dict[str, Folded] = {}
        self.heads: dict[str, Head] = {}

    def found(self, fault: Fault, where: str, detail: str = "") -> None:
        self.tally.found.append(Found(fault, where, detail))

    def chain(self, stream: str, events: list[Event]) -> None:
        """Check numbering, form and hashes of one stream, and fold it."""
        fold, previous, kind = Folded(self.replay.blanks), GENESIS, ""
        for expected, event in enumerate(events, start=1):
            seq, text, stored, kind = event[1], event[2].encode(), event[3], event[4]
            if seq != expected:
                self.found(Fault.EVENT_MISSING, f"{stream}/{seq}", f"expected {expected}")
            body = self._body(event, text)
            try:
                linked = chain_hash(body["algorithm"], previous, text)
            except (KeyError, TypeError, UnknownAlgorithm):
                linked = b""
            if linked != stored:
                self.found(Fault.CHAIN_BROKEN, f"{stream}/{seq}", event[5])
            previous = stored
            try:
                fold.apply(body)
            except UNREADABLE as error:
                self.found(Fault.EVENT_CONTRADICTS, f"{stream}/{seq}", repr(error))
        self.tally.events += len(events)
        self.tally.found.extend(Found(Fault.EVENT_CONTRADICTS, stream, what) for what in fold.contradictions)
        self.folded[stream] = fold
        self.heads[stream] = (events[-1][1], previous, kind)

    def _body(self, event: Event, text: bytes) -> Any:
        """The event's body, after its form and what the columns beside it repeat were checked."""
        stream, seq, _, _, *repeated, occurred, recorded = event
        try:
            body = parse_canonical(text)
        except NotCanonical as error:
            self.found(Fault.EVENT_NOT_CANONICAL, f"{stream}/{seq}", str(error))
            body = json.loads(text)
        try:
            agrees = (
                [body["kind"], body["verb"], body["who"]["person"], body["batch"]] == repeated
                and (body["stream"], body["seq"]) == (stream, seq)
                and body["occurred_at"] == as_moment(occurred)
                and body["recorded_at"] == as_moment(recorded)
            )
        except UNREADABLE:
            agrees = False
        if not agrees:
            self.found(Fault.EVENT_CONTRADICTS, f"{stream}/{seq}", "the columns beside the body")
        return body

    def finish(self) -> None:
        """Compare with heads, payloads and rows, both ways."""
        if not self.folded:
            return
        self._compare_heads()
        contents = self._payloads()
        kinds: dict[str, list[str]] = {}
        for stream, (_, _, kind) in self.heads.items():
            kinds.setdefault(kind, []).append(stream)
        for kind, streams in kinds.items():
            self._compare_rows(kind, streams, contents)
        self.tally.streams += len(self.folded)

    def _compare_heads(self) -> None:
        stored = {stream: tuple(head) for stream, *head in self.replay.fetch(HEADS, list(self.heads))}
        for stream, head in self.heads.items():
            if stored.get(stream) != head:
                self.found(Fault.HEAD_DIFFERS, stream, head[2])

    def _payloads(self) -> dict[str, Any]:
        """Check what lies beside the chain against the digests in it; returns the contents by payload id."""
        wanted = {pk: said for fold in self.folded.values() for pk, said in fold.payloads.items()}
        contents: dict[str, Any] = {}
        stored: set[str] = set()
        gone: list[Gone] = []
        for pk, stream, content, salt, holder, wrapped, order in self.replay.fetch(
            PAYLOADS, list(self.folded)
        ):
            stored.add(pk)
            if pk not in wanted:
                self.found(Fault.PAYLOAD_WITHOUT_EVENT, pk)
                continue
            try:
                plain = self._plain(content, holder, wrapped)
            except CannotOpen:
                self.found(Fault.PAYLOAD_ALTERED, pk, "does not open")
                continue
            if plain is None:
                gone.append(Gone(pk, stream, str(holder), order or ""))
            elif not _as_said(wanted[pk], salt, plain):
                self.found(Fault.PAYLOAD_ALTERED, pk)
            else:
                contents[pk] = msgspec.json.decode(plain)
        self.tally.payloads += len(wanted)
        for pk in wanted.keys() - stored:
            self.found(Fault.PAYLOAD_MISSING, pk)
        self._judge_gone(gone)
        return contents

    def _judge_gone(self, gone: list[Gone]) -> None:
        """Content that is no longer there: ordered by two administrators, stated by its own stream, or destroyed."""
        named = sorted({one.order for one in gone if one.order})
        orders = {order: where for order, *where in self.replay.fetch(ORDERS, named)} if named else {}
        for one in gone:
            target, holder = orders.get(one.order, (None, None))
            ordered = target == one.stream or (holder is not None and holder == one.holder)
            if ordered or one.payload in self.folded[one.stream].erased:
                self.found(Fault.ERASED, one.payload, one.order)
            else:
                self.found(Fault.PAYLOAD_DESTROYED, one.payload, one.order)

    def _plain(self, content: bytes | None, holder: Any, wrapped: bytes | None) -> bytes | None:
        """The bytes that were digested, or None where content or key is destroyed."""
        if content is None or holder is None:
            return content
        if wrapped is None:
            return None
        return unseal(unseal(self.replay.master_key, wrapped, holder.bytes), content, holder.bytes)

    def _compare_rows(self, kind: str, streams: list[str], contents: dict[str, Any]) -> None:
        seen: set[str] = set()
        for shape in self.replay.shapes_of.get(kind, ()):
            for key, stream, values in shape.rows(self.replay.connection, streams):
                seen.add(key)
                fold = self.folded[stream]
                if key not in fold.rows:
                    self.found(Fault.ROW_WITHOUT_EVENT, key)
                    continue
                expected = expected_values(shape, key, values, fold, contents)
                if expected != values:
                    pairs = zip(shape.names, expected, values, strict=True)
                    names = sorted(name for name, said, stored in pairs if said != stored)
                    self.found(Fault.ROW_ALTERED, key, ", ".join(names))
        self.tally.rows += len(seen)
        for stream in streams:
            for key in self.folded[stream].rows.keys() - seen:
                self.found(Fault.ROW_MISSING, key)


def _as_said(said: tuple[str, str], salt: bytes, plain: bytes) -> bool:
    wanted, algorithm = said
    try:
        return payload_digest(algorithm, salt, plain).hex() == wanted
    except UnknownAlgorithm:
        return False


def expected_values(
    shape: Shape, key: str, values: tuple[Any, ...], fold: Folded, contents: dict[str, Any]
) -> tuple[Any, ...]:
    """What the events say the row holds. Of a column whose content is erased nothing is known: it stands as stored."""
    row, sealed = {**shape.blanks, **fold.rows[key]}, fold.sealed.get(key, {})
    if not sealed and not shape.json_names:
        return tuple(map(row.get, shape.names))
    for name, payload in sealed.items():
        row[name] = _unsealed(contents[payload], key, name) if payload in contents else None
    for name in shape.json_names:
        if row.get(name) is not None:
            row[name] = plain_spelling(row[name])
    gone = {name for name, payload in sealed.items() if payload not in contents}
    if gone:
        row.update({name: value for name, value in zip(shape.names, values, strict=True) if name in gone})
    return tuple(map(row.get, shape.names))


def _unsealed(content: Any, key: str, name: str) -> Any:
    try:
        return content["rows"][key][name]
    except (KeyError, TypeError):
        return f"not in the payload: {name}"
