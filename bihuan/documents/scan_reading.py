"""Pictures handed in as documents: nothing of them is read but what text recognition found on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.documents.pdf_reading import refuse_unread
from bihuan.documents.scan_pictures import frame_count
from bihuan.documents.written_pages import WrittenPages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block
    from bihuan.documents.scanned import ScannedPage


def read_picture(
    content: bytes, file: str, limits: Limits, scanned: Mapping[int, ScannedPage]
) -> tuple[int | None, list[Block]]:
    """All frames of a picture file, each a page."""
    pages = frame_count(content, file, limits)
    refuse_unread(file, pages, scanned)
    written = WrittenPages()
    for number in range(1, pages + 1):
        written.write_scan(scanned.get(number), number)
    return pages, written.blocks()
