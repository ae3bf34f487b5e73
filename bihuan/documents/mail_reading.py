"""Letters (.eml, and web pages saved as one file): head, text and attached files."""

from __future__ import annotations

import email
import email.message
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.policy import Compat32
from email.utils import collapse_rfc2231_value
from typing import TYPE_CHECKING

from bihuan.documents.attachments import Attachment
from bihuan.documents.encodings import decode
from bihuan.documents.errors import Encrypted, TooLarge, Unsupported
from bihuan.documents.html_reading import decode_html, html_blocks
from bihuan.documents.lines import Line, paragraphs
from bihuan.documents.model import Block, BlockKind, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from bihuan.documents.limits import Limits

_HEAD_WITHIN = 65536
_HEAD_LINE = re.compile(rb"[!-9;-~]+:|[ \t]")
_TELLING = frozenset({b"from", b"to", b"subject", b"date", b"mime-version", b"received", b"message-id"})
_ENOUGH_TELLING = 2
_SUFFIXES = (".eml", ".mht", ".mhtml")
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
# What a byte becomes that is no ASCII in a line of the head.
_FIRST_RAW, _LAST_RAW = "\udc80", "\udcff"
_SEALED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENDINGS = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt", "application/pdf": ".pdf"}


class _AsWritten(Compat32):
    """The library's policy, but lines of the head with bytes of an undeclared encoding keep those bytes."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _AsWritten()


def is_letter(content: bytes, name: str) -> bool:
    """Whether this begins with the head of a letter. An ordinary text may quote one, so the name counts too."""
    head = re.split(rb"\r?\n\r?\n", content[:_HEAD_WITHIN].lstrip(b"\xef\xbb\xbf"), maxsplit=1)[0]
    lines = head.splitlines()
    if not lines or not all(_HEAD_LINE.match(line) for line in lines):
        return False
    found = _TELLING.intersection(line.split(b":", 1)[0].lower() for line in lines)
    named = name.lower().endswith(_SUFFIXES)
    return len(found) >= _ENOUGH_TELLING and (
        named or bool(found & {b"mime-version", b"received", b"message-id"})
    )


def letter_blocks(content: bytes, file: str, limits: Limits) -> list[Block]:
    """Head and text."""
    message = email.message_from_bytes(content, policy=_POLICY)
    if message.get_content_type() in _SEALED:
        raise Encrypted(file, place=message.get_content_type())
    lines = [
        Line(f"{name}: {text}", None, number)
        for number, name in enumerate(_SHOWN, start=1)
        if (text := " ".join(head_text(message.get(name)).split()))
    ]
    head = [Block(line.text, None, (), Place("line", line.number), BlockKind.HEADER) for line in lines]
    return [*head, *(block for text in _texts(message, file, limits) for block in text)]


def _texts(message: Message, file: str, limits: Limits) -> Iterator[list[Block]]:
    """All text parts in order; of the same text written twice (plain and as a page) the longer one."""
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        parts = [part for part in message.get_payload() if isinstance(part, email.message.Message)]
        if message.get_content_type() == "multipart/alternative":
            versions = [[block for text in _texts(part, file, limits) for block in text] for part in parts]
            yield max(versions, key=lambda blocks: sum(len(block.text) for block in blocks), default=[])
        else:
            for part in parts:
                yield from _texts(part, file, limits)
    elif not _is_attached(message):
        content = _payload(message)
        if message.get_content_type() == "text/html":
            yield html_blocks(_decoded(message, content, file), file, limits)
        else:
            written = _decoded(message, content, file).split("\n")
            yield paragraphs(
                [Line(text, None, number) for number, text in enumerate(written, start=1)], "line"
            )


def _is_attached(message: Message) -> bool:
    """Whatever is no text to be read with the letter is a file of its own, whatever the letter calls it."""
    is_text = message.get_content_type() in {"text/plain", "text/html"}
    return not is_text or message.get_content_disposition() == "attachment" or bool(file_name(message))


def attachments_of(content: bytes, file: str, limits: Limits) -> Iterator[Attachment]:
    """Every attached file; those without a name get one."""
    for number, part in enumerate(_attached(email.message_from_bytes(content, policy=_POLICY)), start=1):
        if number > limits.members:
            raise TooLarge(file, what="members", found=number, limit=limits.members)
        ending = _ENDINGS.get(part.get_content_type(), "")
        name = file_name(part) or f"{number}{ending}"
        yield Attachment(name.replace("\\", "/").rsplit("/", 1)[-1] or f"{number}{ending}", _payload(part))


def _attached(message: Message) -> Iterator[Message]:
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in message.get_payload():
            if isinstance(part, email.message.Message):
                yield from _attached(part)
    elif _is_attached(message):
        yield message


def _payload(message: Message) -> bytes:
    """The bytes of a part; a letter within a letter is written out again."""
    if message.get_content_type() == "message/rfc822" and message.is_multipart():
        inner = message.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, email.message.Message) else b""
    content = message.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(message: Message, content: bytes, file: str) -> str:
    text = _in_encoding(content, message.get_content_charset() or "")
    if text is None:
        text = (
            decode_html(content, file) if message.get_content_type() == "text/html" else decode(content, file)
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _in_encoding(content: bytes, name: str) -> str | None:
    """The text in the encoding a letter names; one that says gb2312 nearly always means its larger successor."""
    name = "gb18030" if name.lower().startswith(("gb", "cp936")) else name
    try:
        return content.decode(name) if name else None
    except (LookupError, UnicodeDecodeError):
        return None


def head_text(value: object) -> str:
    """A line of the head with its encoded words read."""
    if value is None:
        return ""
    written = str(value)
    if any(_FIRST_RAW <= letter <= _LAST_RAW for letter in written):
        written = _guessed(written.encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(written)
    except HeaderParseError:
        return written.strip()
    parts = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        else:
            parts.append(_in_encoding(piece, charset or "") or _guessed(piece))
    return "".join(parts).strip()


def _guessed(content: bytes) -> str:
    """Bytes that name no encoding, or a wrong one."""
    try:
        return decode(content, "")
    except Unsupported:
        return content.decode("latin-1")


def file_name(message: Message) -> str:
    """The name an attachment bears, in whichever of the three ways it is written."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = message.get_param(parameter, header=header)
        if isinstance(value, tuple):
            raw = value[2].encode("latin-1", "replace")
            return (_in_encoding(raw, value[0] or "") or collapse_rfc2231_value(value)).strip()
        if isinstance(value, str) and value.strip():
            return head_text(value).strip()
    return ""
