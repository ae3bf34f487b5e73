"""Taking out of a picture what the camera wrote into it, and leaving every other byte as it is. Pure.

How the picture is to be turned stays: without it a phone's photograph would lie on its side. A picture in which nothing
was written comes out unchanged; one that is not built as it should be is not handed out in this way (None).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from bihuan.files.kinds import JPEG, PNG, WEBP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bihuan.files.kinds import Kind

_ORIENTATION: Final = 0x0112
_UPRIGHT, _SHORT = 1, 3
_TURNS: Final = range(1, 9)
# EXIF and XMP, Photoshop's, comments; pictures in the picture that follow the first one.
_JPEG_TOLD: Final = frozenset({0xE1, 0xED, 0xFE})
_SCAN, _END, _STANDALONE = 0xDA, 0xD9, frozenset({0x01, *range(0xD0, 0xD9)})
_PNG_TOLD: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_WEBP_TOLD: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_HEAD, _WEBP_FLAGS = 12, 0b0000_1100


def stripped(content: bytes, kind: Kind) -> bytes | None:
    """The picture without camera data; None for a kind, or a content, that cannot be taken apart."""
    take_apart = _WAYS.get(kind.media_type)
    if take_apart is None:
        return None
    try:
        return take_apart(content)
    except (IndexError, struct.error, ValueError):
        return None


def _jpeg(content: bytes) -> bytes:
    kept, turned = [content[:2]], _UPRIGHT
    for marker, segment in _segments(content):
        if marker in _JPEG_TOLD:
            turned = _orientation_in(segment) or turned
        else:
            kept.append(segment)
    if turned != _UPRIGHT:
        kept.insert(1, _turned(turned))
    return b"".join(kept)


def _orientation_in(segment: bytes) -> int | None:
    """How the picture is to be turned, as a segment of EXIF says in its first directory."""
    if segment[4:10] != b"Exif\0\0":
        return None
    tiff = segment[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        count = struct.unpack_from(f"{order}H", tiff, start)[0]
        for entry in range(count):
            tag, sort, many, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if (tag, sort, many) == (_ORIENTATION, _SHORT, 1):
                return value if value in _TURNS else None
    except struct.error:
        return None
    return None


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; what begins with the first scan is one piece."""
    at = 2
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004  (every marker begins with it)
            raise ValueError(at)
        marker = content[at + 1]
        if marker == 0xFF:  # noqa: PLR2004  (filling before a marker)
            at += 1
            continue
        if marker in {_SCAN, _END}:
            yield marker, content[at:]
            return
        size = 2 if marker in _STANDALONE else 2 + struct.unpack_from(">H", content, at + 2)[0]
        yield marker, content[at : at + size]
        at += size


def _turned(orientation: int) -> bytes:
    """A segment of EXIF that says how the picture is to be turned, and nothing else."""
    directory = struct.pack(">HHHIHHI", 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + directory
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    if not content.startswith(_PNG_HEAD):
        raise ValueError(content[:8])
    kept, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at < len(content):
        size = struct.unpack_from(">I", content, at)[0] + 12
        name = content[at + 4 : at + 8]
        if name not in _PNG_TOLD:
            kept.append(content[at : at + size])
        at += size
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError(content[:12])
    kept, at = [], _WEBP_HEAD
    while at < len(content):
        size = struct.unpack_from("<I", content, at + 4)[0]
        piece = content[at : at + 8 + size + size % 2]
        if content[at : at + 4] == b"VP8X":
            piece = piece[:8] + bytes([piece[8] & ~_WEBP_FLAGS]) + piece[9:]
        if content[at : at + 4] not in _WEBP_TOLD:
            kept.append(piece)
        at += 8 + size + size % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


_WAYS: Final[dict[str, Callable[[bytes], bytes]]] = {
    JPEG.media_type: _jpeg,
    PNG.media_type: _png,
    WEBP.media_type: _webp,
}
