"""The tree over the heads of all streams binds every leaf, its place and the number of leaves."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.merkle import (
    Leaf,
    LeavesOutOfOrder,
    ProofStep,
    inclusion_proof,
    leaf_hash,
    node_hash,
    proves,
    root_of,
)

HEADS = st.binary(min_size=32, max_size=32)
SEQS = st.integers(1, 2**63)


@st.composite
def leaf_lists(draw: st.DrawFn, min_size: int = 0) -> list[Leaf]:
    streams = sorted(draw(st.sets(st.uuids(), min_size=min_size, max_size=20)))
    return [Leaf(stream, draw(SEQS), draw(HEADS)) for stream in streams]


def textbook_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, written as the RFC words it and independently of the code under test."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + textbook_root(hashes[:split]) + textbook_root(hashes[split:])).digest()


@given(leaf_lists())
def test_root_is_that_of_rfc_6962(leaves: list[Leaf]) -> None:
    hashes = [
        hashlib.sha256(b"\x00" + leaf.stream.bytes + leaf.seq.to_bytes(8, "big") + leaf.head).digest()
        for leaf in leaves
    ]
    assert root_of("sha256", leaves) == textbook_root(hashes)


@given(leaf_lists(min_size=1), st.data())
def test_every_leaf_is_proved(leaves: list[Leaf], data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(leaves))
    steps = inclusion_proof("sha256", leaves, leaf.stream)
    assert proves("sha256", leaf, steps, root_of("sha256", leaves))


@given(leaf_lists(min_size=1), st.data())
def test_proof_fails_for_another_head(leaves: list[Leaf], data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(leaves))
    steps = inclusion_proof("sha256", leaves, leaf.stream)
    forged = leaf._replace(head=bytes(byte ^ 1 for byte in leaf.head))
    assert not proves("sha256", forged, steps, root_of("sha256", leaves))


@given(leaf_lists(min_size=2), st.data())
def test_proof_fails_when_a_sibling_is_changed(leaves: list[Leaf], data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(leaves))
    steps = inclusion_proof("sha256", leaves, leaf.stream)
    place = data.draw(st.integers(0, len(steps) - 1))
    steps[place] = ProofStep(bytes(byte ^ 255 for byte in steps[place].sibling), steps[place].is_left)
    assert not proves("sha256", leaf, steps, root_of("sha256", leaves))


@given(leaf_lists(min_size=1), st.data())
def test_root_changes_when_a_sequence_number_changes(leaves: list[Leaf], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[place] = changed[place]._replace(seq=changed[place].seq + 1)
    assert root_of("sha256", changed) != root_of("sha256", leaves)


@given(leaf_lists(min_size=1), st.data())
def test_root_changes_when_a_leaf_is_left_out(leaves: list[Leaf], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    assert root_of("sha256", leaves[:place] + leaves[place + 1 :]) != root_of("sha256", leaves)


@given(leaf_lists(min_size=2))
def test_leaves_out_of_order_are_refused(leaves: list[Leaf]) -> None:
    with pytest.raises(LeavesOutOfOrder, match="strictly ascending"):
        root_of("sha256", reversed(leaves))


@given(leaf_lists(min_size=1))
def test_stream_given_twice_is_refused(leaves: list[Leaf]) -> None:
    with pytest.raises(LeavesOutOfOrder, match="appears twice"):
        root_of("sha256", [*leaves, leaves[-1]])


@given(leaf_lists(min_size=1))
def test_encoding_of_a_leaf_is_read_back(leaves: list[Leaf]) -> None:
    assert [Leaf.decoded(leaf.encoded()) for leaf in leaves] == leaves


def test_leaf_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="56 bytes, not 3"):
        Leaf.decoded(b"abc")


def test_head_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 are needed"):
        Leaf(UUID(int=1), 1, b"short").encoded()


def test_node_is_never_taken_for_a_leaf() -> None:
    leaf = Leaf(UUID(int=7), 3, bytes(32))
    left, right = leaf.encoded()[:32], leaf.encoded()[32:]
    assert leaf_hash("sha256", leaf) != node_hash("sha256", left, right)


def test_no_proof_for_a_stream_that_is_not_there() -> None:
    leaves = [Leaf(UUID(int=1), 1, bytes(32))]
    with pytest.raises(LookupError, match="not among these 1 leaves"):
        inclusion_proof("sha256", leaves, UUID(int=2))


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL offers no SM3")
def test_tree_can_be_built_with_sm3() -> None:
    leaves = [Leaf(UUID(int=number), 1, bytes(32)) for number in range(1, 6)]
    steps = inclusion_proof("sm3", leaves, UUID(int=5))
    assert proves("sm3", leaves[4], steps, root_of("sm3", leaves))
