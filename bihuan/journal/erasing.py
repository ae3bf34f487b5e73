"""Destroying content that lies beside the chain, inside an open action: digests stay, verify says *erased*."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.apps import apps

from bihuan.journal import vault
from bihuan.journal.models import Payload
from bihuan.journal.open_action import current
from bihuan.journal.records import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

Columns = Mapping[str, Collection[str]]
"""Row key -> sealed columns."""


def erase(payload: Payload, *, by: uuid.UUID) -> None:
    """Destroy one payload's content; `by` is the record that tells why."""
    payload.content, payload.lookup = None, None
    payload.erased_at, payload.erased_by = current().now, by
    payload.save(update_fields=["content", "lookup", "erased_at", "erased_by"])


def erase_sealed(stream: uuid.UUID, columns: Columns, *, by: uuid.UUID) -> list[str]:
    """Destroy every payload of a stream that ever held one of these columns; returns their ids.

    Where no order of two administrators stands behind it, the caller has the stream's event name them (fact `erased`):
    verify calls content that is gone without either destroyed.

    The rows must hold already what may stay, and be saved: whatever shared a payload with the columns is said again in
    this action's event as it stands now, so that it stays provable.
    """
    erased, fellows = list[str](), dict[str, set[str]]()
    for payload in Payload.objects.filter(stream=stream, holder=None, content__isnull=False):
        held = (vault.content_of(payload) or {}).get("rows", {})
        if any(set(names) & set(held.get(key, ())) for key, names in columns.items()):
            for key, values in held.items():
                fellows.setdefault(key, set()).update(values)
            erase(payload, by=by)
            erased.append(str(payload.pk))
    for row in rows_of(fellows):
        row.restate(fellows[row.row_key])
    return erased


def rows_of(keys: Iterable[str]) -> list[Row]:
    """The rows that still stand under these keys, one query a model; what was removed meanwhile is left out."""
    wanted: dict[str, list[uuid.UUID]] = {}
    for key in keys:
        label, _, pk = key.partition(":")
        wanted.setdefault(label, []).append(uuid.UUID(pk))
    found: list[Row] = []
    for label, ids in wanted.items():
        model = apps.get_model(label)
        if issubclass(model, Row):
            found.extend(model._base_manager.in_bulk(ids).values())
    return found
