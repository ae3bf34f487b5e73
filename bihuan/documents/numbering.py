"""The numbers Word draws before list paragraphs: they are not in the text and have to be counted again."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_LEVELS = 9
_TEN, _TWENTY, _HIGHEST = 10, 20, 9999


def chinese(number: int) -> str:
    """12 → 十二, 105 → 一百零五."""
    if not 0 < number <= _HIGHEST:
        return str(number)
    result, pending_zero = "", False
    digits = str(number)
    for place, digit in enumerate(digits):
        value, unit = int(digit), _UNITS[len(digits) - place - 1]
        if value == 0:
            pending_zero = True
            continue
        if pending_zero and result:
            result += "零"
        pending_zero = False
        result += _DIGITS[value] + unit
    return result.removeprefix("一") if _TEN <= number < _TWENTY else result


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else str(number)


def _roman(number: int) -> str:
    result = ""
    for value, sign in _ROMAN:
        while number >= value:
            result += sign
            number -= value
    return result


def _circled(number: int) -> str:
    return _CIRCLED[number] if 0 <= number < len(_CIRCLED) else str(number)


_STYLES: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "ideographDigital",
            "japaneseDigitalTenThousand",
        ),
        chinese,
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional"),
        lambda number: chinese(number).translate(_FORMAL),
    ),
    **dict.fromkeys(
        ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"), _circled
    ),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "decimalZero": lambda number: f"{number:02d}",
    "ideographTraditional": lambda number: _STEMS[(number - 1) % len(_STEMS)],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % len(_BRANCHES)],
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "none": lambda _: "",
    "bullet": lambda _: "",
}


def formatted(number: int, style: str) -> str:
    """A counter in one of Word's number formats; formats we do not know come out in digits."""
    return _STYLES.get(style, str)(number)


@dataclass(frozen=True, slots=True)
class _Level:
    """`restart`: the depth (0 is the outermost) from which up a new number begins this level again; -1 is never."""

    style: str
    pattern: str
    start: int
    restart: int


class Numbering:
    """Counts the lists of one document, paragraph by paragraph, in their order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * _LEVELS)
        if root is None:
            return
        self._read_definitions(root)
        for element in root.findall(f"{W}num"):
            abstract = element.find(f"{W}abstractNumId")
            starts = {
                _whole(override.get(f"{W}ilvl"), 0): _whole(start.get(f"{W}val"), 1)
                for override in element.findall(f"{W}lvlOverride")
                if (start := override.find(f"{W}startOverride")) is not None
            }
            name = abstract.get(f"{W}val", "") if abstract is not None else ""
            replaced = dict(map(_level, element.iterfind(f"{W}lvlOverride/{W}lvl")))
            if replaced:
                # A list that redefines levels is a definition of its own, and counts on its own.
                known = self._abstract.get(name, {})
                name = f"{name}/{element.get(f'{W}numId')}"
                self._abstract[name] = {**known, **replaced}
            self._lists[element.get(f"{W}numId", "")] = (name, starts)

    def _read_definitions(self, root: Element) -> None:
        """Definitions, some of which only point to the list style that holds the levels."""
        by_style: dict[str, str] = {}
        pointing: dict[str, str] = {}
        for element in root.iter(f"{W}abstractNum"):
            name = element.get(f"{W}abstractNumId", "")
            self._abstract[name] = dict(map(_level, element.iter(f"{W}lvl")))
            if (style := element.find(f"{W}styleLink")) is not None:
                by_style[style.get(f"{W}val", "")] = name
            if (style := element.find(f"{W}numStyleLink")) is not None:
                pointing[name] = style.get(f"{W}val", "")
        for name, wanted in pointing.items():
            if not self._abstract[name] and wanted in by_style:
                self._abstract[name] = self._abstract[by_style[wanted]]

    def next(self, list_id: str, depth: int) -> str:
        """The number of the next paragraph of this list at this depth (0 is the outermost); '' without a list."""
        if list_id not in self._lists or not 0 <= depth < _LEVELS:
            return ""
        abstract, starts = self._lists[list_id]
        levels = self._abstract.get(abstract, {})
        if depth not in levels:
            return ""
        # Lists that share one definition go on counting together unless one of them restarts.
        counts = self._counts[list_id if starts else abstract]
        before = counts[depth]
        counts[depth] = starts.get(depth, levels[depth].start) if before is None else before + 1
        for deeper in range(depth + 1, _LEVELS):
            if deeper not in levels or depth <= levels[deeper].restart:
                counts[deeper] = None

        def shown(found: re.Match[str]) -> str:
            wanted = int(found.group(1)) - 1
            level = levels.get(wanted)
            if level is None:
                return ""
            count = counts[wanted]
            return formatted(level.start if count is None else count, level.style)

        if levels[depth].style == "bullet":
            return ""
        return re.sub(r"%(\d)", shown, levels[depth].pattern)


def _level(element: Element) -> tuple[int, _Level]:
    def value(tag: str, default: str) -> str:
        found = element.find(f"{W}{tag}")
        return found.get(f"{W}val", default) if found is not None else default

    start, depth = value("start", "1"), _whole(element.get(f"{W}ilvl"), 0)
    # Word counts the levels that begin this one again from 1; 0 says none does.
    restart = value("lvlRestart", "")
    return depth, _Level(
        style=value("numFmt", "decimal"),
        pattern=value("lvlText", ""),
        start=int(start) if start.isdecimal() else 1,
        restart=int(restart) - 1 if restart.isdecimal() else depth - 1,
    )


def _whole(written: str | None, otherwise: int) -> int:
    """A number of a damaged file may be none."""
    return int(written) if written is not None and written.isdecimal() else otherwise
