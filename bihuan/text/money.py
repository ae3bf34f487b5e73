"""Amounts of money in Chinese text, as exact decimals in yuan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_UNITS: Final[dict[str, Decimal]] = {
    "": Decimal(1),
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10**4),
    "十万": Decimal(10**5),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "十亿": Decimal(10**9),
    "百亿": Decimal(10**10),
    "千亿": Decimal(10**11),
    "万亿": Decimal(10**12),
}
_MAGNITUDE = "|".join(sorted((unit for unit in _UNITS if unit), key=len, reverse=True))
_HAN_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
}
# A line may end at the point or comma of a number; between two digits it more likely ends a number.
_AMOUNT = re.compile(
    rf"(?P<number>\d{{1,3}}(?:[,，]\n?\d{{3}})+(?:\n?\.\n?\d+)?|\d+(?:\n?\.\n?\d+)?|[一二两三四五六七八九十百千零〇]+)\s*(?P<about>余|多)?\s*"
    rf"(?P<magnitude>{_MAGNITUDE})?\s*(?P<about2>余|多)?\s*(?P<currency>元|美元|欧元|港元|块钱|圆)"
)
_EACH_BEFORE = re.compile(r"每[\u4e00-\u9fff]{0,3}\s*$")
_AFTER_IS_UNIT = re.compile(r"\s*(?:/|每|一)?(?:人|亩|吨|平方米|公斤|套|次|度)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as written and in yuan (None for foreign currency); `about` for 余 and 多; start and end in the text."""

    text: str
    yuan: Decimal | None
    about: bool
    start: int
    end: int


def amounts_in(text: str) -> list[Amount]:
    """Every sum of money in the text, in order."""
    result = []
    for match in _AMOUNT.finditer(text):
        number = _number(match.group("number"))
        if number is None:
            continue
        foreign = match.group("currency") in ("美元", "欧元", "港元")
        value = number * _UNITS[match.group("magnitude") or ""]
        result.append(
            Amount(
                text=match.group(0),
                yuan=None if foreign else value,
                about=bool(match.group("about") or match.group("about2")),
                start=match.start(),
                end=match.end(),
            )
        )
    return result


def main_amount(text: str) -> Amount | None:
    """The sum a finding is about: the first one of its first sentence, else the largest; prices per piece do not count."""
    found = [amount for amount in amounts_in(text) if not _per_piece(text, amount)]
    if not found:
        return None
    end_of_lead = text.find("。")
    lead = [amount for amount in found if end_of_lead < 0 or amount.start < end_of_lead]
    if lead:
        return lead[0]
    return max(found, key=lambda amount: amount.yuan or Decimal(0))


def amount_of_cell(text: str, *, unit: Decimal = Decimal(1)) -> Decimal | None:
    """The sum in a table cell: `1,234.5`, `1234.5万元`, `￥1,234`; bare numbers count in `unit` (from the header)."""
    stripped = text.strip().lstrip("¥￥").replace(" ", "")
    found = amounts_in(stripped)
    if found:
        return found[0].yuan
    bare = re.fullmatch(rf"(-?\d{{1,3}}(?:[,，]\d{{3}})+(?:\.\d+)?|-?\d+(?:\.\d+)?)({_MAGNITUDE})?", stripped)
    if bare is None:
        return None
    number = Decimal(bare.group(1).replace(",", "").replace("，", ""))
    return number * (_UNITS[bare.group(2)] if bare.group(2) else unit)


def unit_of_header(text: str) -> Decimal:
    """The unit a column's header names, as in 涉及金额（万元）; yuan where it names none."""
    found = re.search(rf"({_MAGNITUDE})元", text)
    return _UNITS[found.group(1)] if found else Decimal(1)


def _per_piece(text: str, amount: Amount) -> bool:
    return (
        _AFTER_IS_UNIT.match(text, amount.end) is not None
        or _EACH_BEFORE.search(text[: amount.start]) is not None
    )


def _number(written: str) -> Decimal | None:
    if written[0].isdigit():
        return Decimal(re.sub(r"[,，\n]", "", written))
    total, current = 0, 0
    for character in written:
        if character in _HAN_DIGITS:
            current = _HAN_DIGITS[character]
        else:
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            current = 0
    return Decimal(total + current) or None
