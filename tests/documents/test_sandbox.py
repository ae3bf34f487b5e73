from __future__ import annotations

import subprocess
import sys

import pytest

from bihuan.documents import Limits, errors, read_document, sandbox
from tests.documents import making


def test_a_document_read_in_a_child_is_the_same_document():
    content = making.word("一、问题", making.SENTENCE)
    assert sandbox.read_in_sandbox(content, name="a.docx") == read_document(content, name="a.docx")


def test_a_file_is_read_by_its_path(tmp_path):
    path = tmp_path / "反馈.txt"
    path.write_text(making.SENTENCE, encoding="utf-8")
    assert sandbox.read_in_sandbox(path).text == making.SENTENCE


def test_a_refusal_in_the_child_is_the_same_refusal():
    with pytest.raises(errors.Encrypted) as caught:
        sandbox.read_in_sandbox(making.pdf([["x"]], password="p"), name="加密.pdf")
    assert caught.value.file == "加密.pdf"


def test_what_is_too_large_is_refused_before_a_child_is_started():
    with pytest.raises(errors.TooLarge):
        sandbox.read_in_sandbox(b"x" * 100, name="a.txt", limits=Limits(bytes=10))


def run_instead(monkeypatch, program: str) -> None:
    """Let the child run another program than the reader."""
    real = subprocess.run

    def run(command, **options):
        return real([sys.executable, "-c", program], **options)

    monkeypatch.setattr(subprocess, "run", run)


def test_the_child_sees_no_secret_of_its_parent(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert "DATABASE_URL" not in sandbox.bare_environment()


def test_a_hanging_reader_is_ended_by_the_clock(monkeypatch):
    run_instead(monkeypatch, "import time; time.sleep(60)")
    with pytest.raises(errors.ReaderFailed) as caught:
        sandbox.read_in_sandbox(b"text", name="a.txt", limits=Limits(seconds=1))
    assert caught.value.data["reason"] == "time"


def test_a_crashing_reader_costs_only_its_file(monkeypatch):
    run_instead(monkeypatch, "import os; os.abort()")
    with pytest.raises(errors.ReaderFailed) as caught:
        sandbox.read_in_sandbox(b"text", name="a.txt")
    assert caught.value.data["reason"] == "crashed"


def test_a_reader_that_talks_nonsense_has_failed(monkeypatch):
    run_instead(monkeypatch, "print('not json')")
    with pytest.raises(errors.ReaderFailed):
        sandbox.read_in_sandbox(b"text", name="a.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits are Linux's")
def test_a_reader_that_takes_too_much_memory_is_ended(monkeypatch):
    program = (
        "from bihuan.documents.sandbox import limit_resources; from bihuan.documents import Limits;"
        f"limit_resources(Limits(memory={400 * 1024 * 1024})); x = bytearray({2 * 1024**3})"
    )
    run_instead(monkeypatch, program)
    with pytest.raises(errors.ReaderFailed) as caught:
        sandbox.read_in_sandbox(b"text", name="a.txt")
    assert caught.value.data["reason"] == "memory"


def test_no_temporary_file_stays_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sandbox.read_in_sandbox(b"text", name="a.txt")
    assert list(tmp_path.iterdir()) == []
