"""The lines drawn around the cells of a table on a scan: what is left of the ink when all that is short is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bihuan.documents.pdf_page import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHORTEST: Final = 24.0
_THICKEST: Final = 6.0
_MEETS: Final = 5.0
_INK: Final = 14
_BROKEN: Final = 7
_AROUND: Final = 31
_SMALL: Final = 800
_STEPS: Final = 16
_COARSE: Final = 0.25
_FINE: Final = 0.03


def drawn_lines(pixels: Any, tilt: float, scale: float) -> tuple[Rule, ...]:
    """The lines of the tables on an upright page, the tilt undone; `scale` is points a pixel.

    The strokes of letters stand in rows too: what does not run from line to line is none of a table.
    """
    ink = ink_of(pixels, tilt)
    return tuple(
        _meeting(list(_long(ink, scale, is_upright=True)), list(_long(ink, scale, is_upright=False)))
    )


def tilt_of(pixels: Any) -> float:
    """Degrees by which a page falls to the right, where no long line of text says so: its rows of ink then part best."""
    import cv2

    small = cv2.resize(
        np.ascontiguousarray(pixels), None, fx=_SMALL / pixels.shape[1], fy=_SMALL / pixels.shape[1]
    )
    ink = ink_of(small, 0.0)

    def parted(tilt: float) -> float:
        rows = _levelled(ink, tilt, empty=0).sum(axis=1, dtype=np.int64)
        return float(np.square(np.diff(rows)).sum())

    best = max((step * _COARSE for step in range(-_STEPS, _STEPS + 1)), key=parted)
    return max((best + step * _FINE for step in range(-_STEPS // 2, _STEPS // 2 + 1)), key=parted)


def _levelled(pixels: Any, tilt: float, *, empty: int) -> Any:
    import cv2

    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    return cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=empty)


def ink_of(pixels: Any, tilt: float) -> Any:
    """What is darker than the paper around it, white on black, the tilt undone."""
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2GRAY)
    if tilt:
        grey = _levelled(grey, tilt, empty=255)
    grey = cv2.GaussianBlur(grey, (3, 3), 0)
    return cv2.adaptiveThreshold(
        255 - grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, _AROUND, -_INK
    )


def _long(ink: Any, scale: float, *, is_upright: bool) -> Iterable[Rule]:
    """Everything long and thin in one direction. A line that is faint or a little uneven is made whole first."""
    import cv2

    def along(length: int, across: int = 1) -> Any:
        return np.ones((length, across) if is_upright else (across, length), np.uint8)

    whole = cv2.morphologyEx(cv2.dilate(ink, along(1, 3)), cv2.MORPH_CLOSE, along(_BROKEN))
    long = cv2.morphologyEx(whole, cv2.MORPH_OPEN, along(int(_SHORTEST / scale)))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(long)
    for left, top, width, height, _area in boxes[1:].tolist():
        begins, reach, at, thick = (top, height, left, width) if is_upright else (left, width, top, height)
        if thick * scale <= _THICKEST:
            places = (at + thick / 2, begins, begins + reach)
            yield Rule(is_upright, *(round(place * scale, 1) for place in places))


def _meeting(uprights: Sequence[Rule], levels: Sequence[Rule]) -> list[Rule]:
    """Lines that begin and end at others."""
    level = [rule for rule in levels if _ends_at(rule, uprights)]
    upright = [rule for rule in uprights if _ends_at(rule, level)]
    return [*upright, *(rule for rule in level if _ends_at(rule, upright))]


def _ends_at(rule: Rule, others: Sequence[Rule]) -> bool:
    return all(
        any(
            abs(other.at - end) <= _MEETS and other.begins - _MEETS <= rule.at <= other.ends + _MEETS
            for other in others
        )
        for end in (rule.begins, rule.ends)
    )
