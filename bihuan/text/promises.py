"""What a progress report says was done, as against what it says will be: promises, dated facts, copied words."""

from __future__ import annotations

import re
from typing import Final

from bihuan.text.normalise import fold
from bihuan.text.sameness import runs_of, share_of

_PROMISE: Final = re.compile(
    r"将(?!\s*\d)|拟|计划|下一步|力争|确保|争取|正在|加快|抓紧|高度重视|认真研究|积极推进|持续推进|有序推进|稳步推进|尽快|进一步|研究部署|按(?:方案|计划|要求)"
)
_DONE: Final = re.compile(
    r"已|完成了|(?<!未)(?<!待)完成(?!时限|计划|目标)|拆除|清运|更换|修复|印发|追回|上缴|退还|处罚|投运|封堵"
)
_FIGURE: Final = re.compile(
    r"\d|[一二三四五六七八九十百千万两]+(?:公里|米|吨|处|家|户|人|次|件|万元|元|亩|台|个|份|天|年|月)"
)
_DATES: Final = re.compile(
    r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*(?:\d{1,2}\s*[日号]?)?|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号]|份)?|本月|上月|[上中下]旬|截至|目前"
)
_FIGURES: Final = re.compile(r"\d+(?:\.\d+)?")
SHORTEST: Final = 16
"""Folded characters below which two reports may be equal by chance."""


def is_only_promise(text: str) -> bool:
    """Whether a report promises and tells no fact: nothing done, no figure, no date."""
    return bool(_PROMISE.search(text)) and not _DONE.search(text) and not _FIGURE.search(text)


def undated(text: str) -> str:
    """The words without their dates, which is what is changed where a report is copied; its other figures stay."""
    return _DATES.sub("", text)


def copied_share(one: str, other: str) -> float:
    """How much two reports have in common, dates aside; 0 where a figure differs, for that is news, and for short ones."""
    first, second = undated(one), undated(other)
    if min(len(fold(first)), len(fold(second))) < SHORTEST:
        return 0.0
    if sorted(_FIGURES.findall(first)) != sorted(_FIGURES.findall(second)):
        return 0.0
    return share_of(runs_of(first), runs_of(second))
