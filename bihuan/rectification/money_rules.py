"""Money in question and what became of it: sums of exact decimals that reconcile to the fen. Pure.

For one problem ``in_question + excess = put_right + taken_off + outstanding``; excess and outstanding are never both there.
Totals are sums of problems, so that the totals of any partition add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FEN: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)
MOST: Final = Decimal(10) ** 15


class Unit(StrEnum):
    """In what an amount was written."""

    YUAN = "yuan"
    WAN = "wan"
    YI = "yi"


IN_YUAN: Final = {Unit.YUAN: Decimal(1), Unit.WAN: Decimal(10) ** 4, Unit.YI: Decimal(10) ** 8}


class AmountFault(StrEnum):
    """Why an amount cannot be entered."""

    NOT_POSITIVE = "not_positive"
    FINER_THAN_FEN = "finer_than_fen"
    TOO_LARGE = "too_large"


def yuan_of(amount: Decimal, unit: Unit) -> Decimal | AmountFault:
    """The amount in yuan, exactly; nothing is rounded."""
    if not amount.is_finite() or amount <= 0:
        return AmountFault.NOT_POSITIVE
    if amount >= MOST:
        return AmountFault.TOO_LARGE
    yuan = amount * IN_YUAN[unit]
    if yuan >= MOST:
        return AmountFault.TOO_LARGE
    if yuan != yuan.quantize(FEN):
        return AmountFault.FINER_THAN_FEN
    return yuan.quantize(FEN)


@dataclass(frozen=True, kw_only=True)
class Money:
    """What stands of one problem, or of many together. `taken_off`: found not to be in question (核减), as approved."""

    in_question: Decimal = NOTHING
    put_right: Decimal = NOTHING
    taken_off: Decimal = NOTHING
    outstanding: Decimal = NOTHING
    excess: Decimal = NOTHING

    def __add__(self, other: Money) -> Money:
        return Money(
            in_question=self.in_question + other.in_question,
            put_right=self.put_right + other.put_right,
            taken_off=self.taken_off + other.taken_off,
            outstanding=self.outstanding + other.outstanding,
            excess=self.excess + other.excess,
        )

    @property
    def reconciles(self) -> bool:
        """Whether nothing is left over and nothing missing."""
        return self.in_question + self.excess == self.put_right + self.taken_off + self.outstanding


def money_of(in_question: Decimal | None, put_right: Decimal, taken_off: Decimal) -> Money:
    """One problem's money, from its amount and the sums of its entries."""
    amount = in_question or NOTHING
    left = amount - put_right - taken_off
    return Money(
        in_question=amount,
        put_right=put_right,
        taken_off=taken_off,
        outstanding=max(left, NOTHING),
        excess=max(-left, NOTHING),
    )


def total(parts: Iterable[Money]) -> Money:
    """Several together."""
    return sum(parts, start=Money())
