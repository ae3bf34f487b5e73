"""Taking a checkpoint: one signed root over all stream heads, in one snapshot, into a file that can be kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from bihuan.installation.secret_files import own_secret
from bihuan.journal import timesource
from bihuan.journal.checkpoint_file import write_checkpoint
from bihuan.journal.merkle import Leaf
from bihuan.journal.models import Checkpoint
from bihuan.journal.verify.whole import snapshot

FOLDER = "checkpoints"


def signing_key() -> Ed25519PrivateKey:
    """The installation's signing key, made on first use; only this file can sign, anybody can check."""
    pem = own_secret(settings.CONFIGURATION.signing_key_file, _new_key)
    return cast(Ed25519PrivateKey, serialization.load_pem_private_key(pem, password=None))


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_key() -> bytes:
    """The 32 bytes by which the signatures are checked."""
    return signing_key().public_key().public_bytes_raw()


def take_checkpoint(*, verified: bool) -> Checkpoint:
    """Sign the heads as they stand; `verified` says whether a full verification has just passed."""
    last = Checkpoint.objects.order_by("-pk").first()
    moment = timesource.now()
    folder = settings.DATA_FOLDER / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{moment:%Y%m%dT%H%M%S%f}.checkpoint"
    with snapshot():
        header = write_checkpoint(
            path,
            _leaves(),
            taken_at=moment,
            algorithm=settings.JOURNAL_ALGORITHM,
            previous=bytes(last.root) if last else None,
            key=signing_key(),
        )
    made = Checkpoint(
        root=header.root, count=header.count, taken_at=moment, file_name=path.name, verified=verified
    )
    made.save(force_insert=True)
    return made


def _leaves() -> Iterator[Leaf]:
    connection.ensure_connection()
    with connection.connection.cursor(name="checkpoint_leaves") as cursor:
        cursor.itersize = 10000
        cursor.execute("SELECT stream, seq, hash FROM journal_stream_head ORDER BY stream")
        for stream, seq, digest in cursor:
            yield Leaf(stream, seq, bytes(digest))
