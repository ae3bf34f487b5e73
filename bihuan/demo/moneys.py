"""Money put right in the city: paid in by the unit that answers, part of it corrected, part of it found not to be in question."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Final

from bihuan.demo.pictures import paper
from bihuan.rectification import actions as do
from bihuan.rectification.models import MoneyEntry

if TYPE_CHECKING:
    from bihuan.demo.courses import Telling

FEN: Final = Decimal("0.01")
ALL_OF_IT: Final = ((Decimal("0.7"), "turned_in"), (Decimal("0.3"), "adjusted"))
A_PART: Final = ((Decimal("0.35"), "reclaimed"), (Decimal("0.05"), "returned"))
NOT_IN_QUESTION: Final = Decimal("0.08")
FALSE_BY: Final = Decimal(10)


def put_right(telling: Telling, *, whole: bool) -> None:
    """All of it, or a part with a slip that was corrected and a reduction that waits for a second person's word."""
    if not telling.case.amount:
        return
    parts = ALL_OF_IT if whole else A_PART
    shares = [(_share(telling, part), way) for part, way in parts]
    if whole:
        # What rounding left over goes with the first, so that nothing is outstanding.
        rest = Decimal(telling.case.amount) - sum(yuan for yuan, _way in shares)
        shares[0] = (shares[0][0] + rest, shares[0][1])
    made = [_record(telling, yuan, way, number) for number, (yuan, way) in enumerate(shares, start=1)]
    if not whole:
        _correct(telling, made[-1])
        _ask_reduction(telling)


def _share(telling: Telling, part: Decimal) -> Decimal:
    return (Decimal(telling.case.amount) * part).quantize(FEN, rounding=ROUND_DOWN)


def _record(telling: Telling, yuan: Decimal, way: str, number: int) -> MoneyEntry:
    document = f"缴款书〔{telling.clock.day.year}〕{telling.number:03d}-{number}号"
    with telling.clock.now():
        return do.record_money(
            telling.now(), way=way, amount=yuan, on=telling.clock.day, document_no=document,
            file=paper(f"{document}.docx", "缴款书", [f"金额{yuan:,.2f}元，已入账。"]), actor=telling.city.actor(telling.case.by),
        )  # fmt: skip


def _correct(telling: Telling, entry: MoneyEntry) -> None:
    """One figure too many was read from the document."""
    with telling.clock.now():
        do.correct_money(
            telling.now(), entry=entry.pk, amount=(entry.yuan / FALSE_BY).quantize(FEN), reason="回单上是十分之一，抄错一位。",
            actor=telling.city.actor(telling.case.by),
        )  # fmt: skip


def _ask_reduction(telling: Telling) -> None:
    with telling.clock.now():
        do.ask_reduction(
            telling.now(), amount=_share(telling, NOT_IN_QUESTION), on=telling.clock.day,
            document_no=f"复核意见〔{telling.clock.day.year}〕{telling.number}号", reason="复核确认其中一笔已由法院执行，重复统计。",
            actor=telling.city.actor(telling.case.by),
        )  # fmt: skip
