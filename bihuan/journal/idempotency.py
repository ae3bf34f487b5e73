"""A retried call does nothing twice: the key is stored unique, with the call's digest and its result."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.db import connections
from django.utils.translation import gettext as _

from bihuan.journal.canonical import canonical, digest
from bihuan.journal.encoding import encode_moment
from bihuan.journal.errors import KeyReused
from bihuan.journal.models import IdempotencyKey
from bihuan.journal.open_action import Actor
from bihuan.journal.records import Record

CLAIM = """
INSERT INTO journal_idempotency_key (key, verb, arguments, done_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
"""


def _plain(value: Any) -> Any:  # noqa: PLR0911  (one line a type)
    """Arguments as JSON for the digest; what has no plain form stands as its text."""
    if isinstance(value, Record):
        return str(value.pk)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Actor):
        return [str(value.person), str(value.post)]
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def claim(using: str, key: str, verb: str, arguments: dict[str, Any], now: Any) -> IdempotencyKey | None:
    """Take the key, or return the row of the call that took it before (waiting for one still under way)."""
    mine = digest("sha256", canonical([verb, _plain(arguments)]))
    with connections[using].cursor() as cursor:
        cursor.execute(CLAIM, [key, verb, mine, now])
        if cursor.rowcount == 1:
            return None
    done = IdempotencyKey.objects.using(using).get(pk=key)
    if bytes(done.arguments) != mine:
        raise KeyReused(
            _("这个幂等键已经用于另一次调用。"),
            accepted=_("换一个新键再试。"),
            first_used=encode_moment(done.done_at),
        )
    return done


def store_result(using: str, key: str, result: Any) -> None:
    """Remember what the call returned, as ids, so that a retry gets the same answer."""
    IdempotencyKey.objects.using(using).filter(pk=key).update(result=_pack(result))


def restore_result(done: IdempotencyKey) -> Any:
    """The result of the first call, read afresh."""
    return _unpack(done.result)


def _pack(result: Any) -> Any:
    if isinstance(result, Record):
        return {"record": result._meta.label_lower, "id": str(result.pk)}
    if isinstance(result, list | tuple):
        return [_pack(item) for item in result]
    return result if result is None or isinstance(result, bool | int | str) else str(result)


def _unpack(packed: Any) -> Any:
    if isinstance(packed, dict) and "record" in packed:
        return apps.get_model(packed["record"])._default_manager.get(pk=uuid.UUID(packed["id"]))
    if isinstance(packed, list):
        return [_unpack(item) for item in packed]
    return packed
