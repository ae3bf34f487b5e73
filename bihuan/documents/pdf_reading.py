"""PDF with a text layer: lines in reading order, tables by their drawn lines, also across pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.documents.errors import Damaged, Encrypted, Illegible, ImageOnly, TooLarge, Truncated
from bihuan.documents.pdf_page import direction_of, letters_of, rules_on
from bihuan.documents.picture_pages import is_picture
from bihuan.documents.written_pages import WrittenPages

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pypdfium2

    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block
    from bihuan.documents.scanned import ScannedPage

_TAIL = 2048


def open_pdf(content: bytes, file: str) -> pypdfium2.PdfDocument:
    """The opened document, or why not. A broken table of places is mended by pdfium; a missing end is not."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    if b"%%EOF" not in content[-_TAIL:]:
        raise Truncated(file, reason="no end-of-file mark")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        of_password = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        if getattr(error, "err_code", None) in of_password or "assword" in str(error):
            raise Encrypted(file) from error
        raise Damaged(file, reason=str(error)) from error


def read_pdf(
    content: bytes, file: str, limits: Limits, scanned: Mapping[int, ScannedPage]
) -> tuple[int | None, list[Block]]:
    """All pages, those that are pictures by what was recognised on them.

    A document whose pages are only pictures is refused without it; of others a block says that a page is unread.
    """
    document = open_pdf(content, file)
    try:
        pages = len(document)
        if pages > limits.pages:
            raise TooLarge(file, what="pages", found=pages, limit=limits.pages)
        written = WrittenPages()
        for index in range(pages):
            _read_page(document, index, file, written, scanned)
    finally:
        document.close()
    if not any(line.text.strip() for line in written.lines if line.page not in written.pictures):
        refuse_unread(file, pages, scanned)
    return pages, written.blocks()


def refuse_unread(file: str, pages: int, scanned: Mapping[int, ScannedPage]) -> None:
    """Refuse a document of nothing but pictures, unless something was recognised on one of them."""
    if not scanned:
        raise ImageOnly(file, pages=pages)
    if not any(page.text.strip() for page in scanned.values()):
        raise Illegible(file, pages=pages)


def _read_page(
    document: pypdfium2.PdfDocument,
    index: int,
    file: str,
    written: WrittenPages,
    scanned: Mapping[int, ScannedPage],
) -> None:
    import pypdfium2

    try:
        page = document[index]
        text_page = page.get_textpage()
        letters = letters_of(text_page)
        direction = direction_of(letters)
        rules = rules_on(page, direction) if letters else []
        pictured = is_picture(page, letters)
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise Damaged(file, place=f"page {index + 1}", reason=str(error)) from error
    written.write_page(letters, rules, direction, index + 1)
    if pictured:
        written.write_scan(scanned.get(index + 1), index + 1)
