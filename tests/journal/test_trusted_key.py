"""A checkpoint is judged by a key that was kept elsewhere, with or without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from bihuan.journal import checkpoints
from bihuan.journal.action import Actor, action, anyone_signed_in
from bihuan.journal.checkpoint_file import write_checkpoint
from bihuan.journal.checkpoints import public_key, take_checkpoint
from bihuan.journal.expungement import Expungement
from bihuan.journal.merkle import Leaf
from bihuan.journal.public_key import UnreadableKey, as_pem, fingerprint, read_public_key
from tests.journal.test_checkpoint_file import KEY, LEAVES, OTHER_KEY, TAKEN_AT
from tests.journal.vandalism import body_of, make_plain, rewrite, vandal

PUBLIC, OTHER = (key.public_key().public_bytes_raw() for key in (KEY, OTHER_KEY))


@action("journal.test_change_kept", may=anyone_signed_in)
def change(record: Expungement, *, reason: str, actor: Actor) -> None:
    record.reason = reason
    record.save()


def kept(path: Path, key: bytes = PUBLIC) -> Path:
    path.write_text(as_pem(key))
    return path


def checkpoint_at(path: Path, leaves: list[Leaf], key: Ed25519PrivateKey = KEY, day: int = 1) -> Path:
    moment = TAKEN_AT.replace(day=day)
    write_checkpoint(path, leaves, taken_at=moment, algorithm="sha256", previous=None, key=key)
    return path


# -- the key itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", [as_pem(PUBLIC), PUBLIC.hex(), f"  {PUBLIC.hex().upper()}\n"], ids=["pem", "digits", "by hand"]
)
def test_a_key_is_read_in_either_spelling(tmp_path: Path, written: str) -> None:
    (tmp_path / "key").write_text(written)
    assert read_public_key(tmp_path / "key") == PUBLIC


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        PUBLIC,
        PUBLIC.hex().encode()[:-1],
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ],
    ids=["empty", "words", "raw bytes", "a digit short", "damaged"],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(UnreadableKey, match="neither a public key"):
        read_public_key(tmp_path / "key")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    pem = (
        generate_private_key(SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "key").write_bytes(pem)
    with pytest.raises(UnreadableKey, match="no Ed25519 key"):
        read_public_key(tmp_path / "key")


def test_a_private_key_handed_in_by_mistake_is_called_one(tmp_path: Path) -> None:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key").write_bytes(pem)
    with pytest.raises(UnreadableKey, match="private key"):
        read_public_key(tmp_path / "key")


def test_the_fingerprint_is_the_one_other_tools_compute(tmp_path: Path) -> None:
    path = kept(tmp_path / "key.pem")
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(path), "-outform", "DER"], capture_output=True, check=True
    ).stdout
    digits = subprocess.run(["sha256sum"], input=der, capture_output=True, check=True).stdout[:64].decode()
    assert fingerprint(PUBLIC).replace(" ", "") == digits


# -- without a database -------------------------------------------------------------------------------------------


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    code = 0
    try:
        call_command("checkpoint", "check", *map(str, arguments), "--json")
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(capsys.readouterr().out)


def test_a_file_signed_by_the_kept_key_passes(tmp_path: Path, capsys) -> None:
    file = checkpoint_at(tmp_path / "a", LEAVES)
    code, said = check(capsys, file, "--key", kept(tmp_path / "key"))
    assert (code, said["clean"], said["fingerprint"]) == (0, True, fingerprint(PUBLIC))


def test_a_file_signed_by_another_key_is_refused_in_a_sentence_with_both_fingerprints(
    tmp_path: Path, capsys
) -> None:
    file = checkpoint_at(tmp_path / "a", LEAVES, OTHER_KEY)
    code, said = check(capsys, file, "--key", kept(tmp_path / "key"))
    assert code == 1
    (sentence,) = said["found"]
    assert "不是用所给的公钥签的" in sentence
    assert fingerprint(PUBLIC) in sentence
    assert fingerprint(OTHER) in sentence


@pytest.mark.parametrize(
    "later",
    [
        LEAVES[:-1],
        [LEAVES[0]._replace(seq=LEAVES[0].seq - 1), *LEAVES[1:]],
        [LEAVES[0]._replace(head=bytes(32)), *LEAVES[1:]],
    ],
    ids=["a stream is gone", "a stream is shorter", "a head was rewritten"],
)
def test_a_later_checkpoint_that_takes_something_back_is_named(tmp_path: Path, capsys, later) -> None:
    first, second = checkpoint_at(tmp_path / "a", LEAVES), checkpoint_at(tmp_path / "b", later, day=2)
    code, said = check(capsys, second, first, "--key", kept(tmp_path / "key"))
    assert code == 1
    lost = next(leaf for leaf in LEAVES if leaf not in later)
    assert str(lost.stream) in said["found"][0]


def test_a_later_checkpoint_that_only_goes_on_passes(tmp_path: Path, capsys) -> None:
    grown = [LEAVES[0]._replace(seq=99, head=bytes(32)), *LEAVES[1:], LEAVES[-1]._replace(stream=KEY_STREAM)]
    first, second = checkpoint_at(tmp_path / "a", LEAVES), checkpoint_at(tmp_path / "b", grown, day=2)
    assert check(capsys, first, second, "--key", kept(tmp_path / "key"))[0] == 0


KEY_STREAM = type(LEAVES[0].stream)(int=2**127)


def test_checking_needs_neither_database_nor_data_folder_of_the_ledger(tmp_path: Path) -> None:
    """Years later there is a file, a key on paper and this program; the server is long gone."""
    file = checkpoint_at(tmp_path / "a", LEAVES)
    (tmp_path / "paper").write_text(PUBLIC.hex())
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "bihuan.cli",
            "checkpoint",
            "check",
            str(file),
            "--key",
            str(tmp_path / "paper"),
        ],
        env={"PATH": "/usr/bin:/bin", "BIHUAN_DATA": str(tmp_path / "nothing"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "7 条流" in run.stdout
    assert not (tmp_path / "nothing" / "postgresql").exists()


def test_the_public_key_is_given_out_and_never_overwrites(tmp_path: Path, capsys) -> None:
    call_command("checkpoint", "key", "--out", str(tmp_path / "key.pem"))
    assert read_public_key(tmp_path / "key.pem") == public_key()
    assert fingerprint(public_key()) in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command("checkpoint", "key", "--out", str(tmp_path / "key.pem"))
    call_command("checkpoint", "key")
    assert capsys.readouterr().out == as_pem(public_key())


# -- against the ledger -------------------------------------------------------------------------------------------


@pytest.fixture
def taken(committed: str, alice: Actor, settings, tmp_path: Path) -> Path:
    """A ledger of one record, and the checkpoint that left the machine that day."""
    settings.DATA_FOLDER = tmp_path
    make_plain(reason="x", actor=alice)
    return tmp_path / "checkpoints" / take_checkpoint(verified=True).file_name


def verify(*arguments: object) -> int:
    try:
        call_command("verify", "--processes", "1", *map(str, arguments))
    except SystemExit as left:
        return int(left.code or 0)
    except CommandError as error:
        return error.returncode
    return 0


def test_the_right_key_passes_before_and_after_the_ledger_grew(
    taken: Path, alice: Actor, tmp_path: Path, capsys
) -> None:
    key = kept(tmp_path / "key", public_key())
    assert verify("--checkpoint", taken, "--key", key) == 0
    assert fingerprint(public_key()) in capsys.readouterr().err
    change(Expungement.objects.get(), reason="y", actor=alice)
    assert verify("--checkpoint", taken, "--key", key) == 0


def test_the_wrong_key_is_refused_before_anything_is_replayed(taken: Path, tmp_path: Path, capsys) -> None:
    with pytest.raises(CommandError, match="不是用所给的公钥签的") as refusal:
        call_command("verify", "--checkpoint", str(taken), "--key", str(kept(tmp_path / "key")))
    assert refusal.value.returncode == 1
    assert fingerprint(PUBLIC) in str(refusal.value)
    assert "核对 1/" not in capsys.readouterr().err


def test_without_a_key_it_says_what_is_not_known(taken: Path, capsys) -> None:
    assert verify("--checkpoint", taken) == 0
    assert "没有用 --key 给出公钥" in capsys.readouterr().err


def test_a_key_that_cannot_be_read_or_has_nothing_to_judge_is_misuse(taken: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("not a key")
    assert verify("--checkpoint", taken, "--key", tmp_path / "key") == 2
    assert verify("--checkpoint", taken, "--key", tmp_path / "absent") == 2
    assert verify("--checkpoint", tmp_path / "absent") == 2
    assert verify("--key", kept(tmp_path / "good")) == 2


def test_a_ledger_rewritten_whole_and_signed_anew_is_caught_by_who_kept_the_key_or_the_file(
    taken: Path, committed: str, alice: Actor, tmp_path: Path, monkeypatch
) -> None:
    """The owner rewrites rows, events, hashes and heads alike: the ledger alone verifies, and a new checkpoint too."""
    key = kept(tmp_path / "key", public_key())
    record = Expungement.objects.get()
    with vandal(committed) as owner:
        text = body_of(owner, record.pk)
        rewrite(owner, record.pk, {1: text.replace('[null,"x"]', '[null,"改"]')})
        owner.execute("UPDATE journal_expungement SET reason = '改'")
    assert verify() == 0, "the forgery is not consistent: this test proves nothing"

    monkeypatch.setattr(checkpoints, "signing_key", lambda: OTHER_KEY)
    forged = taken.with_name(take_checkpoint(verified=True).file_name)
    assert verify("--checkpoint", forged) == 0
    assert verify("--checkpoint", forged, "--key", key) == 1
    # Whoever stole the signing key as well is betrayed by the checkpoint that left the machine before.
    assert verify("--checkpoint", taken, "--key", key) == 1
