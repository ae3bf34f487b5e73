"""Pictures of a PDF's pages, drawn once in a process of their own and kept beside the content.

python -m bihuan.intake.page_images NUMBER WIDTH < content > picture
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument

WIDTH = 1100
SECONDS = 30
MEMORY = 1536 * 1024 * 1024


def page_picture(document: IntakeDocument, number: int) -> bytes | None:
    """The PNG of one page, or None where the page cannot be drawn."""
    from bihuan.files import store
    from bihuan.files.queries import content_of

    name = picture_name(document.sha256, number)
    try:
        with store.open_stored(name) as kept:
            return kept.read()
    except FileNotFoundError:
        pass
    drawn = _draw(content_of(document.file), number)
    if drawn is not None:
        store.write(name, drawn)
    return drawn


def picture_name(sha256: str, number: int) -> str:
    """Where a page's picture lies."""
    from bihuan.files import store

    return store.preview_name(sha256, f"page-{number}")


def _draw(content: bytes, number: int) -> bytes | None:
    command = [sys.executable, "-m", "bihuan.intake.page_images", str(number), str(WIDTH)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def main(arguments: list[str]) -> int:
    """Draw one page; a damaged file may end this process, never the server."""
    import resource

    from bihuan.documents.errors import DocumentError
    from bihuan.documents.pages import page_image

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    number, width = (int(one) for one in arguments)
    try:
        sys.stdout.buffer.write(page_image(sys.stdin.buffer.read(), number, width=width))
    except DocumentError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
