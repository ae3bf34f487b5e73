"""Archives and letters with attachments: what is inside, as files of their own, however deep within the limits.

A member's path is shown, never used: nothing is unpacked under a name from the archive.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from bihuan.documents.attachments import Attachment, listed
from bihuan.documents.errors import EmptyDocument, TooLarge
from bihuan.documents.mail_reading import attachments_of, is_letter, letter_blocks
from bihuan.documents.packages import UNREADABLE, Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block

CONTAINERS = ("zip", "eml")
_NAME_IS_UTF_8 = 0x800
_UNICODE_PATH = 0x7075
_UNICODE_PATH_HEAD = 5


def read_mail(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """Head, text, then a row for each attachment, those in attached archives and letters included."""
    letter = letter_blocks(content, file, limits)
    return None, [*letter, *listed(list(everything_in(content, file, limits)))]


def read_archive(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """The list of contents: a row for each file with path, size and digest, files in inner archives included."""
    found = list(everything_in(content, file, limits))
    if not found:
        raise EmptyDocument(file, bytes=len(content))
    return None, listed(found)


def everything_in(content: bytes, file: str, limits: Limits, *, depth: int = 1) -> Iterator[Attachment]:
    """Every file in an archive or letter, in order; inner archives give way to what they hold, letters stay too."""
    if depth > limits.depth:
        raise TooLarge(file, what="depth", found=depth, limit=limits.depth)
    left, count = limits.unpacked, 0
    for one in _directly_in(content, file, limits):
        kind = container_kind(one.content, one.name)
        if kind != "zip":
            yield one
            left, count = left - len(one.content), count + 1
        if kind:
            inner = replace(limits, unpacked=max(0, left), members=max(0, limits.members - count))
            for further in everything_in(one.content, f"{file}/{one.path}", inner, depth=depth + 1):
                yield replace(further, path=f"{one.path}/{further.path}")
                left, count = left - len(further.content), count + 1


def container_kind(content: bytes, name: str) -> str:
    """`zip` or `eml` for a file that holds others, '' for every other one."""
    if content.startswith(b"PK\x03\x04"):
        return "zip" if _is_plain_archive(content) else ""
    return "eml" if is_letter(content, name) else ""


def _is_plain_archive(content: bytes) -> bool:
    """Office files are archives too, and say so by their first parts."""
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except UNREADABLE:
        return False
    return not {"[Content_Types].xml", "mimetype", "OFD.xml"}.intersection(names)


def _directly_in(content: bytes, file: str, limits: Limits) -> Iterator[Attachment]:
    if not content.startswith(b"PK\x03\x04"):
        yield from attachments_of(content, file, limits)
        return
    package = Package(content, file, limits)
    for member in package.members:
        if not member.is_dir():
            yield Attachment(_shown(path_of(member)), package.read(member))


def path_of(member: zipfile.ZipInfo) -> str:
    """A member's path as its author saw it: in UTF-8 where it says so, else most likely in GB18030."""
    if member.flag_bits & _NAME_IS_UTF_8:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    if noted := _noted_path(member.extra, raw):
        return noted
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _noted_path(extra: bytes, raw: bytes) -> str:
    """The path some programs note in Unicode beside the old one, valid while the old one is unchanged."""
    while len(extra) >= struct.calcsize("<HH"):
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > _UNICODE_PATH_HEAD:
            (checksum,) = struct.unpack_from("<I", body, 1)
            if checksum == zlib.crc32(raw):
                return body[_UNICODE_PATH_HEAD:].decode("utf-8", "replace")
    return ""


def _shown(path: str) -> str:
    """A path for people: no drives, no steps upwards, no control characters."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    kept = ("".join(letter for letter in part if letter.isprintable()).strip() for part in parts)
    return "/".join(part for part in kept if part.strip(".") and not part.endswith(":")) or "?"
