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
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bihuan.journal.canonical import canonical
from bihuan.journal.identity import new_id
from bihuan.journal.models import Payload, PersonalKey
from bihuan.journal.open_action import current
from bihuan.journal.records import Record
from bihuan.journal.sealing import NONCE, SALT, CannotOpen, payload_digest, seal, unseal

KEY_BITS = 256
ERASED = "〔已清除〕"


@lru_cache(maxsize=1)
def master_key() -> bytes:
    return base64.b64decode(settings.CONFIGURATION.master_key_file.read_text())


def lookup_of(kind: str, value: str) -> bytes:
    """A keyed hash by which encrypted data can be found again (a mobile number at sign-in)."""
    return hmac.new(master_key(), f"{kind}\x00{value}".encode(), hashlib.sha256).digest()


class Laid(NamedTuple):
    """A payload's row of plain content before it is written: there are thousands in a block, and a model is dear."""

    id: uuid.UUID
    stream: uuid.UUID
    content: bytes
    salt: bytes
    digest: bytes


def lay_beside(stream: uuid.UUID, content: Any) -> Laid:
    """Put plain content beside the chain; returns the row to be written."""
    plain, salt = canonical(content), os.urandom(SALT)
    made = payload_digest(settings.JOURNAL_ALGORITHM, salt, plain)
    return Laid(new_id(), stream, plain, salt, made)


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
        content=seal(key, nonce, plain, holder.bytes),
        salt=salt,
        digest=payload_digest(settings.JOURNAL_ALGORITHM, salt, plain),
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
    return unseal(_unwrap(row.holder), content, row.holder_id.bytes)


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
        wrapped = seal(master_key(), nonce, key, holder.bytes)
        PersonalKey(holder=holder, wrapped=wrapped).save(force_insert=True)
        return key
    if row is None or row.wrapped is None:
        raise CannotOpen("The person's data were erased; nothing new can be sealed under a destroyed key.")
    return _unwrap(row)


def _unwrap(row: PersonalKey) -> bytes:
    return unseal(master_key(), bytes(row.wrapped or b""), row.holder.bytes)
