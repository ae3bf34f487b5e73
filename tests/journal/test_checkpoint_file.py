"""A checkpoint file is checked without a database, and no change to it goes unseen."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bihuan.journal.canonical import canonical
from bihuan.journal.checkpoint_file import (
    AlteredCheckpoint,
    Header,
    MalformedCheckpoint,
    UntrustedCheckpoint,
    check_signature,
    read_checkpoint,
    write_checkpoint,
)
from bihuan.journal.merkle import Leaf, LeavesOutOfOrder, root_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TAKEN_AT = datetime(2026, 3, 1, 2, 30, tzinfo=timezone(timedelta(hours=8)))
LEAVES = [Leaf(UUID(int=number), number * 3, bytes([number]) * 32) for number in range(1, 8)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2026-03-01.checkpoint"
    write(path, LEAVES)
    return path


def write(path: Path, leaves: list[Leaf], previous: bytes | None = None) -> Header:
    return write_checkpoint(path, leaves, taken_at=TAKEN_AT, algorithm="sha256", previous=previous, key=KEY)


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change fields of the header as an attacker with an editor would."""
    first, rest = path.read_bytes().split(b"\n", 1)
    fields = json.loads(first)
    change(fields)
    path.write_bytes(canonical(fields) + b"\n" + rest)


def repack(path: Path, leaves: list[Leaf]) -> None:
    """Put other leaves under the same header."""
    first, _ = path.read_bytes().split(b"\n", 1)
    path.write_bytes(first + b"\n" + gzip.compress(b"".join(leaf.encoded() for leaf in leaves)))


def test_leaves_come_back(file: Path) -> None:
    assert list(read_checkpoint(file).leaves()) == LEAVES


def test_header_states_count_root_and_moment(file: Path) -> None:
    header = read_checkpoint(file).header
    assert (header.count, header.root, header.taken_at) == (7, root_of("sha256", LEAVES), TAKEN_AT)


def test_header_names_the_checkpoint_before(tmp_path: Path) -> None:
    first = write(tmp_path / "first", LEAVES[:3])
    write(tmp_path / "second", LEAVES, previous=first.root)
    assert read_checkpoint(tmp_path / "second").header.previous == first.root


def test_signature_holds(file: Path) -> None:
    check_signature(read_checkpoint(file).header, KEY.public_key().public_bytes_raw())


def test_empty_journal_has_a_checkpoint_too(tmp_path: Path) -> None:
    write(tmp_path / "empty", [])
    assert list(read_checkpoint(tmp_path / "empty").leaves()) == []


def test_same_leaves_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write(again, LEAVES)
    assert again.read_bytes() == file.read_bytes()


def test_another_key_than_the_expected_one_is_refused(file: Path) -> None:
    header = read_checkpoint(file).header
    with pytest.raises(UntrustedCheckpoint, match="expected was"):
        check_signature(header, OTHER_KEY.public_key().public_bytes_raw())


@pytest.mark.parametrize(
    ("field", "value"),
    [("taken_at", "2026-02-28T02:30:00+08:00"), ("previous", "00" * 32), ("signature", "11" * 64)],
)
def test_signature_fails_when_the_header_is_edited(file: Path, field: str, value: str) -> None:
    rewrite(file, lambda fields: fields.update({field: value}))
    with pytest.raises(UntrustedCheckpoint, match="was changed"):
        check_signature(read_checkpoint(file).header)


def test_header_signed_anew_by_a_stranger_is_refused_by_who_knows_the_key(tmp_path: Path) -> None:
    path = tmp_path / "forged"
    write_checkpoint(path, LEAVES, taken_at=TAKEN_AT, algorithm="sha256", previous=None, key=OTHER_KEY)
    header = read_checkpoint(path).header
    check_signature(header)
    with pytest.raises(UntrustedCheckpoint):
        check_signature(header, KEY.public_key().public_bytes_raw())


def test_changed_leaf_is_seen(file: Path) -> None:
    repack(file, [LEAVES[0]._replace(head=bytes(32)), *LEAVES[1:]])
    with pytest.raises(AlteredCheckpoint, match="the leaves give root"):
        read_checkpoint(file)


def test_missing_leaf_is_seen(file: Path) -> None:
    repack(file, LEAVES[:-1])
    with pytest.raises(AlteredCheckpoint, match="counts 7 streams, the file holds only 6"):
        read_checkpoint(file)


def test_added_leaf_is_seen(file: Path) -> None:
    repack(file, [*LEAVES, Leaf(UUID(int=99), 1, bytes(32))])
    with pytest.raises(AlteredCheckpoint, match="counts 7 streams, the file holds more"):
        read_checkpoint(file)


def test_leaves_in_another_order_are_seen(file: Path) -> None:
    repack(file, LEAVES[::-1])
    with pytest.raises(AlteredCheckpoint, match="strictly ascending"):
        read_checkpoint(file)


def test_more_leaves_than_counted_are_not_read_to_the_end(file: Path) -> None:
    first, _ = file.read_bytes().split(b"\n", 1)
    endless = b"".join(Leaf(UUID(int=n), 1, bytes(32)).encoded() for n in range(1, 500)) + b"cut"
    file.write_bytes(first + b"\n" + gzip.compress(endless))
    with pytest.raises(AlteredCheckpoint, match="holds more"):
        read_checkpoint(file)


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_file_cut_short_is_refused(file: Path, cut: int) -> None:
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(
        MalformedCheckpoint, match=r"2026-03-01\.checkpoint: the leaves .* cannot be unpacked"
    ):
        read_checkpoint(file)


def test_leaf_cut_short_is_refused(file: Path) -> None:
    first, _ = file.read_bytes().split(b"\n", 1)
    file.write_bytes(first + b"\n" + gzip.compress(LEAVES[0].encoded()[:-1]))
    with pytest.raises(MalformedCheckpoint, match="cut short"):
        read_checkpoint(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}\n", b"[1]\n", b"\x89PNG\r\n", b'{"format":"bihuan-checkpoint/2"}\n', b"a" * 20000],
    ids=["empty", "line", "object", "list", "png", "later format", "no line break"],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(MalformedCheckpoint, match="other is not a checkpoint file"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", -1),
        ("count", "7"),
        ("count", True),
        ("root", "zz"),
        ("root", "00"),
        ("root", None),
        ("taken_at", "yesterday"),
        ("taken_at", "2026-03-01T00:00:00"),
        ("algorithm", "md5"),
        ("algorithm", 5),
        ("public_key", "00"),
        ("signature", ""),
        ("previous", "00"),
        ("surplus", "x"),
    ],
)
def test_header_field_of_the_wrong_form_is_refused(file: Path, field: str, value: object) -> None:
    rewrite(file, lambda fields: fields.update({field: value}))
    with pytest.raises(MalformedCheckpoint, match="is not a checkpoint file"):
        read_checkpoint(file)


def test_header_in_another_spelling_is_refused(file: Path) -> None:
    first, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(first.replace(b",", b", ", 1) + b"\n" + rest)
    with pytest.raises(MalformedCheckpoint, match="canonical form"):
        read_checkpoint(file)


def test_missing_header_field_is_refused(file: Path) -> None:
    rewrite(file, lambda fields: fields.pop("root"))
    with pytest.raises(MalformedCheckpoint, match="root"):
        read_checkpoint(file)


def test_moment_without_zone_is_refused(tmp_path: Path) -> None:
    naive = TAKEN_AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        write_checkpoint(tmp_path / "x", LEAVES, taken_at=naive, algorithm="sha256", previous=None, key=KEY)


def test_failed_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(LeavesOutOfOrder):
        write(tmp_path / "x", LEAVES[::-1])
    assert list(tmp_path.iterdir()) == []


def test_failed_writing_keeps_the_file_that_was_there(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(LeavesOutOfOrder):
        write(file, LEAVES[::-1])
    assert file.read_bytes() == before


def test_moment_may_be_in_any_zone(tmp_path: Path) -> None:
    path = tmp_path / "utc"
    moment = TAKEN_AT.astimezone(UTC)
    write_checkpoint(path, LEAVES, taken_at=moment, algorithm="sha256", previous=None, key=KEY)
    assert read_checkpoint(path).header.taken_at == TAKEN_AT
