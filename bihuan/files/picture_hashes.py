"""What a picture looks like, in numbers: near-same pictures have near-same numbers, whatever their size or compression.

Two perceptual hashes of 64 bits (DCT and gradient) of the whole and of eight windows in it, so that what was cut off at
the sides is found too: the cut picture as a whole is then like one window of the uncut one. Bits are counted, and both
hashes must agree; one alone takes different places under the same sky for the same. Which windows and how many bits
was measured (docs/authenticity.md). A change here is a change of stored numbers and needs its migration.

Pure: `hashes_of` needs an opened picture, everything else only numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

WINDOWS: Final = (
    (0.0, 0.0, 1.0, 1.0),
    (0.05, 0.05, 0.95, 0.95),
    (0.1, 0.1, 0.9, 0.9),
    (0.0, 0.0, 0.9, 0.9),
    (0.1, 0.0, 1.0, 0.9),
    (0.0, 0.1, 0.9, 1.0),
    (0.1, 0.1, 1.0, 1.0),
    (0.1, 0.0, 0.9, 1.0),
    (0.0, 0.1, 1.0, 0.9),
)
BITS: Final = 64
WIDE: Final = 20
NARROW: Final = 16
SIDE: Final = 256
FLAT: Final = 6.0
"""Grey levels of deviation below which a picture shows nothing (a blank page, a covered lens) and is like all others."""
SURE: Final = 10
"""Bits of the DCT hash that may differ where the gradient hash roughly agrees."""
ROUGH: Final = 16
"""Bits of the other hash that may differ then."""
STAMPED: Final = 6
"""Bits of the gradient hash that may differ where the DCT hash roughly agrees: a date or a mark was written in."""
_WHOLE, _WINDOW, _GRADIENT, _WHOLE_EXACT, _WINDOW_EXACT = range(5)
_MOST_BANDS: Final = 4
_SIGN: Final = 1 << (BITS - 1)
_MASK: Final = (1 << BITS) - 1


@dataclass(frozen=True, slots=True)
class Alike:
    """How many bits of either hash differ, in the pair of windows that agree best."""

    dct: int
    gradient: int

    @property
    def near(self) -> bool:
        """Whether both hashes together call the pictures near-same."""
        return (self.dct <= SURE and self.gradient <= ROUGH) or (
            self.gradient <= STAMPED and self.dct <= ROUGH
        )


def hashes_of(picture: Image) -> list[int]:
    """DCT and gradient hash of each window in turn, as signed 64-bit numbers; none for a picture that shows nothing."""
    import imagehash
    from PIL import ImageStat

    small = picture.convert("L")
    small.thumbnail((SIDE, SIDE))
    if ImageStat.Stat(small).stddev[0] < FLAT:
        return []
    found = []
    for left, top, right, bottom in WINDOWS:
        box = (
            round(left * small.width),
            round(top * small.height),
            round(right * small.width),
            round(bottom * small.height),
        )
        window = small.crop(box)
        found += [_number(imagehash.phash(window)), _number(imagehash.dhash(window))]
    return found


def _number(bits: object) -> int:
    value = int(str(bits), 16)
    return value - (1 << BITS) if value & _SIGN else value


def alike(one: Sequence[int], other: Sequence[int]) -> Alike | None:
    """The best agreement of one's whole with any window of the other, or the other way round."""
    if not one or not other:
        return None
    pairs = [(0, at) for at in range(0, len(other), 2)] + [(at, 0) for at in range(2, len(one), 2)]
    found = [Alike(_differ(one[a], other[b]), _differ(one[a + 1], other[b + 1])) for a, b in pairs]
    # Of two that agree as well the one with fewer bits of the DCT hash, whichever picture is named first.
    return min(found, key=lambda pair: (not pair.near, pair.dct + pair.gradient, pair.dct))


def _differ(one: int, other: int) -> int:
    return ((one ^ other) & _MASK).bit_count()


def keys_of(hashes: Sequence[int]) -> list[int]:
    """What a stored picture is found by: bands of its hashes, each told apart by where it comes from."""
    if not hashes:
        return []
    keys = {*_wide(hashes[0], _WHOLE), *_wide(hashes[1], _GRADIENT), *_narrow(hashes[0], _WHOLE_EXACT)}
    for at in range(2, len(hashes), 2):
        keys.update(_wide(hashes[at], _WINDOW))
        keys.update(_narrow(hashes[at], _WINDOW_EXACT))
    return sorted(keys)


def probes_of(hashes: Sequence[int]) -> list[int]:
    """What is looked up for a picture: its wide bands with any one bit changed, and its narrow ones as they are.

    Of three wide bands of two hashes up to five bits apart, one has at most one of them: such pictures are always met.
    Cut ones differ by more and are met nine times in ten; the narrow bands bring what the wide ones miss.
    """
    if not hashes:
        return []
    keys: set[int] = set()
    for place, value in ((_WHOLE, hashes[0]), (_WINDOW, hashes[0]), (_GRADIENT, hashes[1])):
        for key in _wide(value, place):
            keys.add(key)
            keys.update(key ^ (1 << bit) for bit in range(WIDE))
    keys.update(_narrow(hashes[0], _WINDOW_EXACT))
    for at in range(2, len(hashes), 2):
        keys.update(_narrow(hashes[at], _WHOLE_EXACT))
    return sorted(keys)


def _wide(value: int, place: int) -> Iterator[int]:
    return _bands(value, place, WIDE)


def _narrow(value: int, place: int) -> Iterator[int]:
    return _bands(value, place, NARROW)


def _bands(value: int, place: int, width: int) -> Iterator[int]:
    bits = value & _MASK
    for band in range(BITS // width):
        part = (bits >> (band * width)) & ((1 << width) - 1)
        yield ((place * _MOST_BANDS + band) << WIDE) | part
