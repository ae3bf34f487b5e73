"""Chinese outline numbers: 一、（一）1.（1）① 一是 案例N 第N条, with their depth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_HAN = "一二三四五六七八九十百零〇两"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"


class Depth(IntEnum):
    """How deep a marker stands in the usual order of official documents."""

    PART = 1
    CASE = 2
    ARTICLE = 2
    SECTION = 3
    SUBSECTION = 4
    ITEM = 5
    SUBITEM = 6
    POINT = 7
    MEMBER = 8


@dataclass(frozen=True, slots=True)
class Marker:
    """An outline number at the head of a text: as printed, the number itself, its depth and what kind it is."""

    printed: str
    number: str
    depth: int
    kind: str


_PATTERNS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("case", Depth.CASE, re.compile(rf"(?:典型)?案例\s*([{_HAN}\d]{{1,4}})\s*[：:.、．\s]?")),
    ("article", Depth.ARTICLE, re.compile(rf"第([{_HAN}\d]{{1,6}})条(?=[\s\u3000])")),
    ("part", Depth.PART, re.compile(rf"第([{_HAN}\d]{{1,4}})(?:部分|章|篇|节)[：:、\s\u3000]?")),
    ("section", Depth.SECTION, re.compile(rf"([{_HAN}]{{1,5}})[、．.](?=\S)")),
    ("subsection", Depth.SUBSECTION, re.compile(rf"[（(]\s*([{_HAN}]{{1,5}})\s*[）)][、．.]?")),
    ("subitem", Depth.SUBITEM, re.compile(r"[（(]\s*(\d{1,3})\s*[）)][、．.]?")),
    ("item", Depth.ITEM, re.compile(r"(?:问题)?(\d{1,3})\s*(?:[、．]|\.(?!\d)|[：:](?=\D))")),
    ("item", Depth.ITEM, re.compile(rf"问题\s*([{_HAN}]{{1,3}})\s*[：:、．.]")),
    ("subitem", Depth.SUBITEM, re.compile(r"(\d{1,3})\s*[）)]")),
    ("point", Depth.POINT, re.compile(rf"([{_CIRCLED}])")),
    ("member", Depth.MEMBER, re.compile(rf"([{_HAN}]{{1,3}})是(?=[^，。；]{{2,}})")),
)
_ENUMERATOR = re.compile(
    rf"(?:^|(?<=[。；：:，,;！？\s”]))(?P<mark>[{_HAN}]{{1,3}}是|其[{_HAN}]{{1,2}}[，,是]|第[{_HAN}]{{1,2}}[，,]|[①-⑳])|"
    rf"(?:^|(?<=[。；：:;！？\s”]))(?P<number>\d{{1,2}}[.．、](?!\d)|[（(](?:\d{{1,2}}|[{_HAN}]{{1,3}})[）)])"
)
_FAMILIES = ("是", "其", "第", "①", ".", "（")


def marker_of(text: str) -> Marker | None:
    """The outline number a text begins with, if any."""
    head = text.lstrip(" \u3000\t#>*-")
    for kind, depth, pattern in _PATTERNS:
        found = pattern.match(head)
        if found:
            return Marker(found.group(0).strip(), found.group(1), int(depth), kind)
    return None


def enumerators(text: str) -> list[tuple[int, str]]:
    """Positions and words of 一是 二是 … (or ① ② …) inside a text, where they really enumerate.

    A series has to begin with its first member and to go on in order: a lone 一是 is a turn of phrase, and the numbers
    of two series in one paragraph are two series.
    """
    found = [
        (match.start(match.lastgroup or 0), match.group(match.lastgroup or 0))
        for match in _ENUMERATOR.finditer(text)
    ]
    kept: list[tuple[int, str]] = []
    for family in _FAMILIES:
        series = [(at, mark) for at, mark in found if _family(mark) == family]
        run: list[tuple[int, str]] = []
        for at, mark in series:
            if _rank(mark) == 1:
                kept += run if len(run) > 1 else []
                run = [(at, mark)]
            elif run and _rank(mark) == _rank(run[-1][1]) + 1:
                run.append((at, mark))
        kept += run if len(run) > 1 else []
    return sorted(kept)


def _family(mark: str) -> str:
    if mark.startswith(("其", "第")):
        return mark[0]
    if mark.endswith("是"):
        return "是"
    if mark[0] in "（(":
        return "（"
    return "." if mark[0].isdecimal() else "①"


def _rank(mark: str) -> int:
    if mark[0] in _CIRCLED:
        return _CIRCLED.index(mark[0]) + 1
    return han_number(mark.strip("其第是，,（()）.．、"))


def han_number(text: str) -> int:
    """十二 → 12; 0 for what is not a number below a thousand."""
    if text.isdigit():
        return int(text)
    digits = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    total, current = 0, 0
    for character in text:
        if character in digits:
            current = digits[character]
        elif character in "十百":
            total += (current or 1) * (10 if character == "十" else 100)
            current = 0
        else:
            return 0
    return total + current
