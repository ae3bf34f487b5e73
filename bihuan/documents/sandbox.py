"""Reading in a child process with limits of time and memory: a file that crashes or hangs a reader costs only itself.

The child is told where the file is and answers in JSON; nothing a broken reader could forge is ever unpickled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bihuan.documents.archives import everything_in
from bihuan.documents.attachments import names_for
from bihuan.documents.errors import DocumentError, ReaderFailed, TooLarge, error_from_plain
from bihuan.documents.kinds import kind_of
from bihuan.documents.limits import Limits
from bihuan.documents.model import Block, BlockKind, Document, Place, from_plain, to_plain
from bihuan.documents.reading import WORKBOOKS, read_document
from bihuan.documents.scanned import page_from_plain, page_to_plain
from bihuan.documents.sheet_reading import workbook_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bihuan.documents.scanned import ScannedPage

_REFUSED = 3
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_ROOM_FOR_ANSWER = 10
_READER = (sys.executable, "-m", "bihuan.documents.sandbox")
_PIECE = 1 << 16
_A_LITTLE = 0.02


def unpacked_in_sandbox(
    content: bytes, *, name: str = "", limits: Limits | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and content of every document inside an archive or letter, one in memory at a time.

    It is opened in a process of its own; what a system left in a folder unasked is passed over.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        source = Path(folder) / "source"
        source.write_bytes(content)
        answer = _answer_of({"path": str(source), "name": name, "into": folder}, name, limits)
        for number, name_inside in enumerate(names_for(answer["paths"])):
            yield name_inside, (Path(folder) / str(number)).read_bytes()


def read_in_sandbox(
    source: Path | bytes,
    *,
    name: str = "",
    limits: Limits | None = None,
    scanned: Mapping[int, ScannedPage] | None = None,
) -> Document:
    """Like `read_document`, in a process of its own. Crash, time and memory become `ReaderFailed`."""
    limits = limits or Limits()
    if isinstance(source, Path):
        return _read_path(source, name or source.name, limits, scanned or {})
    if len(source) > limits.bytes:
        raise TooLarge(name, what="bytes", found=len(source), limit=limits.bytes)
    handle, temporary = tempfile.mkstemp(prefix="bihuan-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(source)
        return _read_path(Path(temporary), name, limits, scanned or {})
    finally:
        Path(temporary).unlink(missing_ok=True)


def rows_in_sandbox(content: bytes, *, name: str = "", limits: Limits | None = None) -> Iterator[Block]:
    """The rows of a spreadsheet, or of the tables of a document, handed over one by one while a child reads on.

    The whole is never in this process: a ledger of a hundred thousand rows costs it no memory. What stops the child may
    come behind rows that were handed over.
    """
    limits = limits or Limits()
    if len(content) > limits.bytes:
        raise TooLarge(name, what="bytes", found=len(content), limit=limits.bytes)
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        source, rows = Path(folder) / "source", Path(folder) / "rows"
        source.write_bytes(content)
        rows.touch()
        order = {"path": str(source), "name": name, "rows": str(rows)}
        with _reader(order, name, limits) as reader, rows.open("rb") as file:
            for line in _lines_of(file, reader):
                yield _row_of(json.loads(line))
            reader.judge()


def _lines_of(file: BinaryIO, reader: _Reader) -> Iterator[bytes]:
    """The lines of a file that is being written, until its writer has ended."""
    begun = b""
    while True:
        # Asked before reading: what it wrote last is there when it has ended.
        ended = reader.has_ended(within=0)
        if piece := file.read(_PIECE):
            *whole, begun = (begun + piece).split(b"\n")
            yield from whole
        elif ended:
            return
        else:
            reader.has_ended(within=_A_LITTLE)


def _row_of(plain: list[Any]) -> Block:
    part, number, row, sheet, cells, text = plain
    place = Place(part, number, row=row, name=sheet)
    if text is None:
        text = "\t".join(cell for cell in cells if cell)
    return Block(
        text, None, (sheet,) if sheet else (), place, kind=BlockKind.ROW, cells=tuple(map(str, cells))
    )


def _write_rows(content: bytes, name: str, target: Path, limits: Limits) -> dict[str, Any]:
    """A line a row; its text only where merged cells make it differ from its cells."""
    kind = kind_of(content, name, limits)
    blocks: Iterable[Block]
    if kind in WORKBOOKS:
        blocks = workbook_rows(content, name, limits)
    else:
        blocks = (
            block
            for block in read_document(content, name=name, limits=limits).blocks
            if block.kind is BlockKind.ROW
        )
    with target.open("w", encoding="utf-8") as file:
        for block in blocks:
            place = block.place
            text = None if block.text == "\t".join(filter(None, block.cells)) else block.text
            line = [place.part, place.number, place.row, place.name, block.cells, text]
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return {}


def _read_path(path: Path, name: str, limits: Limits, scanned: Mapping[int, ScannedPage]) -> Document:
    order = {
        "path": str(path.resolve()),
        "name": name,
        "scanned": [page_to_plain(page) for page in scanned.values()],
    }
    return from_plain(_answer_of(order, name, limits))


def _answer_of(order: dict[str, Any], name: str, limits: Limits) -> dict[str, Any]:
    """Give a child an order and hear its answer; a refusal is raised here as it was there."""
    try:
        done = subprocess.run(
            _READER,
            input=_said(order, limits),
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env=bare_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise ReaderFailed(name, reason="time", limit=limits.seconds) from error
    return _judged(name, done.returncode, done.stdout, done.stderr)


def _said(order: dict[str, Any], limits: Limits) -> bytes:
    return json.dumps({**order, "limits": asdict(limits)}).encode()


def _judged(name: str, status: int, answer: bytes, errors: bytes) -> dict[str, Any]:
    if status == 0:
        return _answer(answer, name)
    if status == _REFUSED:
        raise error_from_plain(_answer(answer, name))
    reason = "memory" if b"MemoryError" in errors or b"memory allocation" in errors else "crashed"
    raise ReaderFailed(name, reason=reason, status=status)


@contextmanager
def _reader(order: dict[str, Any], name: str, limits: Limits) -> Iterator[_Reader]:
    """A child at work on an order; whoever stops listening ends it."""
    with (
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as errors,
    ):
        said.write(_said(order, limits))
        said.seek(0)
        process = subprocess.Popen(_READER, stdin=said, stdout=answer, stderr=errors, env=bare_environment())
        try:
            yield _Reader(name, limits, process, answer, errors)
        finally:
            process.kill()
            process.wait()


class _Reader:
    """What it says at its end lies in files, so that nobody need listen meanwhile."""

    def __init__(
        self, name: str, limits: Limits, process: subprocess.Popen[bytes], answer: BinaryIO, errors: BinaryIO
    ) -> None:
        self._name, self._limits = name, limits
        self._process, self._answer, self._errors = process, answer, errors
        self._until = time.monotonic() + limits.seconds

    def has_ended(self, *, within: float) -> bool:
        """Whether it ends in so many seconds; `ReaderFailed` once its time is over."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within)
            return True
        if time.monotonic() > self._until:
            raise ReaderFailed(self._name, reason="time", limit=self._limits.seconds)
        return False

    def judge(self) -> None:
        """Raise what it refused or how it failed, now that it has ended."""
        for file in (self._answer, self._errors):
            file.seek(0)
        _judged(self._name, self._process.wait(), self._answer.read(), self._errors.read())


def bare_environment() -> dict[str, str]:
    """What Python needs to start, and nothing else: a reader of foreign files has no business with our secrets."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}


def _answer(written: bytes, name: str) -> dict[str, Any]:
    try:
        answer = json.loads(written)
    except ValueError as error:
        raise ReaderFailed(name, reason="crashed") from error
    if not isinstance(answer, dict):
        raise ReaderFailed(name, reason="crashed")
    return answer


def limit_resources(limits: Limits) -> None:
    """Memory and processor time are limited where the system can; the parent's clock holds everywhere."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + _ROOM_FOR_ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _unpack(content: bytes, name: str, into: Path, limits: Limits) -> dict[str, Any]:
    """Write what is inside into a folder, under numbers: no name from an archive becomes a name on this machine."""
    paths = []
    documents = (one for one in everything_in(content, name, limits) if not one.is_leftover)
    for number, one in enumerate(documents):
        (into / str(number)).write_bytes(one.content)
        paths.append(one.path)
    return {"paths": paths}


def main() -> int:
    """The child: one order on stdin, one answer on stdout."""
    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    limit_resources(limits)
    path, name = Path(order["path"]), order["name"]
    try:
        if "rows" in order:
            answer, status = _write_rows(path.read_bytes(), name, Path(order["rows"]), limits), 0
        elif "into" in order:
            answer, status = _unpack(path.read_bytes(), name, Path(order["into"]), limits), 0
        else:
            pages = (page_from_plain(page) for page in order["scanned"])
            scanned = {page.number: page for page in pages}
            answer, status = to_plain(read_document(path, name=name, limits=limits, scanned=scanned)), 0
    except DocumentError as error:
        answer, status = error.as_plain(), _REFUSED
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
