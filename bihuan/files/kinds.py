"""What a file is, by its content; its name may not contradict it. Pure.

The list of kinds is closed: what is not on it is refused, and the refusal says what would be accepted. A file that is
two things at once (a PDF that is also an archive) is refused, for two programs would show two people two files.

    FileProblem (ValueError)      `code`: empty, executable, active, two_kinds, misnamed, macros, encrypted,
                                  damaged, too_large, too_long, unknown; `found` is what it seems to be,
                                  `place` where inside the file (a member of a package)
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from bihuan.documents.compound import has_entry
from bihuan.documents.encodings import looks_like_text
from bihuan.documents.errors import Damaged, DocumentError, Encrypted, MacroBearing, TooLarge
from bihuan.documents.kinds import kind_of as document_kind
from bihuan.documents.limits import Limits
from bihuan.documents.packages import Package
from bihuan.files.names import ending_of


class FileProblem(ValueError):
    """A content that is not taken in."""

    def __init__(self, code: str, found: str = "", place: str = "") -> None:
        super().__init__(f"{code}: {found}" if found else code)
        self.code = code
        self.found = found
        self.place = place


@dataclass(frozen=True, slots=True)
class Kind:
    """One accepted kind: its media type and the endings its name may have (the first is given to a nameless one)."""

    media_type: str
    endings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        """Whether a preview can be drawn from it with Pillow."""
        return self.media_type.startswith("image/") and self.endings[0] != "heic"


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
PDF: Final = Kind("application/pdf", ("pdf",))
JPEG: Final = Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG: Final = Kind("image/png", ("png",))
GIF: Final = Kind("image/gif", ("gif",))
WEBP: Final = Kind("image/webp", ("webp",))
BMP: Final = Kind("image/bmp", ("bmp",))
TIFF: Final = Kind("image/tiff", ("tif", "tiff"))
HEIC: Final = Kind("image/heic", ("heic", "heif"))
DOCX: Final = Kind(_OFFICE + "wordprocessingml.document", ("docx",))
XLSX: Final = Kind(_OFFICE + "spreadsheetml.sheet", ("xlsx",))
PPTX: Final = Kind(_OFFICE + "presentationml.presentation", ("pptx",))
ODT: Final = Kind("application/vnd.oasis.opendocument.text", ("odt",))
ODS: Final = Kind("application/vnd.oasis.opendocument.spreadsheet", ("ods",))
OFD: Final = Kind("application/ofd", ("ofd",))
DOC: Final = Kind("application/msword", ("doc", "wps"))
XLS: Final = Kind("application/vnd.ms-excel", ("xls", "et"))
PPT: Final = Kind("application/vnd.ms-powerpoint", ("ppt", "dps"))
MP4: Final = Kind("video/mp4", ("mp4", "m4v", "mov"))
MP3: Final = Kind("audio/mpeg", ("mp3",))
M4A: Final = Kind("audio/mp4", ("m4a",))
WAV: Final = Kind("audio/wav", ("wav",))
AMR: Final = Kind("audio/amr", ("amr",))
TEXT: Final = Kind("text/plain", ("txt", "text", "log", "md", "markdown"))
CSV: Final = Kind("text/csv", ("csv", "tsv"))

# What only intake takes, as documents to be read: they may hold programs or other files, so they are handed out as
# downloads only, and whoever takes them in looks into them first.
HTML: Final = Kind("text/html", ("html", "htm"))
LETTER: Final = Kind("message/rfc822", ("eml", "mht", "mhtml"))
ARCHIVE: Final = Kind("application/zip", ("zip",))
RTF: Final = Kind("application/rtf", ("rtf",))
SOURCES: Final = {"rtf": RTF, "html": HTML, "eml": LETTER, "zip": ARCHIVE}

KINDS: Final[dict[str, Kind]] = {
    kind.media_type: kind
    for kind in (
        *(PDF, JPEG, PNG, GIF, WEBP, BMP, TIFF, HEIC, DOCX, XLSX, PPTX, ODT, ODS, OFD, DOC, XLS, PPT),
        *(MP4, MP3, M4A, WAV, AMR, TEXT, CSV),
    )
}
ACCEPTED_ENDINGS: Final = tuple(kind.endings[0] for kind in KINDS.values())

_PROGRAMS: Final = {
    b"MZ": "exe",
    b"\x7fELF": "elf",
    b"\xca\xfe\xba\xbe": "class",
    b"\xfe\xed\xfa\xce": "mach-o",
    b"\xfe\xed\xfa\xcf": "mach-o",
    b"\xce\xfa\xed\xfe": "mach-o",
    b"\xcf\xfa\xed\xfe": "mach-o",
    b"L\x00\x00\x00\x01\x14\x02\x00": "lnk",
    b"dex\n": "dex",
    b"\x00asm": "wasm",
    b"#!": "script",
    b"ITSF": "chm",
}
_PROGRAM_ENDINGS: Final = frozenset(
    {
        *(
            "exe",
            "dll",
            "com",
            "scr",
            "msi",
            "bat",
            "cmd",
            "ps1",
            "vbs",
            "vbe",
            "js",
            "jse",
            "wsf",
            "wsh",
            "hta",
            "sh",
        ),
        *("py", "pyc", "rb", "pl", "php", "jsp", "asp", "aspx", "jar", "apk", "lnk", "reg", "chm"),
        *("docm", "xlsm", "pptm", "dotm", "xltm"),
    }
)
_ACTIVE_HEADS: Final = (
    b"<!doctype",
    b"<html",
    b"<svg",
    b"<?xml",
    b"<script",
    b"<?php",
    b"<body",
    b"<head",
    b"<iframe",
)
_ACTIVE_ENDINGS: Final = frozenset(
    {"html", "htm", "xhtml", "shtml", "svg", "svgz", "xml", "mht", "mhtml", "xsl", "swf"}
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 1024
_SIMPLE: Final = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"#!AMR", AMR),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
)
_APPLE_PICTURES: Final = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")


def kind_of(content: bytes, name: str, limits: Limits | None = None) -> Kind:
    """The kind of a content, or a `FileProblem`. `name` is only asked whether it contradicts."""
    if not content:
        raise FileProblem("empty")
    ending = ending_of(name)
    _refuse_programs(content, ending)
    kind = _by_signature(content, name, limits or Limits())
    _refuse_two_kinds(content, kind)
    if ending and ending not in kind.endings:
        raise FileProblem("misnamed", kind.endings[0])
    return kind


def kind_of_source(content: bytes, name: str, limits: Limits | None = None) -> Kind:
    """The kind of a document that somebody hands in to be read: the usual ones, and `SOURCES`."""
    limits = limits or Limits()
    try:
        found = SOURCES.get(document_kind(content, name, limits))
    except DocumentError:
        found = None
    if found is None:
        return kind_of(content, name, limits)
    _refuse_two_kinds(content, found)
    ending = ending_of(name)
    if ending and ending not in found.endings:
        raise FileProblem("misnamed", found.endings[0])
    return found


def named_after(name: str, kind: Kind) -> str:
    """The name, with the kind's ending where it had none."""
    return name if ending_of(name) else f"{name}.{kind.endings[0]}"


def _refuse_programs(content: bytes, ending: str) -> None:
    found = next((what for head, what in _PROGRAMS.items() if content.startswith(head)), None)
    # A text may well begin with the letters MZ; a program's header is not text.
    if (
        found
        and not (found == "exe" and looks_like_text(content[:4096]))
        and not content.startswith(b"#!AMR")
    ):
        raise FileProblem("executable", found)
    if ending in _PROGRAM_ENDINGS:
        raise FileProblem("executable", ending)
    start = content[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    if start.startswith(_ACTIVE_HEADS) or ending in _ACTIVE_ENDINGS or b"<script" in content[:_HEAD].lower():
        raise FileProblem("active", ending or "html")


def _by_signature(content: bytes, name: str, limits: Limits) -> Kind:
    found = _by_head(content)
    if found is not None:
        return found
    if content.startswith(b"PK\x03\x04"):
        return _package(content, name, limits)
    if content.startswith(_OLE):
        return _compound(content)
    if b"%PDF-" in content[:_HEAD]:
        raise FileProblem("two_kinds", "pdf")
    if looks_like_text(content):
        return CSV if ending_of(name) in CSV.endings else TEXT
    raise FileProblem("unknown", ending_of(name))


def _by_head(content: bytes) -> Kind | None:
    """The kinds that their first bytes alone tell."""
    if content[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return _media_container(content[8:12])
    # "BM" may begin an ordinary text; a bitmap's header repeats the file's size.
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        return BMP
    return next((kind for head, kind in _SIMPLE if content.startswith(head)), None)


def _media_container(brand: bytes) -> Kind:
    if brand in _APPLE_PICTURES:
        return HEIC
    return M4A if brand in {b"M4A ", b"M4B "} else MP4


def _package(content: bytes, name: str, limits: Limits) -> Kind:
    try:
        package = Package(content, name, limits)
        names = package.names
        for member in sorted(names):
            if member.rsplit("/", 1)[-1].lower() == "vbaproject.bin":
                raise FileProblem("macros", place=member)
        types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
        mimetype = package.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
    except DocumentError as error:
        raise FileProblem(_code_of(error), "zip", error.place) from error
    if b"macroEnabled" in types:
        raise FileProblem("macros", place="[Content_Types].xml")
    for member, kind in (
        ("word/document.xml", DOCX),
        ("xl/workbook.xml", XLSX),
        ("ppt/presentation.xml", PPTX),
        ("OFD.xml", OFD),
    ):
        if member in names:
            return kind
    if mimetype in KINDS:
        return KINDS[mimetype]
    raise FileProblem("unknown", "zip")


def _code_of(error: DocumentError) -> str:
    if isinstance(error, Encrypted):
        return "encrypted"
    if isinstance(error, MacroBearing):
        return "macros"
    if isinstance(error, TooLarge):
        return "too_large"
    return "damaged" if isinstance(error, Damaged) else "unknown"


def _compound(content: bytes) -> Kind:
    """Old binary Office files are told apart by the names of the streams inside."""

    def has(name: str) -> bool:
        return has_entry(content, name)

    if has("EncryptedPackage"):
        raise FileProblem("encrypted")
    if has("_VBA_PROJECT") or has("_VBA_PROJECT_CUR") or has("Macros"):
        raise FileProblem("macros")
    for stream, kind in (
        ("WordDocument", DOC),
        ("Workbook", XLS),
        ("Book", XLS),
        ("PowerPoint Document", PPT),
    ):
        if has(stream):
            return kind
    raise FileProblem("unknown", "ole")


def _refuse_two_kinds(content: bytes, kind: Kind) -> None:
    if content.startswith(b"PK\x03\x04"):
        _refuse_loose_package(content)
        return
    if kind is not PDF and b"%PDF-" in content[:_HEAD]:
        raise FileProblem("two_kinds", "pdf")
    if not kind.media_type.startswith("text/") and zipfile.is_zipfile(BytesIO(content)):
        raise FileProblem("two_kinds", "zip")


def _refuse_loose_package(content: bytes) -> None:
    """An archive begins with its first member and ends with its directory; something before or after is a disguise."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        begins = min((member.header_offset for member in archive.infolist()), default=0)
        end = content.rfind(b"PK\x05\x06")
        length = end + 22 + len(archive.comment)
    if begins != 0 or length != len(content) or b"%PDF-" in content[:_HEAD]:
        raise FileProblem("two_kinds", "zip")
