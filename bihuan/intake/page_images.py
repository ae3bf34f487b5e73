"""Pictures of the pages of PDF and scans, and where on them each letter stands, drawn in a process of their own and kept.

python -m bihuan.intake.page_images picture|letters NUMBER TURN < content > answer
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Literal

from bihuan.documents.scan_pictures import PICTURES

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument

WIDTH = 1100
SECONDS = 30
TURNS = (0, 90, 180, 270)
PAGED = ("pdf", *PICTURES)
"""Kinds whose pages are shown as they look."""
MEMORY = 1536 * 1024 * 1024
What = Literal["picture", "letters"]


def page_picture(document: IntakeDocument, number: int) -> bytes | None:
    """The PNG of one page, or None where the page cannot be drawn. A scan is shown as it was turned to be read."""
    from bihuan.intake.models import Passage

    places = Passage.objects.filter(document=document, page=number).values_list("place", flat=True)
    turn = next((place["turn"] for place in places if "turn" in place), 0)
    return _kept(document, number, "picture", turn)


def page_letters(document: IntakeDocument, number: int) -> list[tuple[str, float, float, float, float]]:
    """Every letter of a page with left, top, width and height in per cent of the page; empty where unreadable."""
    kept = _kept(document, number, "letters")
    return [tuple(letter) for letter in json.loads(kept)] if kept else []


def kept_names(sha256: str, number: int) -> list[str]:
    """Where a page's picture and letters lie, so that destroying the content finds them."""
    from bihuan.files import store

    return [
        store.preview_name(sha256, _preview(number, what, turn))
        for what, turns in (("picture", TURNS), ("letters", TURNS[:1]))
        for turn in turns
    ]


def _preview(number: int, what: str, turn: int) -> str:
    return f"page-{number}-{what}" + (f"-{turn}" if turn else "")


def _kept(document: IntakeDocument, number: int, what: What, turn: int = 0) -> bytes | None:
    from bihuan.files import store
    from bihuan.files.queries import content_of

    name = store.preview_name(document.sha256, _preview(number, what, turn))
    try:
        with store.open_stored(name) as kept:
            return kept.read()
    except FileNotFoundError:
        pass
    drawn = _draw(content_of(document.file), number, what, turn)
    if drawn is not None:
        store.write(name, drawn)
    return drawn


def _draw(content: bytes, number: int, what: What, turn: int) -> bytes | None:
    command = [sys.executable, "-m", "bihuan.intake.page_images", what, str(number), str(turn)]
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
    what, number, turn = arguments[0], int(arguments[1]), int(arguments[2])
    content = sys.stdin.buffer.read()
    try:
        if what == "picture":
            sys.stdout.buffer.write(page_image(content, number, width=WIDTH, turn=turn))
        else:
            sys.stdout.write(json.dumps(letters_of(content, number)))
    except (DocumentError, IndexError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
