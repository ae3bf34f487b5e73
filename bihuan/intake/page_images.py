"""Pictures of a PDF's pages and where on them each letter stands, drawn in a process of their own and kept.

python -m bihuan.intake.page_images picture|letters NUMBER < content > answer
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument

WIDTH = 1100
SECONDS = 30
MEMORY = 1536 * 1024 * 1024
What = Literal["picture", "letters"]


def page_picture(document: IntakeDocument, number: int) -> bytes | None:
    """The PNG of one page, or None where the page cannot be drawn."""
    return _kept(document, number, "picture")


def page_letters(document: IntakeDocument, number: int) -> list[tuple[str, float, float, float, float]]:
    """Every letter of a page with left, top, width and height in per cent of the page; empty where unreadable."""
    kept = _kept(document, number, "letters")
    return [tuple(letter) for letter in json.loads(kept)] if kept else []


def kept_names(sha256: str, number: int) -> list[str]:
    """Where a page's picture and letters lie, so that destroying the content finds them."""
    from bihuan.files import store

    return [store.preview_name(sha256, f"page-{number}-{what}") for what in ("picture", "letters")]


def _kept(document: IntakeDocument, number: int, what: What) -> bytes | None:
    from bihuan.files import store
    from bihuan.files.queries import content_of

    name = store.preview_name(document.sha256, f"page-{number}-{what}")
    try:
        with store.open_stored(name) as kept:
            return kept.read()
    except FileNotFoundError:
        pass
    drawn = _draw(content_of(document.file), number, what)
    if drawn is not None:
        store.write(name, drawn)
    return drawn


def _draw(content: bytes, number: int, what: What) -> bytes | None:
    command = [sys.executable, "-m", "bihuan.intake.page_images", what, str(number)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def letters_of(content: bytes, number: int) -> list[list[Any]]:
    """The letters of a page in reading order, with their places in per cent."""
    from bihuan.documents.pdf_reading import open_pdf

    document = open_pdf(content, "")
    try:
        page = document[number - 1]
        width, height = page.get_size()
        text = page.get_textpage()
        found: list[list[Any]] = []
        for at in range(text.count_chars()):
            letter = text.get_text_range(at, 1)
            if letter.strip():
                left, bottom, right, top = text.get_charbox(at, loose=True)
                box = (left / width, 1 - top / height, (right - left) / width, (top - bottom) / height)
                found.append([letter, *(round(100 * one, 2) for one in box)])
        return found
    finally:
        document.close()


def main(arguments: list[str]) -> int:
    """Answer for one page; a damaged file may end this process, never the server."""
    import resource

    from bihuan.documents.errors import DocumentError
    from bihuan.documents.pages import page_image

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    what, number, content = arguments[0], int(arguments[1]), sys.stdin.buffer.read()
    try:
        if what == "picture":
            sys.stdout.buffer.write(page_image(content, number, width=WIDTH))
        else:
            sys.stdout.write(json.dumps(letters_of(content, number)))
    except (DocumentError, IndexError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
