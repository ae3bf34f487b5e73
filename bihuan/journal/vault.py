"""Content that may have to go one day: salted digests for the event, encrypted rows for persons, keys to destroy.

Each person has one data key, wrapped by the installation's master key (a file outside the database). Destroying the
wrapped key makes every payload sealed with it unreadable here; a backup taken before still opens with the master key,
so backups have an end as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import uuid
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bihuan.journal.canonical import canonical, digest
from bihuan.journal.errors import ActionError
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload, PersonalKey
from bihuan.journal.open_action import current
from bihuan.journal.records import Record

NONCE = 12
SALT = 16
KEY_BITS = 256
ERASED = "〔已清除〕"


class CannotOpen(ActionError):
    """The content does not open with the key kept for it: damaged, or the master key is another one."""


@lru_cache(maxsize=1)
def _master_key() -> bytes:
    return base64.b64decode(settings.CONFIGURATION.master_key_file.read_text())


def payload_digest(salt: bytes, content: bytes) -> bytes:
    """What the event keeps of content that lies beside the chain."""
    return digest(settings.JOURNAL_ALGORITHM, b"bihuan.payload\x00", salt, content)


def lookup_of(kind: str, value: str) -> bytes:
    """A keyed hash by which encrypted data can be found again (a mobile number at sign-in)."""
    return hmac.new(_master_key(), f"{kind}\x00{value}".encode(), hashlib.sha256).digest()


def lay_beside(stream: uuid.UUID, content: Any) -> Payload:
    """Put plain content beside the chain; returns the unsaved row."""
    plain, salt = canonical(content), os.urandom(SALT)
    return Payload(id=new_id(), stream=stream, content=plain, salt=salt, digest=payload_digest(salt, plain))


def seal_personal(
    record: Record, holder: uuid.UUID, kind: str, value: str, *, findable: bool = False
) -> uuid.UUID:
    """Encrypt one personal datum under the holder's key, inside the open action; returns the id to keep in a column.

    The event of `record` gets the row's id and a salted digest, never the value.
    """
    act = current()
    key = _data_key(holder, create=True)
    plain, salt, nonce = canonical({"kind": kind, "value": value}), os.urandom(SALT), os.urandom(NONCE)
    row = Payload(
        id=new_id(),
        stream=record.pk,
        holder_id=holder,
        content=nonce + AESGCM(key).encrypt(nonce, plain, holder.bytes),
        salt=salt,
        digest=payload_digest(salt, plain),
        lookup=lookup_of(kind, value) if findable else None,
    )
    row.save(force_insert=True)
    draft = act.draft(record.pk, record.Stream.kind)
    draft.personal.append({"payload": str(row.pk), "digest": bytes(row.digest).hex()})
    return row.pk


def open_personal(reference: uuid.UUID | None) -> str | None:
    """The value of a personal datum, or None where there is none or it was erased."""
    if reference is None:
        return None
    row = Payload.objects.select_related("holder").filter(pk=reference).first()
    if row is None or row.content is None or row.holder is None or row.holder.wrapped is None:
        return None
    value = content_of(row)
    return None if value is None else str(value["value"])


def content_of(row: Payload) -> Any:
    """The payload's content as values, or None where content or key is destroyed."""
    plain = plain_of(row)
    return None if plain is None else json.loads(plain)


def plain_of(row: Payload) -> bytes | None:
    """The payload's content as the bytes that were digested."""
    if row.content is None:
        return None
    content = bytes(row.content)
    if row.holder_id is None:
        return content
    if row.holder is None or row.holder.wrapped is None:
        return None
    key = _unwrap(row.holder)
    try:
        return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], row.holder_id.bytes)
    except InvalidTag as error:
        raise CannotOpen(f"payload {row.pk}") from error


def find_personal(kind: str, value: str) -> list[uuid.UUID]:
    """Ids of the payloads that hold this value, found by keyed hash."""
    return list(
        Payload.objects.filter(lookup=lookup_of(kind, value), content__isnull=False).values_list(
            "id", flat=True
        )
    )


def _data_key(holder: uuid.UUID, *, create: bool) -> bytes:
    row = PersonalKey.objects.filter(pk=holder).first()
    if row is None and create:
        key, nonce = AESGCM.generate_key(KEY_BITS), os.urandom(NONCE)
        wrapped = nonce + AESGCM(_master_key()).encrypt(nonce, key, holder.bytes)
        PersonalKey(holder=holder, wrapped=wrapped).save(force_insert=True)
        return key
    if row is None or row.wrapped is None:
        raise CannotOpen("The person's data were erased; nothing new can be sealed under a destroyed key.")
    return _unwrap(row)


def _unwrap(row: PersonalKey) -> bytes:
    wrapped = bytes(row.wrapped or b"")
    try:
        return AESGCM(_master_key()).decrypt(wrapped[:NONCE], wrapped[NONCE:], row.holder.bytes)
    except InvalidTag as error:
        raise CannotOpen("The master key in the data folder does not fit this database.") from error
