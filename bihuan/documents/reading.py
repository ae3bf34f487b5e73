"""The one door for reading: content in, a whole document out, or a refusal that says why."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bihuan.documents.archives import read_archive, read_mail
from bihuan.documents.converting import read_converted
from bihuan.documents.errors import Damaged, EmptyDocument, TooLarge
from bihuan.documents.html_reading import read_html
from bihuan.documents.kinds import kind_of
from bihuan.documents.limits import Limits
from bihuan.documents.model import Block, Document
from bihuan.documents.ofd_reading import read_ofd
from bihuan.documents.pdf_reading import read_pdf
from bihuan.documents.scan_pictures import PICTURES
from bihuan.documents.scan_reading import read_picture
from bihuan.documents.sheet_reading import read_csv, read_workbook
from bihuan.documents.text_reading import read_text
from bihuan.documents.word_reading import read_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bihuan.documents.scanned import ScannedPage

_READERS: dict[str, Callable[[bytes, str, Limits], tuple[int | None, list[Block]]]] = {
    "txt": read_text,
    "md": read_text,
    "csv": read_csv,
    "docx": read_word,
    "xlsx": read_workbook,
    "xls": read_workbook,
    "ods": read_workbook,
    "ofd": read_ofd,
    "doc": read_converted,
    "rtf": read_converted,
    "odt": read_converted,
    "html": read_html,
    "eml": read_mail,
    "zip": read_archive,
}
# Their pages may be pictures, of which only what text recognition found can be read.
_SCAN_READERS = {"pdf": read_pdf, **dict.fromkeys(PICTURES, read_picture)}
WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
_SUFFIXES = {
    "txt": ("txt", "text", ""),
    "md": ("md", "markdown"),
    "csv": ("csv", "tsv"),
    "doc": ("doc", "wps"),
    "xls": ("xls", "et"),
    "html": ("html", "htm"),
    "eml": ("eml", "mht", "mhtml"),
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "tiff": ("tif", "tiff"),
}


def read_document(
    source: Path | bytes,
    *,
    name: str = "",
    limits: Limits | None = None,
    scanned: Mapping[int, ScannedPage] | None = None,
) -> Document:
    """Read a file or its content. `name` defaults to the file's name. Raises a `DocumentError`.

    `scanned`: what was recognised on pages that are pictures (`scanning.py`), by their numbers.
    """
    limits = limits or Limits()
    if isinstance(source, Path):
        name = name or source.name
        size = source.stat().st_size
        if size > limits.bytes:
            raise TooLarge(name, what="bytes", found=size, limit=limits.bytes)
        content = source.read_bytes()
    else:
        content = source
    if len(content) > limits.bytes:
        raise TooLarge(name, what="bytes", found=len(content), limit=limits.bytes)
    kind = kind_of(content, name, limits)
    try:
        if kind in _SCAN_READERS:
            pages, blocks = _SCAN_READERS[kind](content, name, limits, scanned or {})
        else:
            pages, blocks = _READERS[kind](content, name, limits)
    except RecursionError as error:
        raise Damaged(name, reason="nested too deeply") from error
    characters = sum(len(block.text) for block in blocks)
    if characters > limits.characters:
        raise TooLarge(name, what="characters", found=characters, limit=limits.characters)
    if not any(block.text.strip() for block in blocks):
        raise EmptyDocument(name, bytes=len(content))
    return Document(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        kind=kind,
        pages=pages,
        blocks=tuple(blocks),
        notes=_notes(kind, name),
    )


def _notes(kind: str, name: str) -> tuple[str, ...]:
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix in _SUFFIXES.get(kind, (kind,)):
        return ()
    return (f"misnamed:{kind}",)
