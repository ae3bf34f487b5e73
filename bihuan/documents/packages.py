"""Zip packages (docx, xlsx, ods), opened only after their sizes have been checked."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from bihuan.documents.errors import Damaged, Encrypted, TooLarge, Truncated, ZipBomb

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits

_CHUNK = 1024 * 1024
_ENCRYPTED_FLAG = 0x1


class Package:
    """A checked zip package. Nothing is unpacked before the directory's own figures are within the limits."""

    def __init__(self, content: bytes, file: str, limits: Limits) -> None:
        self.file = file
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except zipfile.BadZipFile as error:
            raise Truncated(file, reason=str(error)) from error
        self.names = frozenset(self._zip.namelist())
        self._check(limits)

    def _check(self, limits: Limits) -> None:
        members = self._zip.infolist()
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

    def read(self, name: str) -> bytes:
        """The unpacked member; a directory that lies about a size is found out here by the checksum."""
        try:
            return self._zip.read(name)
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
                        pass
            except Exception as error:
                raise Damaged(self.file, place=name, reason=str(error)) from error

    def xml(self, name: str) -> ElementTree.Element:
        """The member parsed as XML. A document type declaration is refused: Office never writes one."""
        content = self.read(name)
        if b"<!DOCTYPE" in content[:4096]:
            raise Damaged(self.file, place=name, reason="document type declaration")
        try:
            return ElementTree.fromstring(content)  # noqa: S314 (declarations of entities are refused above)
        except ElementTree.ParseError as error:
            raise Damaged(self.file, place=name, reason=str(error)) from error
