"""Digests and keys of what lies beside the chain, as functions of bytes: no database, no settings.

`vault` keeps the rows and the keys; whoever only checks them needs no more than this.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bihuan.journal.canonical import digest
from bihuan.journal.errors import ActionError

NONCE = 12
SALT = 16


class CannotOpen(ActionError):
    """The content does not open with the key kept for it: damaged, or the master key is another one."""


def payload_digest(algorithm: str, salt: bytes, content: bytes) -> bytes:
    """What the event keeps of content that lies beside the chain; `algorithm` is the one the event names."""
    return digest(algorithm, b"bihuan.payload\x00", salt, content)


def seal(key: bytes, nonce: bytes, plain: bytes, holder: bytes) -> bytes:
    """Encrypt for one holder; the nonce goes in front and may never come again under the same key."""
    return nonce + AESGCM(key).encrypt(nonce, plain, holder)


def unseal(key: bytes, sealed: bytes, holder: bytes) -> bytes:
    """Decrypt what `seal` made, or raise `CannotOpen`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], holder)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"sealed content of {holder.hex()}") from error
