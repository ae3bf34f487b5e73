"""Marks of state secrecy, and text that looks like a clue about a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bihuan.text.normalise import tidy


class SecrecyLevel(StrEnum):
    """The three levels of state secrets, and work secrets below them."""

    TOP_SECRET = "top_secret"  # noqa: S105 (a level, no password)
    SECRET = "secret"  # noqa: S105 (the same)
    CONFIDENTIAL = "confidential"
    WORK_SECRET = "work_secret"  # noqa: S105 (the same)


@dataclass(frozen=True, slots=True)
class SecrecyMark:
    """A mark as written, the level it claims (None for a copy number, which only such papers bear), and where."""

    text: str
    level: SecrecyLevel | None
    start: int


_LEVELS = {"绝密": SecrecyLevel.TOP_SECRET, "机密": SecrecyLevel.SECRET, "秘密": SecrecyLevel.CONFIDENTIAL}
_STARRED = re.compile(
    r"(绝\s{0,4}密|机\s{0,4}密|秘\s{0,4}密)\s*[★☆⭐*＊]\s*(?:\d+\s*[年月天]|长期|[一二三四五六七八九十]+年)?"
)
# Without a star the word only counts where a mark stands: alone on a line, or as 密级：….
_LABELLED = re.compile(r"(?:密\s*级|保密等级)\s*[：:]\s*(绝密|机密|秘密)")
_ALONE = re.compile(
    r"(?m)^\s*[【\[（(]?(绝\s{0,4}密|机\s{0,4}密|秘\s{0,4}密)(?:级|件|文件)?[】\]）)]?\s*(?:[一二三四五六七八九十\d]+年)?\s*$"
)
_HEAD_MARK = re.compile(r"^\s*[【\[（(](绝密|机密|秘密)[】\]）)]")
_IN_NAME = re.compile(
    r"[（(【\[_\-]\s*(绝密|机密|秘密)\s*[）)】\]_\-.]|^(绝密|机密|秘密)[_\-★＊* ]|[_\- ](绝密|机密|秘密)(?:\.|$)"
)
_COPY_NUMBER = re.compile(
    r"(?m)^\s*(?:份\s*号\s*[：:]?\s*\d{1,6}|(?:№|No\.?)\s*0\d{4,5})\s*$|份号\s*[：:]\s*\d{1,6}|第\s*\d{1,6}\s*份\s*[/，,]?\s*共\s*\d{1,6}\s*份"
)
_WORK_SECRET = re.compile(
    r"(?m)^\s*[【\[（(]?(?:工作秘密|内部(?:资料|文件|使用)[，,、 ]*(?:注意保存|不得外传|请勿外传)?)[】\]）)]?\s*$|工作秘密\s*[★☆*]"
)

_PERSON = (
    r"(?:[\u4e00-\u9fff]{0,6}(?:书记|主任|局长|厅长|县长|市长|区长|镇长|乡长|村长|校长|院长|所长|科长|处长|经理|董事长|队长|支书|主席|干部|领导)"
    r"[\u4e00-\u9fff]{0,4}|[\u4e00-\u9fff]{1,2}某{1,2}[\u4e00-\u9fff]?|其本人|其亲属)"
)
_BREACH = (
    r"(?:收受(?:贿赂|礼金|礼品|好处|红包|财物)?|受贿|索贿|行贿|贪污|侵吞|私分|公款(?:吃喝|旅游)|买官|卖官|权钱交易|权色交易|钱权交易|钱色交易|吃拿卡要|以权谋私|谋取私利|"
    r"利益输送|包养|赌博|吸毒|嫖娼|生活作风|利用职(?:务|权)|违规经商|违规兼职|挪用公款|巨额财产|优亲厚友|充当保护伞|保护伞|酒驾|收黑钱|收好处|拿回扣|吃回扣)"
)
_CLUE = re.compile(rf"{_PERSON}[^。！？\n]{{0,30}}?{_BREACH}|{_BREACH}[^。！？\n]{{0,16}}?{_PERSON}")
_ABOUT_CLUES = re.compile(
    r"问题线索|线索(?:移交|移送|处置)|反映[^。]{0,12}(?:领导干部|党员干部|个人)的?(?:问题)?线索"
)


def secrecy_marks(text: str, *, name: str = "") -> list[SecrecyMark]:
    """Marks of secrecy in a text and in a file's name, in order of appearance.

    The words 秘密 or 机密 inside a sentence (商业秘密, 保守国家秘密) are no mark.
    """
    tidied = tidy(text)
    found = [
        SecrecyMark(match.group(0).strip(), _level(match.group(1)), match.start())
        for pattern in (_STARRED, _LABELLED, _ALONE, _HEAD_MARK)
        for match in pattern.finditer(tidied)
    ]
    found += [
        SecrecyMark(match.group(0).strip(), None, match.start()) for match in _COPY_NUMBER.finditer(tidied)
    ]
    found += [
        SecrecyMark(match.group(0).strip(), SecrecyLevel.WORK_SECRET, match.start())
        for match in _WORK_SECRET.finditer(tidied)
    ]
    for match in _IN_NAME.finditer(name):
        word = next(group for group in match.groups() if group)
        found.append(SecrecyMark(word, _level(word), 0))
    unique = {(mark.start, mark.level): mark for mark in found}
    return sorted(unique.values(), key=lambda mark: mark.start)


def _level(written: str) -> SecrecyLevel:
    return _LEVELS["".join(written.split())]


def clue_about_person(text: str) -> str | None:
    """The words by which a text looks like a clue about a person's conduct, None where it does not."""
    found = _CLUE.search(text)
    return found.group(0) if found else None


def speaks_of_clues(text: str) -> bool:
    """Whether a text reports that clues were received or handed over, without being one."""
    return _ABOUT_CLUES.search(text) is not None
