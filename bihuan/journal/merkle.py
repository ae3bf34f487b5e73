"""A Merkle tree over the heads of all streams, in the manner of RFC 6962.

A leaf says "stream S stands at sequence number N with hash H"; leaves are in the order of their stream ids.
Leaves and nodes are hashed with different first bytes, so that no node can be passed off as a leaf. One root
therefore stands for the whole journal, and `inclusion_proof` shows with a handful of hashes that one stream
was in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from bihuan.journal.canonical import DIGEST_SIZE, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
_UUID_SIZE: Final = 16
_SEQ_SIZE: Final = 8
LEAF_SIZE: Final = _UUID_SIZE + _SEQ_SIZE + DIGEST_SIZE


class LeavesOutOfOrder(ValueError):
    """Leaves must come strictly ascending by stream: a stream given twice could otherwise have two heads."""


class Leaf(NamedTuple):
    """The head of one stream."""

    stream: UUID
    seq: int
    head: bytes

    def encoded(self) -> bytes:
        """Return the fixed-length bytes that are hashed and stored."""
        if len(self.head) != DIGEST_SIZE:
            message = f"the head of stream {self.stream} has {len(self.head)} bytes, {DIGEST_SIZE} are needed"
            raise ValueError(message)
        return self.stream.bytes + self.seq.to_bytes(_SEQ_SIZE, "big") + self.head

    @classmethod
    def decoded(cls, data: bytes) -> Leaf:
        """Read back what `encoded` wrote."""
        if len(data) != LEAF_SIZE:
            message = f"a leaf has {LEAF_SIZE} bytes, not {len(data)}"
            raise ValueError(message)
        seq = int.from_bytes(data[_UUID_SIZE : _UUID_SIZE + _SEQ_SIZE], "big")
        return cls(UUID(bytes=data[:_UUID_SIZE]), seq, data[_UUID_SIZE + _SEQ_SIZE :])


class ProofStep(NamedTuple):
    """A sibling on the way from a leaf to the root, and the side it stands on."""

    sibling: bytes
    is_left: bool


def leaf_hash(algorithm: str, leaf: Leaf) -> bytes:
    """Hash of a leaf."""
    return digest(algorithm, _LEAF, leaf.encoded())


def node_hash(algorithm: str, left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return digest(algorithm, _NODE, left, right)


def in_order(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Pass the leaves through, refusing the first that does not come after its predecessor."""
    last: UUID | None = None
    for leaf in leaves:
        if last is not None and leaf.stream <= last:
            what = "appears twice" if leaf.stream == last else f"comes after {last}"
            message = f"stream {leaf.stream} {what}; leaves must be strictly ascending by stream"
            raise LeavesOutOfOrder(message)
        last = leaf.stream
        yield leaf


class RootBuilder:
    """Computes the root while leaves stream by, keeping one hash per level and never the leaves."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self.count = 0
        # Complete subtrees seen so far, the largest first: the ones in the binary digits of `count`.
        self._peaks: list[bytes] = []

    def add(self, leaf: Leaf) -> None:
        """Take the next leaf."""
        peak = leaf_hash(self.algorithm, leaf)
        remaining = self.count
        while remaining & 1:
            peak = node_hash(self.algorithm, self._peaks.pop(), peak)
            remaining >>= 1
        self._peaks.append(peak)
        self.count += 1

    def root(self) -> bytes:
        """Return the root over the leaves taken so far; the empty tree has the digest of nothing."""
        if not self._peaks:
            return digest(self.algorithm)
        combined = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            combined = node_hash(self.algorithm, peak, combined)
        return combined


def root_of(algorithm: str, leaves: Iterable[Leaf]) -> bytes:
    """Return the root over `leaves`, which must be strictly ascending by stream."""
    builder = RootBuilder(algorithm)
    for leaf in in_order(leaves):
        builder.add(leaf)
    return builder.root()


def inclusion_proof(algorithm: str, leaves: Sequence[Leaf], stream: UUID) -> list[ProofStep]:
    """Return the siblings that lead from the leaf of `stream` to the root, nearest first.

    Costs one hash per leaf. Raises `LookupError` if the stream is not among the leaves.
    """
    ordered = list(in_order(leaves))
    index = next((place for place, leaf in enumerate(ordered) if leaf.stream == stream), None)
    if index is None:
        message = f"stream {stream} is not among these {len(ordered)} leaves"
        raise LookupError(message)
    level = [leaf_hash(algorithm, leaf) for leaf in ordered]
    steps: list[ProofStep] = []
    while len(level) > 1:
        sibling = index ^ 1
        # The last node of an odd level has no sibling and rises unchanged, which gives RFC 6962's shape.
        if sibling < len(level):
            steps.append(ProofStep(level[sibling], is_left=sibling < index))
        level = _level_above(level, lambda left, right: node_hash(algorithm, left, right))
        index //= 2
    return steps


def proves(algorithm: str, leaf: Leaf, steps: Iterable[ProofStep], root: bytes) -> bool:
    """Tell whether `steps` lead from `leaf` to `root`."""
    current = leaf_hash(algorithm, leaf)
    for sibling, is_left in steps:
        if is_left:
            current = node_hash(algorithm, sibling, current)
        else:
            current = node_hash(algorithm, current, sibling)
    return current == root


def _level_above(level: list[bytes], join: Callable[[bytes, bytes], bytes]) -> list[bytes]:
    above = [join(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above
