"""Pictures of PDF pages, rendered on the server: what a reviewer sees beside the passages."""

from __future__ import annotations

from io import BytesIO

from bihuan.documents.errors import DocumentError
from bihuan.documents.pdf_reading import open_pdf

_WIDEST = 4000


def page_count(content: bytes, *, name: str = "") -> int:
    """How many pages a PDF has."""
    document = open_pdf(content, name)
    try:
        return len(document)
    finally:
        document.close()


def page_image(content: bytes, number: int, *, name: str = "", width: int = 1000) -> bytes:
    """Page `number` (from 1) of a PDF as PNG of the given width in pixels."""
    document = open_pdf(content, name)
    try:
        if not 1 <= number <= len(document):
            raise DocumentError(name, place=f"page {number}", accepted=(f"1-{len(document)}",))
        page = document[number - 1]
        scale = min(width, _WIDEST) / max(1.0, page.get_width())
        picture = page.render(scale=scale).to_pil()
        written = BytesIO()
        picture.convert("RGB").save(written, format="PNG", optimize=True)
        return written.getvalue()
    finally:
        document.close()
