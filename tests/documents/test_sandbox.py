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


def read_rows_by(monkeypatch, program: str, **limits: int) -> list[tuple[str, ...]]:
    """What comes of a spreadsheet whose reader is this program; the order lies in `order`."""
    begun = "import json, sys; order = json.load(sys.stdin); out = open(order['rows'], 'w')\n"
    monkeypatch.setattr(sandbox, "_READER", (sys.executable, "-c", begun + program))
    seen: list[tuple[str, ...]] = []
    try:
        rows = sandbox.rows_in_sandbox(b"x", name="a.xlsx", limits=Limits(**limits))
        seen.extend(block.cells for block in rows)
    except errors.ReaderFailed as failed:
        seen.append((failed.data["reason"],))
    return seen


ROW = "out.write(json.dumps([0, {0}, {0}, 'a', ['x{0}'], None]) + chr(10)); out.flush()\n"


def test_rows_come_while_the_reader_reads_on(monkeypatch, tmp_path):
    """The reader waits behind its first row for a sign that somebody has seen it."""
    sign = tmp_path / "seen"
    wait = f"import os, time\nwhile not os.path.exists({str(sign)!r}): time.sleep(0.01)\n"
    program = ROW.format(1) + wait + ROW.format(2) + "print('{}')"
    real = sandbox._row_of
    monkeypatch.setattr(sandbox, "_row_of", lambda plain: (sign.touch(), real(plain))[1])
    assert read_rows_by(monkeypatch, program, seconds=60) == [("x1",), ("x2",)]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os; os.abort()", "crashed"),
        ("print('not json')", "crashed"),
        ("import time; time.sleep(60)", "time"),
        ("raise MemoryError", "memory"),
    ],
)
def test_what_stops_a_reader_of_rows_is_told_behind_the_rows_it_read(monkeypatch, program, reason):
    assert read_rows_by(monkeypatch, ROW.format(1) + program, seconds=3) == [("x1",), (reason,)]


def test_a_half_written_row_is_waited_for(monkeypatch):
    halves = "out.write('[0, 1, 1, '); out.flush(); import time; time.sleep(0.2)\nout.write('\"a\", [\"x\"], null]\\n'); out.flush()\nprint('{}')"
    assert read_rows_by(monkeypatch, halves, seconds=60) == [("x",)]


def test_who_stops_listening_ends_the_reader(monkeypatch):
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **o: started.append(real(*a, **o)) or started[-1])
    begun = "import json, sys, time; out = open(json.load(sys.stdin)['rows'], 'w')\n"
    monkeypatch.setattr(sandbox, "_READER", (sys.executable, "-c", begun + ROW.format(1) + "time.sleep(60)"))
    rows = sandbox.rows_in_sandbox(b"x", name="a.xlsx")
    assert next(rows).cells == ("x1",)
    rows.close()
    assert started[0].poll() is not None


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
