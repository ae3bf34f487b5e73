"""The columns of the ledger's list: those drawn at first, those one may choose, and how each shows a problem.

The choice stands in the address (`column`, repeated), so a link shows what its sender saw, and a saved view keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.desk.marks import due_of, level_of, stage_of
from bihuan.ledger.models import Problem, TermKind
from bihuan.rectification.money_rules import Money
from bihuan.web import components as ui

NAME: Final = "column"


@dataclass(frozen=True)
class Seen:
    """What the cells of a page need besides the problem itself."""

    day: date
    language: str
    labels: dict[tuple[str, str], str]
    lights: dict[Any, ui.Light]
    money: dict[Any, Money] = field(default_factory=dict)

    def label(self, kind: str, code: str) -> str:
        """The word of the office's list."""
        return self.labels.get((kind, code), code)


@dataclass(frozen=True)
class LedgerColumn:
    """One column. What is `drawn` is shown at first; what is `fixed` always."""

    key: str
    label: Any
    cell: Callable[[Problem, Seen], ui.Shown]
    drawn: bool = True
    fixed: bool = False


COLUMNS: Final = (
    LedgerColumn("stage", _("阶段"), lambda problem, seen: stage_of(problem, seen.language)),
    LedgerColumn("no", _("编号"), lambda problem, _seen: problem.problem_no, fixed=True),
    LedgerColumn("title", _("问题"), lambda problem, _seen: _title(problem), fixed=True),
    LedgerColumn("light", _("灯"), lambda problem, seen: seen.lights.get(problem.pk)),
    LedgerColumn("source", _("来源"), lambda problem, _seen: problem.source.label),
    LedgerColumn("sector", _("领域"), lambda problem, _seen: problem.sector.label),
    LedgerColumn("unit", _("牵头单位"), lambda problem, _seen: _unit(problem)),
    LedgerColumn("due", _("期限"), lambda problem, seen: due_of(problem, seen.day)),
    LedgerColumn("level", _("督办"), lambda problem, seen: level_of(problem, seen.labels)),
    LedgerColumn(
        "grade", _("等级"), lambda problem, seen: seen.label(TermKind.GRADE, problem.grade), drawn=False
    ),
    LedgerColumn(
        "kind",
        _("整改类型"),
        lambda problem, seen: seen.label(TermKind.RECTIFICATION_KIND, problem.rectification_kind),
        drawn=False,
    ),
    LedgerColumn(
        "progress", _("进度"), lambda problem, _seen: ui.Percent(value=problem.progress), drawn=False
    ),
    LedgerColumn("amount", _("涉及金额"), lambda problem, _seen: _yuan(problem.amount), drawn=False),
    LedgerColumn(
        "put_right", _("整改到位"), lambda problem, seen: _of(problem, seen, "put_right"), drawn=False
    ),
    LedgerColumn(
        "outstanding", _("尚未到位"), lambda problem, seen: _of(problem, seen, "outstanding"), drawn=False
    ),
    LedgerColumn("declines", _("交办异议"), lambda problem, _seen: _times(problem.declines), drawn=False),
    LedgerColumn("returns", _("验收退回"), lambda problem, _seen: _times(problem.returns), drawn=False),
    LedgerColumn("registered", _("登记日期"), lambda problem, _seen: problem.registered_on, drawn=False),
    LedgerColumn("closed", _("办结日期"), lambda problem, _seen: problem.closed_on, drawn=False),
)
# What the cells are made of, and the light's rule reads. Nothing else of a page's fifty problems is fetched.
READ: Final = (
    *(
        "problem_no",
        "title",
        "state",
        "round",
        "grade",
        "supervision_level",
        "rectification_kind",
        "progress",
    ),
    *("external_deadline", "first_deadline", "extensions", "registered_on", "closed_on", "amount"),
    *("declines", "returns"),
    *("source__code", "source__zh", "source__en", "source__stage_words"),
    *("sector__code", "sector__zh", "sector__en", "lead_unit__name", "lead_unit__short_name"),
)
AT_FIRST: Final = tuple(column.key for column in COLUMNS if column.drawn)


MONEY: Final = frozenset({"put_right", "outstanding"})
"""The columns for which a page's problems are asked for their money."""


def _yuan(amount: Decimal | None) -> str:
    return f"{amount:,.2f}" if amount is not None else ""


def _times(count: int) -> ui.Shown:
    """How often, where it happened at all."""
    return _("%(count)d 次") % {"count": count} if count else ""


def _of(problem: Problem, seen: Seen, name: str) -> str:
    found = seen.money.get(problem.pk)
    return _yuan(getattr(found, name)) if found is not None and problem.amount is not None else ""


def _unit(problem: Problem) -> ui.Shown:
    return str(problem.lead_unit) if problem.lead_unit else ui.Missing(words=_("待定"))


def chosen(keys: Iterable[str]) -> tuple[LedgerColumn, ...]:
    """The columns with these keys in their own order, the fixed ones always; without any, those drawn at first."""
    wanted = set(keys) & {column.key for column in COLUMNS} or set(AT_FIRST)
    return tuple(column for column in COLUMNS if column.fixed or column.key in wanted)


def in_address(columns: tuple[LedgerColumn, ...]) -> list[tuple[str, str]]:
    """How the choice stands in an address: not at all where it is the one at first."""
    keys = tuple(column.key for column in columns)
    return [] if keys == AT_FIRST else [(NAME, key) for key in keys]


def options(columns: tuple[LedgerColumn, ...]) -> list[ui.Option]:
    """The boxes of the chooser; what is always shown has none."""
    return [
        ui.Option(value=column.key, label=column.label, selected=column in columns)
        for column in COLUMNS
        if not column.fixed
    ]


def _title(problem: Problem) -> str:
    """The title; of a problem taken in with many others also that nobody knows yet whether it is there twice."""
    if getattr(problem, "uncompared", False):
        return str(_("%(title)s · 尚未比对") % {"title": problem.title})
    return problem.title
