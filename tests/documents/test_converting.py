"""Formats that LibreOffice turns into .docx: by a stand-in for the program, and once by the program itself."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from bihuan.documents import Limits, converting, errors, read_document
from bihuan.documents.sandbox import read_in_sandbox
from tests.documents import making

RTF = b"{\\rtf1\\ansi\\ansicpg936 \\u25972?\\u25913?\\u19981?\\u21040?\\u20301?\\par two\\par}"
DOC = making.compound("WordDocument")


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Put a program of our own where LibreOffice would be found."""

    def install(script: str) -> None:
        program = tmp_path / "bin" / "soffice"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    (tmp_path / "answer.docx").write_bytes(making.word("转换好的正文"))
    return install


def converts(tmp_path) -> str:
    """A script that answers as LibreOffice does, and notes how it was called."""
    return (
        f'printf "%s\\n" "$@" > {tmp_path}/called; env > {tmp_path}/environment; '
        f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp {tmp_path}/answer.docx "$2/source.docx"; '
        f'cp "$HOME/profile/user/registrymodifications.xcu" {tmp_path}/settings'
    )


@pytest.mark.parametrize(
    ("content", "name", "kind"), [(DOC, "a.doc", "doc"), (DOC, "a.wps", "doc"), (RTF, "a.rtf", "rtf")]
)
def test_what_the_converter_makes_is_read(stand_in, tmp_path, content, name, kind):
    stand_in(converts(tmp_path))
    document = read_in_sandbox(content, name=name)
    assert (document.kind, document.text, document.notes) == (kind, "转换好的正文", ())


def test_the_converter_knows_nothing_of_us_and_runs_no_macros(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    stand_in(converts(tmp_path))
    read_document(RTF, name="机密的文件名.rtf")
    called = (tmp_path / "called").read_text()
    assert "--headless" in called
    assert "机密的文件名" not in called
    environment = dict(line.split("=", 1) for line in (tmp_path / "environment").read_text().splitlines())
    assert set(environment) <= {"PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_"}
    settings = (tmp_path / "settings").read_text()
    assert 'DisableMacrosExecution" oor:op="fuse">\n<value>true' in settings


def test_a_converter_that_hangs_is_ended_with_all_it_started(stand_in, tmp_path):
    stand_in(f"sleep 300 & echo $! > {tmp_path}/started; wait")
    with pytest.raises(errors.ReaderFailed) as refused:
        read_document(RTF, name="a.rtf", limits=Limits(seconds=converting._SECONDS_FOR_READING + 1))
    assert refused.value.data["reason"] == "time"
    started = (tmp_path / "started").read_text().strip()
    for _ in range(50):
        if not is_running(started):
            break
        time.sleep(0.1)
    assert not is_running(started)


def is_running(process: str) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "kill -9 $$"])
def test_a_converter_that_makes_nothing_costs_only_the_file(stand_in, script):
    stand_in(script)
    with pytest.raises(errors.Damaged):
        read_document(RTF, name="a.rtf")


def test_what_a_converter_makes_is_checked_like_any_other_file(stand_in, tmp_path):
    bomb = making.with_member(making.word("x"), "word/media/big.bin", bytes(20_000_000))
    (tmp_path / "answer.docx").write_bytes(bomb)
    stand_in(converts(tmp_path))
    with pytest.raises(errors.ZipBomb):
        read_document(RTF, name="a.rtf")


def test_no_folder_stays_behind(stand_in, tmp_path, monkeypatch):
    stand_in(converts(tmp_path))
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(empty))
    read_document(RTF, name="a.rtf")
    assert list(empty.iterdir()) == []


def test_without_a_converter_the_refusal_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.NeedsConverter) as refused:
        read_document(DOC, name="旧.doc")
    assert (refused.value.data["found"], refused.value.accepted) == ("doc", ("docx", "pdf"))


def test_an_old_word_file_with_a_password_is_encrypted():
    head = b"\xec\xa5" + (193).to_bytes(2, "little") + bytes(6) + (0x0100).to_bytes(2, "little")
    content = DOC[:512] + head.ljust(512, b"\0") + making.directory_entry("WordDocument").ljust(512, b"\0")
    with pytest.raises(errors.Encrypted):
        read_document(content, name="a.doc")


@pytest.mark.skipif(converting.converter() is None, reason="libreoffice-writer-nogui is not installed")
def test_libreoffice_itself_reads_rich_text_and_old_word(tmp_path):
    assert [block.text for block in read_in_sandbox(RTF, name="a.rtf").blocks] == ["整改不到位", "two"]
    (tmp_path / "a.docx").write_bytes(making.numbered_word([(0, "学习不够"), (1, "研究不深")]))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [converting.converter(), profile, "--headless", "--convert-to", "doc", "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "a.docx"], check=True, capture_output=True, timeout=100)
    document = read_in_sandbox(tmp_path / "a.doc", name="a.wps")
    assert (document.kind, document.notes) == ("doc", ())
    assert [block.text for block in document.blocks] == ["一、学习不够", "（一）研究不深"]
