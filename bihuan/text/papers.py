"""What a paper says of itself: the day it is signed with, and whether it is a general one.

A general paper (a regulation, minutes, a notice) rightly stands behind many things; a report, a contract, a certificate
of completion proves one.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from bihuan.text.normalise import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMERALS: Final = {sign: str(at) for at, sign in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
}
_LABEL: Final = r"(?:[\u4e00-\u9fff]{0,8}(?:日期|时间)\s*[:：]\s*)?"
_DAY: Final = re.compile(rf"^{_LABEL}(\d{{4}})\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})\s*日?$")
_WRITTEN: Final = re.compile(
    rf"^{_LABEL}([〇○零一二三四五六七八九]{{4}})年([一二三四五六七八九十]{{1,2}})月([一二三四五六七八九十]{{1,3}})日$"
)
_TAIL, _HEAD = 8, 6
_GENERAL: Final = re.compile(
    r"(办法|制度|规定|细则|规程|条例|准则|章程|标准|预案|职责|纪要|通知|方案|批复|决定|意见)"
    r"(?:[（(][^）)]*[）)])?$"
)
_OF_ONE_CASE: Final = re.compile(r"验收|核查|检测|监测|鉴定|评估|施工|竣工|整改")
_TITLE: Final = 60


def signed_on(lines: Iterable[str]) -> dt.date | None:
    """The day standing alone in one of the last lines, else in one of the first: how official papers are dated."""
    written = [line for line in (tidy(line).strip() for line in lines) if line]
    for line in [*reversed(written[-_TAIL:]), *written[:_HEAD]]:
        found = day_alone(line)
        if found is not None:
            return found
    return None


def day_alone(line: str) -> dt.date | None:
    """2026年3月5日, 二〇二六年三月五日, 2026-03-05 where nothing else stands in the line but perhaps 日期：."""
    if found := _DAY.match(line):
        year, month, day = (int(part) for part in found.groups())
    elif found := _WRITTEN.match(line):
        year = int("".join(_NUMERALS[sign] for sign in found.group(1)))
        month, day = _tens(found.group(2)), _tens(found.group(3))
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _tens(numeral: str) -> int:
    """十, 十一, 二十, 三十一 … as a number."""
    before, ten, after = numeral.partition("十")
    units = int(_NUMERALS.get(after, "0"))
    if not ten:
        return int(_NUMERALS.get(before, "0"))
    return 10 * int(_NUMERALS.get(before, "1")) + units


def is_general(name: str, lines: Iterable[str]) -> bool:
    """Whether one of the first lines, or the name where there is no text, is the title of a general paper."""
    titles = [line for line in (tidy(line).strip() for line in lines) if line][:_HEAD] or [
        name.rpartition(".")[0]
    ]
    return any(_is_general_title(title) for title in titles if len(title) <= _TITLE)


def _is_general_title(title: str) -> bool:
    return bool(_GENERAL.search(title)) and not _OF_ONE_CASE.search(title)
