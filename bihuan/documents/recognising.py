"""Text recognition by rapidocr (the extra `ocr`): a picture in, the lines on it out. Its models lie in its wheel.

The picture is searched for lines small and read large: finding them takes most of the time and needs the fewest pixels.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bihuan.documents.drawn_lines import drawn_lines, tilt_of
from bihuan.documents.missed_letters import missed_letters
from bihuan.documents.scanned import NARROW, WIDE, ScannedLetter, ScannedLine, ScannedPage, widened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from bihuan.documents.scanned import Point

SEARCHED_AT: Final = 1280
"""Pixels of the longer side on which lines are looked for."""
_SHORTER_SIDE: Final = 595.0
"""Points of the shorter side: pages are measured as if they were A4, whatever resolution they were scanned at."""
_SIDEWAYS: Final = 1.5
_ASKED: Final = 16
_LONG_LINE: Final = 150.0
_ENOUGH_LINES: Final = 2
_MOST_READERS: Final = 4
_NEXT: Final = 1.6
_LEAST_CERTAIN: Final = 50
_BLANK_CONTRAST: Final = 60
_MODELS: Final = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@cache
def _engine() -> Any:
    """Loaded once a process. The models are named by path, so that nothing is ever looked for elsewhere."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": 4000,
            "Global.return_word_box": True,
            # Line by line: batches are padded to their longest line and cost memory that is asked for anew each time.
            "Rec.rec_batch_num": 1,
            # A processor a line, not all of them at one line: those wait for each other, spinning, half of the time.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": SEARCHED_AT,
            **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
        }
    )


def recognise(picture: Image, number: int) -> ScannedPage:
    """The lines of one page, however it lies: on its side, upside down, tilted."""
    pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    height, width = pixels.shape[:2]
    found = _found(pixels)
    if found is None:
        scale = _SHORTER_SIDE / min(width, height)
        return ScannedPage(number, width * scale, height * scale, 0, 0.0, (), is_blank=_is_blank(picture))
    corners, crops = found
    turn, crops = _upright(corners, crops)
    placed = [_turned(one, turn, width, height) for one in corners]
    if turn in (90, 270):
        width, height = height, width
    scale = _SHORTER_SIDE / min(width, height)
    upright = np.ascontiguousarray(np.rot90(pixels, (360 - turn) // 90 % 4))
    alone = missed_letters(upright, placed, scale)
    placed = [[(x * scale, y * scale) for x, y in one] for one in placed]
    tilt = _tilt(placed, upright)
    lines = (*_lines(crops, placed), *_lone_letters(upright, alone, scale))
    rules = drawn_lines(upright, tilt, scale)
    return ScannedPage(
        number, round(width * scale, 1), round(height * scale, 1), turn, round(tilt, 2), lines, rules
    )


def _found(pixels: Any) -> tuple[Any, list[Any]] | None:
    """The corners of every line and its picture, laid on its long side."""
    from rapidocr.main import RapidOCRError

    preparation: dict[str, Any] = {}
    try:
        crops, found = _engine().detect_and_crop(pixels, preparation)
    except RapidOCRError:
        return None
    # A flat strip is padded above and below before it is searched.
    padding = preparation.get("padding_1", {"top": 0, "left": 0})
    corners = np.asarray(found.boxes, dtype=float) - np.array([padding["left"], padding["top"]])
    return corners, list(crops)


def _upright(corners: Any, crops: list[Any]) -> tuple[int, list[Any]]:
    """How the page must be turned, and the pictures of its lines turned so. Its long lines decide for all."""
    upright, tall = 0.0, 0.0
    is_tall = []
    for one in corners:
        across, down = math.dist(one[0], one[1]), math.dist(one[0], one[3])
        is_tall.append(down >= _SIDEWAYS * across)
        if is_tall[-1]:
            tall += down
        else:
            upright += across
    sideways = tall > upright
    # What is taller than wide was laid on its side already; on an upright page it is a single letter, or a digit.
    turned = [
        np.rot90(crop, 1 if sideways else -1) if sideways != was_tall else crop
        for crop, was_tall in zip(crops, is_tall, strict=True)
    ]
    upside_down = _is_upside_down(turned)
    if upside_down:
        turned = [np.rot90(crop, 2) for crop in turned]
    turn = (270 if sideways else 0) + (180 if upside_down else 0)
    return turn % 360, [np.ascontiguousarray(crop) for crop in turned]


def _is_upside_down(crops: Sequence[Any]) -> bool:
    """By the widest lines: what most of them say, each with its certainty."""
    widest = sorted(crops, key=lambda crop: -crop.shape[1] / crop.shape[0])[:_ASKED]
    _, answers = _engine().cls_and_rotate([np.ascontiguousarray(crop) for crop in widest])
    said = sum((1 if label == "180" else -1) * float(certain) for label, certain in answers.cls_res)
    return said > 0


def _turned(corners: Any, turn: int, width: int, height: int) -> list[Point]:
    """The corners on the turned page, from its top left on clockwise."""
    turns = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (height - y, x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (y, width - x),
    }
    points = [turns[turn](float(x), float(y)) for x, y in corners]
    first = -turn // 90 % 4
    return points[first:] + points[:first]


def _tilt(placed: Sequence[Sequence[Point]], upright: Any) -> float:
    """Degrees by which lines fall to the right; the long ones know, and where there are none the ink of the page."""
    angles = [
        math.degrees(math.atan2(right_top[1] - left_top[1], right_top[0] - left_top[0]))
        for left_top, right_top, _, _ in placed
        if math.dist(left_top, right_top) >= _LONG_LINE
    ]
    return median(angles) if len(angles) >= _ENOUGH_LINES else tilt_of(upright)


def _lines(crops: Sequence[Any], placed: Sequence[Sequence[Point]]) -> tuple[ScannedLine, ...]:
    lines = []
    for (text, words), corners in zip(_readers().map(_read, crops), placed, strict=True):
        if not text.strip():
            continue
        points = [(round(x, 1), round(y, 1)) for x, y in corners]
        lines.append(ScannedLine(widened(text), tuple(points), _letters(text, words)))  # type: ignore[arg-type]
    return tuple(lines)


def _lone_letters(
    upright: Any, boxes: Sequence[tuple[int, int, int, int]], scale: float
) -> list[ScannedLine]:
    """Letters and digits that stand alone; what the recogniser makes of a speck it is not certain of."""
    if not boxes:
        return []
    crops = [upright[top:bottom, left:right] for left, top, right, bottom in boxes]
    placed = [
        [(x * scale, y * scale) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
        for left, top, right, bottom in boxes
    ]
    return [line for line in _lines(crops, placed) if _is_certain(line)]


def _is_certain(line: ScannedLine) -> bool:
    certain = sum(letter.certain for letter in line.letters) / len(line.letters)
    return certain >= _LEAST_CERTAIN and any(letter.isalnum() for letter in line.text)


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_READERS))


def _read(crop: Any) -> tuple[str, Any]:
    """The text of one line and what is known of its letters."""
    read = _engine().recognize_txt([crop])
    return read.txts[0], read.word_results[0]


def _letters(text: str, words: Any) -> tuple[ScannedLetter, ...]:
    """Where each letter stands: the recogniser names the step of its line at which it saw it, spaces left out."""
    steps = iter([step for columns in words.word_cols for step in columns])
    length = float(words.line_txt_len)
    middles = [None if letter.isspace() else (next(steps) + 0.5) / length for letter in text]
    edges = _edges([middle for middle in middles if middle is not None])
    letters, last = [], 0.0
    for letter, middle, certain in zip(text, middles, words.confs, strict=True):
        begins, last = (last, last) if middle is None else next(edges)
        # The recogniser's two widths of a mark share its certainty between them.
        share = 2 if letter in NARROW or letter in WIDE else 1
        letters.append(ScannedLetter(round(begins, 4), round(last, 4), min(100, int(100 * share * certain))))
    return tuple(letters)


def _edges(middles: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Where letters begin and end: next to each other, except where what is between is wider than any letter."""
    steps = [two - one for one, two in pairwise(middles)]
    half = median(steps) / 2 if steps else 0.5
    ends = 0.0
    for at, middle in enumerate(middles):
        begins = ends if at and steps[at - 1] <= _NEXT * 2 * half else max(ends, middle - half)
        near = at < len(steps) and steps[at] <= _NEXT * 2 * half
        ends = middle + (steps[at] / 2 if near else half)
        yield begins, min(1.0, ends)


def _is_blank(picture: Image) -> bool:
    """Whether a page without lines is bare paper: seen from afar it has no dark and light."""
    small = picture.convert("L").resize((64, 64))
    darkest, lightest = small.crop((4, 4, 60, 60)).getextrema()
    return int(lightest) - int(darkest) < _BLANK_CONTRAST  # type: ignore[arg-type]
