"""Text recognition of a scan's pages in a child process, page by page: what was read of one is handed over before the next.

A page that crashes or hangs its reader costs only its document. Who stops listening ends the child.

python -m bihuan.documents.scanning < order > pages, a line each
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING, Any, Final

from bihuan.documents.errors import DocumentError, ImageOnly, ReaderFailed, error_from_plain
from bihuan.documents.installed import is_installed
from bihuan.documents.kinds import kind_of
from bihuan.documents.limits import Limits
from bihuan.documents.picture_pages import unread_pages
from bihuan.documents.sandbox import bare_environment, limit_resources, read_in_sandbox
from bihuan.documents.scanned import page_from_plain, page_to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bihuan.documents.model import Document
    from bihuan.documents.scanned import ScannedPage

SCAN_LIMITS: Final = Limits(seconds=90, memory=3 * 1024 * 1024 * 1024)
"""Seconds for one page, the first one with the loading of the models; a page takes about two."""


def scan_in_sandbox(
    source: Path | bytes, pages: Sequence[int], *, name: str, limits: Limits = SCAN_LIMITS
) -> Iterator[ScannedPage]:
    """The given pages (from 1) as they are recognised. Raises a `DocumentError`."""
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        path = source if isinstance(source, Path) else Path(folder) / "source"
        if isinstance(source, bytes):
            path.write_bytes(source)
        order = {"path": str(path.resolve()), "name": name, "pages": list(pages), "limits": asdict(limits)}
        with _child(order) as child:
            for _ in pages:
                yield _next_page(child, name, limits)


def read_with_scans(
    content: bytes, *, name: str, limits: Limits | None = None, looked_at: Callable[[ScannedPage], None]
) -> tuple[Document, dict[int, ScannedPage]]:
    """Read a document, the pages that are pictures too where recognition is installed; and what was recognised on them.

    `looked_at` hears of each page before the next one is begun, and may refuse.
    """
    document: Document | None = None
    try:
        document = read_in_sandbox(content, name=name, limits=limits)
        pages = pages_to_recognise(document)
    except ImageOnly as error:
        pages = pages_of_pictures(error, content)
        if not pages:
            raise
    if document is not None and not pages:
        return document, {}
    scanned = {}
    for page in scan_in_sandbox(content, pages, name=name):
        looked_at(page)
        scanned[page.number] = page
    return read_in_sandbox(content, name=name, limits=limits, scanned=scanned), scanned


def pages_to_recognise(document: Document) -> tuple[int, ...]:
    """The pages of a document that stand in it unread and could be recognised here."""
    return unread_pages(document.blocks) if document.kind == "pdf" and is_installed() else ()


def pages_of_pictures(error: ImageOnly, content: bytes) -> tuple[int, ...]:
    """The pages of a document that was refused for having no text, where they could be recognised here."""
    if type(error) is not ImageOnly or not is_installed() or content.startswith(b"PK"):
        return ()
    return tuple(range(1, int(error.data.get("pages", 1)) + 1))


@contextmanager
def _child(order: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "bihuan.documents.scanning"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
    )
    try:
        _stream(child.stdin).write(json.dumps(order).encode())
        _stream(child.stdin).close()
        yield child
    finally:
        child.kill()
        child.wait()
        _stream(child.stdout).close()


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("a child without its pipes")
    return stream


def _next_page(child: subprocess.Popen[bytes], name: str, limits: Limits) -> ScannedPage:
    clock = Timer(limits.seconds, child.kill)
    clock.start()
    try:
        written = _stream(child.stdout).readline()
        is_late = not clock.is_alive()
    finally:
        clock.cancel()
    if not written:
        raise ReaderFailed(name, reason="time" if is_late else "crashed", limit=limits.seconds)
    answer = json.loads(written)
    if "code" in answer:
        raise error_from_plain(answer)
    return page_from_plain(answer)


def main() -> int:
    """The child: one order on stdin, a line for each page on stdout, or one that says why not."""
    from bihuan.documents.recognising import recognise
    from bihuan.documents.scan_pictures import page_pictures

    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    pages: list[int] = order["pages"]
    limit_resources(replace(limits, seconds=limits.seconds * max(1, len(pages))))
    content, name = Path(order["path"]).read_bytes(), order["name"]

    def say(plain: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(plain, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    try:
        pictures = page_pictures(content, kind_of(content, name, limits), pages, name, limits)
        for number, picture in zip(pages, pictures, strict=True):
            say(page_to_plain(recognise(picture, number)))
    except DocumentError as error:
        say(error.as_plain())
    except MemoryError:
        say(ReaderFailed(name, reason="memory").as_plain())
    return 0


if __name__ == "__main__":
    sys.exit(main())
