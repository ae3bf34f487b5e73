"""The public key by which checkpoints are judged: a file somebody kept, its fingerprint, its spelling.

Two spellings are read: PEM, as every cryptographic tool writes it, and the 64 hexadecimal digits that stand in a
checkpoint's first line, for a key that was kept on paper. The fingerprint is the SHA-256 of the key's DER form, which
needs no program of ours:  openssl pkey -pubin -in key.pem -outform DER | sha256sum
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

_DIGITS: Final = re.compile(rb"[0-9a-fA-F]{64}")
_GROUP: Final = 4
# No key comes near this; a huge file named by mistake is not read into memory.
_LONGEST: Final = 8192


class UnreadableKey(ValueError):
    """The file holds no public key a checkpoint could have been signed with."""


def read_public_key(path: Path) -> bytes:
    """The 32 bytes of the key in a file."""
    with path.open("rb") as file:
        content = file.read(_LONGEST).strip()
    if _DIGITS.fullmatch(content):
        return bytes.fromhex(content.decode())
    if b"PRIVATE KEY" in content:
        raise UnreadableKey(
            "this is a private key: whoever checks needs the public one, and nobody else this one"
        )
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableKey("neither a public key in PEM nor 64 hexadecimal digits") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UnreadableKey(f"{type(key).__name__} is no Ed25519 key")
    return key.public_bytes_raw()


def as_pem(key: bytes) -> str:
    """The key as every cryptographic tool reads it."""
    public = Ed25519PublicKey.from_public_bytes(key)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: bytes) -> str:
    """What two people compare over the telephone, in groups of four."""
    public = Ed25519PublicKey.from_public_bytes(key)
    digits = hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
