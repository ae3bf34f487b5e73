"""What a file is, decided by its content. The name only tells kinds of plain text apart."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from bihuan.documents.compound import HEAD as COMPOUND_HEAD
from bihuan.documents.compound import has_entry
from bihuan.documents.encodings import looks_like_text
from bihuan.documents.errors import (
    Damaged,
    EmptyDocument,
    Encrypted,
    MacroBearing,
    PretendedImage,
    Truncated,
    Unsupported,
)
from bihuan.documents.mail_reading import is_letter
from bihuan.documents.packages import Package

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
}
# Pictures that are read as scans, under names that say so.
_PICTURE_NAMES = {
    "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "jpe": "jpeg", "jfif": "jpeg",
    "tif": "tiff", "tiff": "tiff", "bmp": "bmp", "webp": "webp",
}  # fmt: skip
_TEXT_NAMES = {".html": "html", ".htm": "html", ".csv": "csv", ".tsv": "csv", ".md": "md", ".markdown": "md"}
_PDF_HEAD_WITHIN = 1024


def kind_of(content: bytes, file: str, limits: Limits) -> str:
    """One of `READABLE_KINDS`, or a refusal that says what the content really is."""
    if not content:
        raise EmptyDocument(file, bytes=0)
    picture = picture_in(content)
    if picture:
        return _picture_kind(picture, file)
    if b"%PDF-" in content[:_PDF_HEAD_WITHIN]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _package_kind(Package(content, file, limits))
    if content.startswith(COMPOUND_HEAD):
        return _compound_kind(content, file)
    return _written_kind(content, file)


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower().lstrip(".")


def _written_kind(content: bytes, file: str) -> str:
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if is_letter(content, file):
        return "eml"
    if looks_like_text(content):
        return _text_kind(content, file)
    raise Unsupported(file, found=_suffix(file) or "binary")


def _picture_kind(found: str, file: str) -> str:
    """A picture is read as a scan where its name calls it a picture too."""
    if found in _PICTURE_NAMES.values() and _suffix(file) in _PICTURE_NAMES:
        return found
    raise PretendedImage(file, found=found)


def _text_kind(content: bytes, file: str) -> str:
    """A page says what it is; other texts are told apart by their names."""
    head = content[:_PDF_HEAD_WITHIN].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in head:
        return "html"
    return _TEXT_NAMES.get(PurePath(file).suffix.lower(), "txt")


def picture_in(content: bytes) -> str | None:
    """What kind of picture this is, by its first bytes; none if it is no picture."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    found = next((kind for head, kind in _PICTURES.items() if content.startswith(head)), None)
    # "BM" may also begin an ordinary text; a bitmap's header repeats the file's size.
    if found == "bmp" and int.from_bytes(content[2:6], "little") != len(content):
        return None
    return found


def _package_kind(package: Package) -> str:
    names = package.names
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        raise MacroBearing(package.file, accepted=("docx", "xlsx"))
    if "[Content_Types].xml" in names and b"macroEnabled" in package.read("[Content_Types].xml"):
        raise MacroBearing(package.file, accepted=("docx", "xlsx"))
    if package.main_part("word") in names:
        return "docx"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "mimetype" in names:
        mimetype = package.read("mimetype")
        if b"opendocument.spreadsheet" in mimetype:
            return "ods"
        if b"opendocument.text" in mimetype:
            return "odt"
        raise Unsupported(package.file, found=mimetype.decode("ascii", "replace")[:80])
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        raise Damaged(package.file, place="[Content_Types].xml", reason="no main part")
    return "zip"


def _compound_kind(content: bytes, file: str) -> str:
    """Old binary Office files and encrypted new ones share one container, told apart by the names of their streams."""

    def has(name: str) -> bool:
        return has_entry(content, name)

    if has("EncryptedPackage"):
        raise Encrypted(file)
    if has("_VBA_PROJECT") or has("_VBA_PROJECT_CUR") or has("Macros"):
        raise MacroBearing(file, accepted=("docx", "xlsx"))
    if has("WordDocument"):
        return "doc"
    if has("Workbook") or has("Book"):
        return "xls"
    raise Truncated(file, reason="compound file without a known stream")
