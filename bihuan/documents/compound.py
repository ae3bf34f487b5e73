"""The container of old binary Office files, and of encrypted new ones: which streams and folders are in it.

Names are looked for where the directory's entries can stand, so a word in the text that reads like one (`Book Title` in
a Word file) is not taken for it, and a file whose allocation table is broken still says what it was.
"""

from __future__ import annotations

HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_LENGTH_AT = 64
_KIND_AT = 66
# A folder, a stream, the root.
_KINDS = (b"\x01", b"\x02", b"\x05")


def has_entry(content: bytes, name: str) -> bool:
    """Whether the directory holds a stream or folder of exactly this name."""
    written = (name + "\0").encode("utf-16-le")
    at = content.find(written, len(HEAD))
    while at >= 0:
        length, kind = (
            content[at + _LENGTH_AT : at + _LENGTH_AT + 2],
            content[at + _KIND_AT : at + _KIND_AT + 1],
        )
        is_entry = at % _ENTRY == 0 and int.from_bytes(length, "little") == len(written)
        if is_entry and kind in _KINDS:
            return True
        at = content.find(written, at + 2)
    return False
