"""Zip packages (docx, xlsx, ods), opened only after their sizes have been checked."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.parsers import expat

from bihuan.documents.errors import Damaged, Encrypted, TooLarge, Truncated, ZipBomb

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits

# What the library says of a directory that makes no sense: unknown versions, names in no encoding, impossible numbers.
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, OSError)
_CHUNK = 1024 * 1024
_ENCRYPTED_FLAG = 0x1
# The strict variant of Office's format names the same elements in other words.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


class Package:
    """A checked zip package. Nothing is unpacked before the directory's own figures are within the limits."""

    def __init__(self, content: bytes, file: str, limits: Limits) -> None:
        self.file = file
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except zipfile.BadZipFile as error:
            raise Truncated(file, reason=str(error)) from error
        except UNREADABLE as error:
            raise Damaged(file, reason=str(error)) from error
        self.members = tuple(self._zip.infolist())
        self.names = frozenset(self._zip.namelist())
        self._check(limits)

    def _check(self, limits: Limits) -> None:
        members = self.members
        if len(members) > limits.members:
            raise TooLarge(self.file, what="members", found=len(members), limit=limits.members)
        total = sum(member.file_size for member in members)
        if total > limits.unpacked:
            raise ZipBomb(self.file, what="unpacked", found=total, limit=limits.unpacked)
        for member in members:
            if member.flag_bits & _ENCRYPTED_FLAG:
                raise Encrypted(self.file, place=member.filename)
            ratio = member.file_size // max(1, member.compress_size)
            if member.file_size >= limits.ratio_from and ratio > limits.ratio:
                raise ZipBomb(self.file, place=member.filename, what="ratio", found=ratio, limit=limits.ratio)

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """The unpacked member; a directory that lies about a size is found out here by the checksum."""
        name = member if isinstance(member, str) else member.filename
        try:
            return self._zip.read(member)
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise Damaged(self.file, place=name, reason=str(error)) from error
        except Exception as error:  # zlib.error has no common base with the others
            raise Damaged(self.file, place=name, reason=str(error)) from error

    def verify(self) -> None:
        """Unpack everything once in small pieces, for a reader that would trust the directory blindly."""
        for name in self.names:
            try:
                with self._zip.open(name) as member:
                    while member.read(_CHUNK):
                        """No error: the end of what had to be looked at."""
            except Exception as error:
                raise Damaged(self.file, place=name, reason=str(error)) from error

    def main_part(self, folder: str) -> str:
        """The part an Office package begins with. Usually word/document.xml, but the package says so itself."""
        if "_rels/.rels" in self.names:
            for relation in self.xml("_rels/.rels"):
                target = relation.get("Target", "").lstrip("/")
                is_main = relation.get("Type", "").endswith("/officeDocument")
                if is_main and target.startswith(f"{folder}/") and target in self.names:
                    return target
        return f"{folder}/document.xml"

    def xml(self, name: str) -> ElementTree.Element:
        """The member parsed as XML. A document type declaration is refused: no such format needs one."""
        content = self.read(name)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        try:
            _refuse_declarations(content)
            return ElementTree.fromstring(content)  # noqa: S314 (declarations of entities are refused above)
        except (ElementTree.ParseError, expat.ExpatError, _DeclarationError) as error:
            raise Damaged(self.file, place=name, reason=str(error)) from error


class _DeclarationError(ValueError):
    """A document type declaration, with which a few bytes can be made to stand for gigabytes, or for other files."""


class _RootReached(Exception):
    """No error: the end of what had to be looked at."""


def _refuse_declarations(content: bytes) -> None:
    """Look at what stands before the root element, in whatever encoding it is written."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        msg = "document type declaration"
        raise _DeclarationError(msg)

    def stop(*_: object) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    with suppress(_RootReached):
        parser.Parse(content, True)
