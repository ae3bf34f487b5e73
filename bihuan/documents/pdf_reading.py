"""PDF with a text layer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from bihuan.documents.errors import Damaged, Encrypted, ImageOnly, TooLarge, Truncated
from bihuan.documents.lines import Line, paragraphs

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block

_TAIL = 2048
# A soft hyphen at a line's end comes back as one of these.
_ARTEFACTS = re.compile("[\ufffe\uffff\x02\x00]")
_PASSWORD_ERRORS = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


def open_pdf(content: bytes, file: str) -> pypdfium2.PdfDocument:
    """The opened document, or why not."""
    if b"%%EOF" not in content[-_TAIL:]:
        raise Truncated(file, reason="no end-of-file mark")
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS or "assword" in str(error):
            raise Encrypted(file) from error
        raise Damaged(file, reason=str(error)) from error


def read_pdf(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """All pages. A document whose pages are only pictures is refused; single picture pages become empty."""
    document = open_pdf(content, file)
    try:
        pages = len(document)
        if pages > limits.pages:
            raise TooLarge(file, what="pages", found=pages, limit=limits.pages)
        lines: list[Line] = []
        for index in range(pages):
            for written in _page_text(document, index, file).split("\n"):
                lines.append(Line(written, index + 1, len(lines) + 1))
    finally:
        document.close()
    if not any(line.text.strip() for line in lines):
        raise ImageOnly(file, pages=pages)
    return pages, paragraphs(lines, "page")


def _page_text(document: pypdfium2.PdfDocument, index: int, file: str) -> str:
    try:
        page = document[index]
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise Damaged(file, place=f"page {index + 1}", reason=str(error)) from error
    return _ARTEFACTS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
