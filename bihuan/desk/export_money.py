"""The money columns of the exported ledger: each problem's, by way, and what all come to; they reconcile to the fen."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.rectification.models import MoneyWay
from bihuan.rectification.models.money import PUTS_RIGHT
from bihuan.rectification.money_queries import money_by_problem, ways_by_problem
from bihuan.rectification.money_rules import NOTHING, Money

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from bihuan.ledger.models import Problem

COLUMNS: Final = (
    (gettext_lazy("涉及金额（元）"), 16),
    (gettext_lazy("整改到位（元）"), 16),
    *((way.label, 14) for way in PUTS_RIGHT),
    (gettext_lazy("核减"), 14),
    (gettext_lazy("尚未到位（元）"), 16),
    (gettext_lazy("多于涉及金额（元）"), 16),
)
TOGETHER: Final = 500
"""So many problems are asked for their money at once."""
FORMAT: Final = "#,##0.00"


class Writer:
    """Writes the cells of one problem after the other, and keeps what they come to."""

    def __init__(self, sheet: Any, book: Any, *, first: int) -> None:
        self.sheet, self.first = sheet, first
        self.plain = book.add_format({"num_format": FORMAT, "valign": "top"})
        self.bold = book.add_format({"num_format": FORMAT, "bold": True, "top": 1})
        self.total, self.ways = Money(), dict.fromkeys(MoneyWay.values, NOTHING)
        self._money: dict[uuid.UUID, Money] = {}
        self._by_way: dict[uuid.UUID, dict[str, Decimal]] = {}

    def following(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The same problems; the money of those that come next is read before they do."""
        rest = iter(problems)
        while chunk := list(islice(rest, TOGETHER)):
            self._money, self._by_way = money_by_problem(chunk), ways_by_problem(chunk)
            yield from chunk

    def write(self, row: int, problem: Problem) -> None:
        """One problem's money; nothing where none is in question."""
        money, ways = self._money[problem.pk], self._by_way.get(problem.pk, {})
        self.total += money
        for way, yuan in ways.items():
            self.ways[way] += yuan
        if problem.amount is not None or ways:
            self._cells(row, money, ways, self.plain)

    def write_total(self, row: int) -> None:
        """What all come to; nothing where no money is in question."""
        if self.total != Money():
            self.sheet.write_string(row, self.first - 1, _("合计"), self.bold)
            self._cells(row, self.total, self.ways, self.bold)

    def _cells(self, row: int, money: Money, ways: dict[str, Decimal], look: Any) -> None:
        values = [
            money.in_question,
            money.put_right,
            *(ways.get(way.value, NOTHING) for way in PUTS_RIGHT),
            money.taken_off,
            money.outstanding,
            money.excess,
        ]
        for place, value in enumerate(values, start=self.first):
            self.sheet.write_number(row, place, value, look)
