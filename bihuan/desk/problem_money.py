"""Money on a problem's page: what was in question, what became of it, and each entry with its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.journal.wording import joined, strung
from bihuan.ledger.lifecycle_words import State
from bihuan.rectification.models import MoneyEntry
from bihuan.rectification.models.money import TAKEN_OFF
from bihuan.rectification.money_queries import entries_of
from bihuan.rectification.money_rules import NOTHING, money_of

if TYPE_CHECKING:
    from decimal import Decimal

    from bihuan.ledger.models import Problem

SHOWN: Final = 12


def yuan(amount: Decimal) -> str:
    """An amount as offices write it."""
    return _("%(amount)s 元") % {"amount": f"{amount:,.2f}"}


def pairs(problem: Problem) -> list[tuple[str, Any]]:
    """The facts; nothing is asked where no money is in question."""
    if problem.amount is None:
        return []
    found: list[tuple[str, Any]] = [(_("涉及金额"), yuan(problem.amount))]
    if problem.state == State.MERGED:
        return [*found, (_("资金整改"), _("已并案，资金计在并入的问题上"))]
    entries = entries_of(problem)
    counted = [one for one in entries if one.state == MoneyEntry.State.COUNTED]
    taken_off = sum((one.yuan for one in counted if one.way == TAKEN_OFF), NOTHING)
    put_right = sum((one.yuan for one in counted), NOTHING) - taken_off
    money = money_of(problem.amount, put_right, taken_off)
    if entries:
        found.append((_("整改到位"), _by_way(counted, money.put_right)))
    if money.taken_off:
        found.append((_("核减"), yuan(money.taken_off)))
    found.append((_("尚未到位"), yuan(money.outstanding)))
    if money.excess:
        why = joined(one.explanation for one in counted if one.explanation)
        found.append((_("多于涉及金额"), joined([yuan(money.excess), why])))
    if entries:
        found.append((_("资金登记"), _listed(entries)))
    return found


def _by_way(counted: list[MoneyEntry], put_right: Decimal) -> str:
    sums: dict[str, Decimal] = {}
    for one in counted:
        if one.way != TAKEN_OFF:
            sums[one.way_words] = sums.get(one.way_words, NOTHING) + one.yuan
    ways = [f"{way} {yuan(amount)}" for way, amount in sums.items() if amount]
    return joined([yuan(put_right), *ways])


def _listed(entries: list[MoneyEntry]) -> str:
    said = [
        strung(
            word
            for word in (
                one.on.isoformat(),
                _("更正") if one.corrects_id else "",
                one.way_words,
                yuan(one.yuan),
                one.document_no,
                "" if one.state == MoneyEntry.State.COUNTED else str(one.get_state_display()),
            )
            if word
        )
        for one in entries[-SHOWN:]
    ]
    if len(entries) > SHOWN:
        said[0] = _("共 %(n)d 笔，最近的：") % {"n": len(entries)} + said[0]
    return joined(said)
