"""The money columns of the exported ledger: each problem's, by way, and what all come to; they reconcile to the fen."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from bihuan.rectification.models.money import TAKEN_OFF
from bihuan.rectification.money_queries import money_by_problem, ways_among, ways_by_problem
from bihuan.rectification.money_rules import NOTHING, Money

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem

TOGETHER: Final = 500
"""So many problems are asked for their money at once."""
FORMAT: Final = "#,##0.00"


class Columns:
    """The columns of one export: a column for each way the money of these problems may be told by."""

    def __init__(self, problems: QuerySet[Problem]) -> None:
        ways = ways_among(problems)
        self.ways = [way.code for way in ways]
        self.heads: list[tuple[str, int]] = [
            (_("涉及金额（元）"), 16),
            (_("整改到位（元）"), 16),
            *((way.label, 14) for way in ways),
            (_("核减"), 14),
            (_("尚未到位（元）"), 16),
            (_("多于涉及金额（元）"), 16),
        ]


class Writer:
    """Writes the cells of one problem after the other, and keeps what they come to."""

    def __init__(self, sheet: Any, book: Any, columns: Columns, *, first: int) -> None:
        self.sheet, self.first, self.columns = sheet, first, columns
        self.plain = book.add_format({"num_format": FORMAT, "valign": "top", "border": 1})
        self.bold = book.add_format({"num_format": FORMAT, "bold": True, "top": 1})
        self.total = Money()
        self.ways: dict[str, Decimal] = dict.fromkeys([*columns.ways, TAKEN_OFF], NOTHING)
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
            self.ways[way] = self.ways.get(way, NOTHING) + yuan
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
            *(ways.get(way, NOTHING) for way in self.columns.ways),
            money.taken_off,
            money.outstanding,
            money.excess,
        ]
        for place, value in enumerate(values, start=self.first):
            self.sheet.write_number(row, place, value, look)
