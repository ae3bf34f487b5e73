"""The numbers of assignment orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.ledger.numbering import facts_for, next_number
from bihuan.ledger.rigour import policy_of

if TYPE_CHECKING:
    from datetime import date

    from bihuan.ledger.models import Problem

NUMBERING_ORDER: Final = "numbering.order"


def next_order_no(first: Problem, day: date) -> str:
    """The next number of the place's orders; an order of restricted problems counts in its channel's own series."""
    facts = facts_for(first.jurisdiction, first.source, day)
    if first.channel is not None:
        return next_number(
            f"交办-{first.channel.number_pattern}", facts, f"order of channel {first.channel.code}"
        )
    return next_number(policy_of(first, NUMBERING_ORDER).body["pattern"], facts, "order")
