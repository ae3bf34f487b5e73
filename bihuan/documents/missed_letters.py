"""Letters that stand alone, which the search for lines passes over: the number of a row in its cell, a page's number.

Ink the size of letters that lies in no line that was found, and belongs to no drawn line, is looked at by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bihuan.documents.drawn_lines import ink_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Box = tuple[int, int, int, int]
_LOWEST: Final = 5.0
_HIGHEST: Final = 24.0
_WIDEST: Final = 60.0
_NARROWEST: Final = 1.0
_LONGER_THAN_LETTERS: Final = 26.0
_APART: Final = 1.5
_AROUND: Final = 4.0
_EDGE: Final = 12.0
_MOST: Final = 60
_LEAST_INK: Final = 0.08
_COLOURED: Final = 50


def missed_letters(pixels: Any, corners: Sequence[Any], scale: float) -> list[Box]:
    """Left, top, right and bottom of such ink on an upright page, in pixels; `scale` is points a pixel.

    A page with very much of it bears a drawing or a photograph, in which nothing is looked for.
    """
    import cv2

    ink = ink_of(pixels, 0.0)
    ink[_long_lines(ink, scale) > 0] = 0
    # Seals are coloured, and every point of their stars is as large as a letter.
    soft = cv2.GaussianBlur(pixels, (5, 5), 0)
    ink[soft.max(axis=2).astype(int) - soft.min(axis=2) > _COLOURED] = 0
    for one in corners:
        cv2.fillPoly(ink, [_wider(np.asarray(one), 1.0 / scale).astype(np.int32)], 0)
    # Specks are not ink, and the strokes of one letter belong together.
    ink = cv2.medianBlur(ink, 3)
    near = max(1, round(_APART / scale))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2 * near + 1, 2 * near + 1), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    height, width = ink.shape
    found = [
        box
        for *box, _area in boxes[1:].tolist()
        if _is_letter(box, ink, scale) and _is_inside(box, ink.shape, scale)
    ]
    pad, (height, width) = round(_AROUND / scale), ink.shape
    padded = [
        (
            max(0, left - pad),
            max(0, top - pad),
            min(width, left + across + pad),
            min(height, top + down + pad),
        )
        for left, top, across, down in found
    ]
    return padded if len(padded) <= _MOST else []


def _is_letter(box: Sequence[int], ink: Any, scale: float) -> bool:
    left, top, across, down = box
    dark = float(np.count_nonzero(ink[top : top + down, left : left + across])) / (across * down)
    is_as_large = _LOWEST <= down * scale <= _HIGHEST and _NARROWEST <= across * scale <= _WIDEST
    return is_as_large and dark >= _LEAST_INK


def _is_inside(box: Sequence[int], shape: tuple[int, int], scale: float) -> bool:
    """The edges of a scan are full of shadows."""
    left, top, across, down = box
    edge, (height, width) = _EDGE / scale, shape
    return left > edge and top > edge and left + across < width - edge and top + down < height - edge


def _long_lines(ink: Any, scale: float) -> Any:
    import cv2

    length = int(_LONGER_THAN_LETTERS / scale)
    thick = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    upright = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    level = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return cv2.dilate(cv2.bitwise_or(upright, level), np.ones((5, 5), np.uint8))


def _wider(corners: Any, by: float) -> Any:
    """A box a little larger on all sides."""
    middle = corners.mean(axis=0)
    outward = corners - middle
    reach = np.linalg.norm(outward, axis=1, keepdims=True)
    return middle + outward * (1 + by / np.maximum(reach, 1.0))
