"""Bytes to text: UTF-8, UTF-16 and GB18030, told apart without a guess that loses a character."""

from __future__ import annotations

import codecs

from bihuan.documents.errors import Unsupported

_SAMPLE = 65536
_NULLS_OF_UTF_16 = 0.2


def _without_mark(content: bytes) -> str | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return encoding
    return None


def _utf_16_without_mark(content: bytes) -> str | None:
    """UTF-16 without a mark: line breaks and Latin characters leave a zero in every other byte."""
    sample = content[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if not even and not odd:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def encoding_of(content: bytes) -> str | None:
    """The encoding under which the whole content decodes to printable text, None if there is none."""
    marked = _without_mark(content)
    guesses = [marked] if marked else [_utf_16_without_mark(content), "utf-8", "gb18030"]
    for encoding in guesses:
        if encoding is None:
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(_unprintable(character) for character in set(text)):
            return encoding
    return None


def _unprintable(character: str) -> bool:
    # Private-use characters are what GB18030 makes of most binary data.
    return (
        character < " " and character not in "\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x1a"
    ) or character in "\ufffe\uffff"


def looks_like_text(content: bytes) -> bool:
    """Whether this is text in an encoding we know."""
    return encoding_of(content) is not None


def decode(content: bytes, file: str) -> str:
    """The text of the content."""
    encoding = encoding_of(content)
    if encoding is None:
        raise Unsupported(file, found="binary")
    return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "")
