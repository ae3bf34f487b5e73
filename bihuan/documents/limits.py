"""How much of a document is read before it is refused; every number can be overridden by the caller."""

from __future__ import annotations

from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading. Sizes in bytes, `depth` counts archives in archives, `seconds` and `memory` apply to a reading in a child process."""

    bytes: int = 100 * _MEBIBYTE
    pages: int = 1000
    pixels: int = 100_000_000
    characters: int = 5_000_000
    rows: int = 200_000
    columns: int = 1000
    members: int = 5000
    depth: int = 2
    unpacked: int = 600 * _MEBIBYTE
    ratio: int = 200
    ratio_from: int = 4 * _MEBIBYTE
    seconds: int = 120
    memory: int = 2048 * _MEBIBYTE
