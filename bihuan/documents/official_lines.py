"""What GB/T 9704-2012 asks of lines, dates and numbers of an official document. Pure.

A title of several lines stands as a trapezium or a rhombus, never as an hourglass, and no line begins or ends with what
belongs to the other one. Dates are written in Arabic numerals without leading zeros, years in numbers in 〔〕.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

TITLE_CHARACTERS: Final = 20
"""Characters of 22 points in 156 millimetres."""
KEPT_WHOLE: Final = (
    "管网",
    "漏损率",
    "整改",
    "督办",
    "挂牌督办",
    "摘牌",
    "销号",
    "约谈",
    "移送",
    "立行立改",
    "回头看",
)
"""Words of this trade a general dictionary may cut."""
_NEVER_FIRST: Final = frozenset("，。、；：！？）》〉”’】〕…—·的了和与及等函")
_NEVER_LAST: Final = frozenset("（《〈“‘【〔和与及在对")
_RUN: Final = re.compile(r"[0-9A-Za-z.%\-–]+")
_MOST_ENUMERATED: Final = 3
_EVEN, _HOURGLASS = 3.0, 1000.0
DOCUMENT_NO: Final = re.compile(r"[\u4e00-\u9fffA-Za-z（）]{1,40}〔[12]\d{3}〕[1-9]\d{0,5}号")
_YEAR_IN_BRACKETS: Final = re.compile(
    r"[\[(（【［{〔]\s*([12]\d{3})\s*年?\s*[\])）】］}〕]\s*第?\s*0*(\d+)\s*号?"
)
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")
MOST_CAPITAL: Final = Decimal(10) ** 16


def width_of(text: str) -> float:
    """How many full-width characters a text takes; Latin letters and digits take half of one."""
    return sum(0.5 if unicodedata.east_asian_width(one) in {"Na", "H", "N"} else 1.0 for one in text)


def title_lines(title: str, *, most: int = TITLE_CHARACTERS, keep: Collection[str] = ()) -> list[str]:
    """The title in as few lines as it needs, balanced; `keep` are words (names of units) that are not torn apart."""
    title = " ".join(title.split())
    if width_of(title) <= most:
        return [title] if title else []
    places = _places(title, keep)
    fewest = -int(-width_of(title) // most)
    for lines in range(fewest, fewest + 2):
        found = _best(title, places, lines, most)
        if found:
            return found
    # Words longer than a line: what may not be torn is torn, for nothing is left out.
    return _filled(title, most)


def _places(title: str, keep: Collection[str]) -> list[int]:
    """Where a line may end: between words, as a dictionary cuts them, and never before a lone character."""
    # Here, for its dictionary takes a fifth of a second and 35 MB of whoever starts the program.
    import rjieba

    ends, at = set(), 0
    for word in rjieba.cut(title):
        if len(word) > 1:
            ends.add(at)
        at += len(word)
    torn = {at for run in _RUN.finditer(title) for at in range(run.start() + 1, run.end())}
    for word in {*KEPT_WHOLE, *keep}:
        start = title.find(word) if word else -1
        while start >= 0:
            torn.update(range(start + 1, start + len(word)))
            start = title.find(word, start + 1)
    return [
        at
        for at in range(1, len(title))
        if at in ends
        and at not in torn
        and title[at] not in _NEVER_FIRST
        and title[at - 1] not in _NEVER_LAST
    ]


def _best(title: str, places: Sequence[int], lines: int, most: int) -> list[str]:
    if lines > _MOST_ENUMERATED:
        return _even(title, places, lines, most)
    best: tuple[float, list[str]] | None = None
    for chosen in combinations(places, lines - 1):
        parts = [title[start:end].strip() for start, end in pairwise((0, *chosen, len(title)))]
        widths = [width_of(part) for part in parts]
        if max(widths) > most:
            continue
        cost = shape_cost(widths)
        if best is None or cost < best[0]:
            best = cost, parts
    return best[1] if best else []


def shape_cost(widths: Sequence[float]) -> float:
    """How far the lines are from the standard's shapes: uneven ones cost a little, a block more, an hourglass most."""
    mean = sum(widths) / len(widths)
    cost = sum((width - mean) ** 2 for width in widths)
    if len(set(widths)) == 1:
        cost += _EVEN
    return cost + (_HOURGLASS if is_hourglass(widths) else 0)


def is_hourglass(widths: Sequence[float]) -> bool:
    """Whether the lines grow narrower and then wider again."""
    narrowing = False
    for one, other in pairwise(widths):
        if other > one and narrowing:
            return True
        narrowing = narrowing or other < one
    return False


def _even(title: str, places: Sequence[int], lines: int, most: int) -> list[str]:
    """Many lines, each as near to its share as the places allow."""
    parts, start = [], 0
    for left in range(lines, 1, -1):
        share = width_of(title[start:]) / left
        fitting = [at for at in places if at > start and width_of(title[start:at]) <= most]
        if not fitting:
            return []
        at = min(fitting, key=lambda one: abs(width_of(title[start:one]) - share))
        parts.append(title[start:at].strip())
        start = at
    parts.append(title[start:].strip())
    return parts if all(0 < width_of(part) <= most for part in parts) else []


def _filled(title: str, most: int) -> list[str]:
    parts, line = [], ""
    for character in title:
        if width_of(line + character) > most:
            parts.append(line)
            line = ""
        line += character
    return [*parts, line]


def written_date(day: date) -> str:
    """``2026年3月5日``: all of it, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def right_document_no(text: str) -> str:
    """What somebody probably meant by a number: 〔2026〕 in the right brackets, no 第, no leading zero, 号 at its end."""
    squeezed = "".join(text.split())
    return _YEAR_IN_BRACKETS.sub(lambda found: f"〔{found[1]}〕{found[2]}号", squeezed)


def is_document_no(text: str) -> bool:
    """Whether a document number is written as the standard wants: 机关代字〔2026〕3号."""
    return DOCUMENT_NO.fullmatch(text) is not None


def signature_indents(signed_by: str, dated: str, *, size: float = 16, line: int = 28) -> tuple[float, float]:
    """How far, in points, signature and date stand from the right edge where a seal will be set.

    The date is four characters in, the signature centred above it; a longer signature pushes the date further in.
    """
    name, day = width_of(signed_by) * size, width_of(dated) * size
    in_from_right = 4 * size
    shift = (name - day) / 2
    if shift > in_from_right:
        in_from_right = min(shift, (line * size - day) / 2)
    return max(0.0, in_from_right - shift), in_from_right


def in_capitals(amount: Decimal) -> str:
    """An amount of yuan in the capital numerals of documents: 人民币壹万零伍元叁角整."""
    amount = amount.quantize(Decimal("0.01"))
    if not 0 <= amount < MOST_CAPITAL:
        msg = f"amounts from 0 to below {MOST_CAPITAL}"
        raise ValueError(msg)
    cents = int(amount * 100)
    yuan, (jiao, fen) = cents // 100, divmod(cents % 100, 10)
    words = f"{_whole(yuan)}元" if yuan or not cents else ""
    if not jiao and not fen:
        return f"人民币{words}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    return f"人民币{words}" + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    groups, place = [], 0
    while number:
        number, group = divmod(number, 10_000)
        groups.append((group, place))
        place += 1
    words, gap = "", False
    for group, place in reversed(groups):
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):  # noqa: PLR2004  (a group whose first place is empty)
            words += "零"
        gap = False
        words += _four(group) + _GROUPS[place]
    return words


def _four(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
