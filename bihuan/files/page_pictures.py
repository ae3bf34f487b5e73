"""Pages of a Word document this program wrote, as pictures: made of a PDF that is kept beside the content as a cache.

LibreOffice makes it where it is installed; without it there are no pages, and the caller shows the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.documents.converting import as_pdf, converter
from bihuan.documents.errors import DocumentError
from bihuan.documents.limits import Limits
from bihuan.documents.pages import page_count, page_image
from bihuan.files import store
from bihuan.files.queries import content_of

if TYPE_CHECKING:
    from bihuan.files.models import FileReference

_LIMITS: Final = Limits(seconds=40)
_WIDTH: Final = 900


def pages_of(reference: FileReference) -> int:
    """How many pages there are to look at; none where nothing can draw them. The first call takes seconds."""
    found = _pdf_of(reference)
    return page_count(found) if found else 0


def page_of(reference: FileReference, number: int) -> bytes | None:
    """One page as PNG, or None where there is no such page."""
    found = _pdf_of(reference)
    if not found:
        return None
    try:
        return page_image(found, number, width=_WIDTH)
    except DocumentError:
        return None


def _pdf_of(reference: FileReference) -> bytes:
    """The cached PDF, made when first asked for; of expunged content nothing is made."""
    blob = reference.blob
    if not blob.kept:
        return b""
    name = store.pages_name(blob.sha256)
    if store.exists(name):
        with store.open_stored(name) as file:
            return file.read()
    if converter() is None:
        return b""
    try:
        made = as_pdf(content_of(reference), reference.name, _LIMITS)
    except (DocumentError, FileNotFoundError):
        return b""
    store.write(name, made)
    return made
