"""Owning a stream: locking heads in id order, refreshing rows under the lock, noticing who got in between."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.utils.translation import gettext as _

from bihuan.journal.encoding import encode
from bihuan.journal.errors import NotVisible, RetryAction
from bihuan.journal.loading import array
from bihuan.journal.records import Record, Row, tracked_fields

if TYPE_CHECKING:
    from bihuan.journal.open_action import OpenAction

LOCK = "SELECT stream, seq, hash FROM journal_stream_head WHERE stream = ANY(%s::uuid[]) ORDER BY stream FOR UPDATE"
SHARE = "SELECT stream, seq, hash FROM journal_stream_head WHERE stream = ANY(%s::uuid[]) ORDER BY stream FOR SHARE"


def lock_heads(act: OpenAction, streams: Iterable[uuid.UUID]) -> None:
    """Lock the heads not yet held, in id order. A stream without a head is new and needs no lock."""
    wanted = sorted(set(streams) - act.locked.keys())
    if not wanted:
        return
    with connections[act.using].cursor() as cursor:
        cursor.execute(LOCK, [array(wanted)])
        act.locked.update({stream: (seq, bytes(digest)) for stream, seq, digest in cursor.fetchall()})


def share_heads(act: OpenAction, streams: Iterable[uuid.UUID]) -> None:
    """Keep others from changing these streams, but not from sharing them. Changing one after all takes its lock."""
    with connections[act.using].cursor() as cursor:
        cursor.execute(SHARE, [array(sorted(set(streams)))])
        act.shared.update({stream: seq for stream, seq, _digest in cursor.fetchall()})


def lock_and_refresh(act: OpenAction, records: Sequence[Record], *, shared: bool = False) -> None:
    """Lock the streams of `records` and bring the instances up to what is stored now, one query per model."""
    (share_heads if shared else lock_heads)(act, (record.pk for record in records))
    by_model: dict[type[Record], list[Record]] = {}
    for record in records:
        by_model.setdefault(type(record), []).append(record)
        act.touched.setdefault(record.pk, record)
    for model, group in by_model.items():
        refresh(model, group)


def refresh(model: type[Row], rows: Sequence[Row]) -> None:
    """Replace what the instances hold by what is stored, forgetting cached relations."""
    stored = model._base_manager.in_bulk([row.pk for row in rows])
    for row in rows:
        fresh = stored.get(row.pk)
        if fresh is None:
            raise NotVisible(_("没有找到这条记录。"))
        row.__dict__.clear()
        row.__dict__.update(fresh.__dict__)


def settle(act: OpenAction, row: Row) -> None:
    """Make sure the row's stream is ours before its change is noted.

    A row read before its stream was locked may have changed in between; then the action runs again from the start.
    """
    stream = row.stream
    if stream in act.locked or stream in act.born:
        return
    lock_heads(act, [stream])
    if stream not in act.locked:
        act.born.add(stream)
        return
    if row._loaded is not None and _differs(row):
        raise RetryAction(f"{row.row_key} changed before its stream was locked")


def settle_new(act: OpenAction, rows: Iterable[Row]) -> None:
    """Own the streams of rows about to be created, in one query for all of them."""
    streams = {row.stream for row in rows} - act.born
    lock_heads(act, streams)
    act.born.update(streams - act.locked.keys())


def _differs(row: Row) -> bool:
    loaded = row._loaded or {}
    fields = [field for field in tracked_fields(type(row)) if field.attname in loaded]
    stored = type(row)._base_manager.filter(pk=row.pk).values_list(*[f.attname for f in fields]).first()
    if stored is None:
        return True
    pairs: Iterable[tuple[Any, Any]] = zip(fields, stored, strict=True)
    return any(encode(field, value) != encode(field, loaded[field.attname]) for field, value in pairs)
