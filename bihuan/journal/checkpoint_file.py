"""The file a checkpoint leaves behind, made to be checked offline years later.

First line: the header as canonical JSON, readable by a person (`head -1`). After it: the leaves, 56 bytes
each (stream id, sequence number big-endian, head hash), compressed with gzip. The header names count and
Merkle root of the leaves and the root of the checkpoint before, and is signed with Ed25519 over its canonical
bytes without `signature`.

A signature only proves that the holder of *some* key signed. Who checks must bring the public key from
elsewhere.

    CheckpointError (ValueError)
    ├── MalformedCheckpoint     not such a file, cut short, or of an unknown format
    ├── AlteredCheckpoint       count, order or root of the leaves disagree with the header
    └── UntrustedCheckpoint     the signature does not hold, or was made with another key
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import tempfile
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bihuan.journal.canonical import ALGORITHMS, DIGEST_SIZE, canonical
from bihuan.journal.merkle import LEAF_SIZE, Leaf, LeavesOutOfOrder, RootBuilder, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT: Final = "bihuan-checkpoint/1"
_SIGNATURE_DOMAIN: Final = b"bihuan/checkpoint/1\x00"
# No honest header comes near this; a file without a line break is not read into memory whole.
_LONGEST_HEADER: Final = 8192
_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64


class CheckpointError(ValueError):
    """A checkpoint file cannot be relied on."""


class MalformedCheckpoint(CheckpointError):
    """The file is not a checkpoint, is cut short, or has a format this version does not know."""


class AlteredCheckpoint(CheckpointError):
    """The leaves are not the ones the header was made for."""


class UntrustedCheckpoint(CheckpointError):
    """The signature does not hold (`expected` is None), or is not by the key that was expected."""

    def __init__(self, message: str, *, signed_with: bytes, expected: bytes | None = None) -> None:
        self.signed_with = signed_with
        self.expected = expected
        super().__init__(message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """What the first line says. `previous` is the root of the checkpoint before, None for the first."""

    taken_at: datetime
    algorithm: str
    count: int
    root: bytes
    previous: bytes | None
    public_key: bytes
    signature: bytes = b""

    def as_json(self) -> dict[str, str | int | None]:
        """Return the header as it is written, signature included."""
        return {
            "format": FORMAT,
            "taken_at": self.taken_at.isoformat(),
            "algorithm": self.algorithm,
            "count": self.count,
            "root": self.root.hex(),
            "previous": None if self.previous is None else self.previous.hex(),
            "public_key": self.public_key.hex(),
            "signature": self.signature.hex(),
        }

    def signed_bytes(self) -> bytes:
        """Return the bytes the signature is over."""
        unsigned = self.as_json()
        del unsigned["signature"]
        return _SIGNATURE_DOMAIN + canonical(unsigned)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint file whose leaves were found to agree with its header."""

    path: Path
    header: Header

    def leaves(self) -> Iterator[Leaf]:
        """Stream the leaves from the file, ascending by stream."""
        with self.path.open("rb") as file:
            file.readline(_LONGEST_HEADER)
            yield from _stored_leaves(file)


def write_checkpoint(
    path: Path,
    leaves: Iterable[Leaf],
    *,
    taken_at: datetime,
    algorithm: str,
    previous: bytes | None,
    key: Ed25519PrivateKey,
) -> Header:
    """Write the checkpoint over `leaves` (strictly ascending by stream) and return its signed header.

    The file appears whole or not at all: it is written beside its place, flushed to disk, then renamed.
    """
    if taken_at.tzinfo is None:
        message = "the moment of a checkpoint needs a time zone"
        raise ValueError(message)
    builder = RootBuilder(algorithm)
    with tempfile.TemporaryFile(dir=path.parent) as packed:
        # A fixed time in the gzip header makes the same leaves give the same bytes.
        with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as archive:
            for leaf in in_order(leaves):
                builder.add(leaf)
                archive.write(leaf.encoded())
        header = Header(
            taken_at=taken_at,
            algorithm=algorithm,
            count=builder.count,
            root=builder.root(),
            previous=previous,
            public_key=key.public_key().public_bytes_raw(),
        )
        header = replace(header, signature=key.sign(header.signed_bytes()))
        packed.seek(0)
        _publish(path, header, packed)
    return header


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint and recompute count, order and root of its leaves. The signature is not judged."""
    with path.open("rb") as file:
        header = _parse_header(path, file.readline(_LONGEST_HEADER))
        builder = RootBuilder(header.algorithm)
        try:
            for leaf in in_order(_stored_leaves(file)):
                builder.add(leaf)
                if builder.count > header.count:
                    break
        except (EOFError, OSError, zlib.error) as error:
            message = f"{path.name}: the leaves after the header cannot be unpacked ({error})"
            raise MalformedCheckpoint(message) from error
        except LeavesOutOfOrder as error:
            message = f"{path.name}: {error}"
            raise AlteredCheckpoint(message) from error
    if builder.count != header.count:
        more = "more" if builder.count > header.count else f"only {builder.count}"
        message = f"{path.name}: the header counts {header.count} streams, the file holds {more}"
        raise AlteredCheckpoint(message)
    if builder.root() != header.root:
        message = f"{path.name}: the leaves give root {builder.root().hex()}, the header {header.root.hex()}"
        raise AlteredCheckpoint(message)
    return Checkpoint(path, header)


def check_signature(header: Header, expected_key: bytes | None = None) -> None:
    """Raise `UntrustedCheckpoint` unless signed by the header's own key, which is `expected_key` if given."""
    if expected_key is not None and header.public_key != expected_key:
        message = f"signed with key {header.public_key.hex()}, expected was {expected_key.hex()}"
        raise UntrustedCheckpoint(message, signed_with=header.public_key, expected=expected_key)
    try:
        Ed25519PublicKey.from_public_bytes(header.public_key).verify(header.signature, header.signed_bytes())
    except InvalidSignature:
        message = "the signature does not belong to this header: one of the two was changed"
        raise UntrustedCheckpoint(message, signed_with=header.public_key) from None


def went_back(earlier: Checkpoint, later: Checkpoint) -> Iterator[Leaf]:
    """The streams of the earlier checkpoint that the later one lost, shortened or rewrote; needs no database.

    A ledger only grows: every stream is still there, with as many events or more, and with the same head where the
    number of events is the same.
    """
    following = later.leaves()
    now = next(following, None)
    for then in earlier.leaves():
        while now is not None and now.stream < then.stream:
            now = next(following, None)
        if now is None or now.stream != then.stream or now.seq < then.seq or _rewritten(then, now):
            yield then


def _rewritten(then: Leaf, now: Leaf) -> bool:
    return now.seq == then.seq and now.head != then.head


def _publish(path: Path, header: Header, packed: IO[bytes]) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(canonical(header.as_json()) + b"\n")
            shutil.copyfileobj(packed, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _stored_leaves(file: IO[bytes]) -> Iterator[Leaf]:
    with gzip.GzipFile(fileobj=file, mode="rb") as archive:
        while record := archive.read(LEAF_SIZE):
            if len(record) != LEAF_SIZE:
                message = "the last leaf is cut short"
                raise EOFError(message)
            yield Leaf.decoded(record)


def _parse_header(path: Path, line: bytes) -> Header:
    try:
        fields: Any = json.loads(line)
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            message = f"the first line is not a header of format {FORMAT}"
            raise ValueError(message)  # noqa: TRY301 - every complaint leaves by the one place below
        header = _header_from(fields)
        # Only one spelling is accepted, so that nothing can hide in the line beside what was signed.
        if canonical(header.as_json()) + b"\n" != line:
            message = "the header is not in canonical form"
            raise ValueError(message)  # noqa: TRY301
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"{path.name} is not a checkpoint file: {error}"
        raise MalformedCheckpoint(message) from error
    return header


def _header_from(fields: dict[str, Any]) -> Header:
    header = Header(
        taken_at=datetime.fromisoformat(fields["taken_at"]),
        algorithm=fields["algorithm"],
        count=fields["count"],
        root=bytes.fromhex(fields["root"]),
        previous=None if fields["previous"] is None else bytes.fromhex(fields["previous"]),
        public_key=bytes.fromhex(fields["public_key"]),
        signature=bytes.fromhex(fields["signature"]),
    )
    sizes = [(header.root, DIGEST_SIZE), (header.public_key, _KEY_SIZE), (header.signature, _SIGNATURE_SIZE)]
    if header.previous is not None:
        sizes.append((header.previous, DIGEST_SIZE))
    if header.algorithm not in ALGORITHMS or any(len(value) != size for value, size in sizes):
        message = "a field of the header has the wrong form"
        raise ValueError(message)
    if type(header.count) is not int or header.count < 0 or header.taken_at.tzinfo is None:
        message = "the count or the moment in the header has the wrong form"
        raise ValueError(message)
    return header
