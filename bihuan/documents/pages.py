"""Pictures of pages, drawn on the server: what a reviewer sees beside the passages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.pdf_reading import open_pdf
from bihuan.documents.scan_pictures import frame_count, page_pictures

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

_WIDEST = 4000
_PDF_HEAD_WITHIN = 1024


def page_count(content: bytes, *, name: str = "") -> int:
    """How many pages a PDF has."""
    document = open_pdf(content, name)
    try:
        return len(document)
    finally:
        document.close()


def page_image(content: bytes, number: int, *, name: str = "", width: int = 1000, turn: int = 0) -> bytes:
    """Page `number` (from 1) of a PDF or a picture file as PNG of the given width in pixels, turned clockwise by quarters."""
    from PIL import Image

    if b"%PDF-" in content[:_PDF_HEAD_WITHIN]:
        picture = _page_of_pdf(content, number, name, min(width, _WIDEST), on_its_side=turn % 180 != 0)
    else:
        limits = Limits()
        _refuse_beyond(number, frame_count(content, name, limits), name)
        (picture,) = page_pictures(content, "picture", [number], name, limits)
    picture = picture.convert("RGB").rotate(-turn, expand=True) if turn else picture.convert("RGB")
    if picture.width > width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    written = BytesIO()
    picture.save(written, format="PNG", optimize=True)
    return written.getvalue()


def _page_of_pdf(content: bytes, number: int, name: str, width: int, *, on_its_side: bool) -> Image.Image:
    document = open_pdf(content, name)
    try:
        _refuse_beyond(number, len(document), name)
        page: pypdfium2.PdfPage = document[number - 1]
        across = page.get_height() if on_its_side else page.get_width()
        drawn: Image.Image = page.render(scale=width / max(1.0, across)).to_pil()
        return drawn
    finally:
        document.close()


def _refuse_beyond(number: int, pages: int, name: str) -> None:
    if not 1 <= number <= pages:
        raise DocumentError(name, place=f"page {number}", accepted=(f"1-{pages}",))
