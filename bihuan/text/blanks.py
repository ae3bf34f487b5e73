"""The facts of one case taken out of a sentence, so that its structure can serve another.

Persons, units, places, days, numbers and amounts become a blank to be filled in. It is better to blank too much: whoever
writes fills it in again, while a name left standing would carry one case's facts into another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bihuan.text.masking import Masker
from bihuan.text.places import places_in
from bihuan.text.units import unit_names_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

BLANK: Final = "〔　〕"
_MARK: Final = re.compile(r"⟦\d+⟧")
_HAN: Final = "一二三四五六七八九十百千万亿两〇零"
_MEASURED: Final = "个|家|条|座|处|公里|千米|米|吨|万元|亿元|元|人|户|名|次|项|份|台|套|亩|平方|立方|天|日|月|年|件|公顷|批|栋|所|村|镇|街道|小时|号|路"
_FACTS: Final = re.compile(
    r"[\u4e00-\u9fff]{0,6}[〔\[]\d{4}[〕\]]\d+号"
    r"|[\u4e00-\u9fff]{2}(?:沟|渠|塘|坝|闸|溪|港|岛|湾|堤)"
    r"|[A-Za-z]{0,4}[〔\[（(]?\d[\d.,，:：/\-—~〕\]]*(?:[%％‰]|号)?"
    rf"|百分之[{_HAN}点]+"
    rf"|第?[{_HAN}]+(?={_MEASURED})"
)
_RUN: Final = re.compile(rf"{re.escape(BLANK)}(?:[、至到和与\-—~\s]*{re.escape(BLANK)})+")
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Some words, or a blank."""

    words: str
    is_blank: bool


class Blanker:
    """Knows the names of one case beforehand: its units, its site, its concerned party."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = sorted(
            {name for name in names if len(name) >= _SHORTEST}, key=lambda one: (-len(one), one)
        )
        self._masker = Masker(names)

    def blanked(self, text: str) -> str:
        """The text with a blank in place of every fact that can be recognised."""
        for name in self._names:
            text = text.replace(name, BLANK)
        text = _MARK.sub(BLANK, self._masker.mask(text).text)
        for name in sorted({*_units(text), *places_in(text)}, key=lambda one: (-len(one), one)):
            text = text.replace(name, BLANK)
        return _RUN.sub(BLANK, _FACTS.sub(BLANK, text))


def _units(text: str) -> Iterable[str]:
    return (name for name, _start in unit_names_in(text))


def parts_of(text: str) -> Iterator[Part]:
    """The words between the blanks and the blanks, in order: for lighting up what is to be filled in."""
    for place, words in enumerate(text.split(BLANK)):
        if place:
            yield Part(BLANK, is_blank=True)
        if words:
            yield Part(words, is_blank=False)
