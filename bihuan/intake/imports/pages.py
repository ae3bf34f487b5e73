"""What the page of an import shows: the sums, and the rows of one group in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.intake.imports import blocks, staging
from bihuan.intake.models import ImportRun, StagedRow
from bihuan.intake.source_columns import READ_FACTS
from bihuan.journal.records import fields_by_attname
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Problem, Sector, Term
from bihuan.ledger.models.problems import NO_DEADLINE
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE: Final = 50
SURE: Final = 80
SHOWN_FAULTS: Final = 60
Group = StagedRow.Group
REPEATING: Final = "repeating"
ORDER: Final = (
    Group.NEW, Group.CHANGED, Group.CONFLICT, Group.LIKELY, Group.GONE, Group.UNCHANGED, Group.BAD,
)  # fmt: skip
TERMS: Final = ("nature", "impact", "urgency", "rectification_kind")


@dataclass(frozen=True)
class Preview:
    """The sums of an import, and what stops rows."""

    new: int
    entered: int
    bad: int
    repeating: int
    newer: bool
    looked: bool
    faults: list[Any]
    more_faults: int
    groups: list[dict[str, Any]]
    sheets: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    waiting: list[str]

    @classmethod
    def of(cls, run: ImportRun) -> Preview:
        """Read from what was counted when the file was checked; the faults are the first of them."""
        counts = {group: run.counts.get(group.value, [0, 0]) for group in ORDER}
        laid = StagedRow.objects.filter(run=run, group=Group.BAD).order_by("n")[:SHOWN_FAULTS]
        faults = [cell for one in laid for cell in staging.bad_cells_of(one)][:SHOWN_FAULTS]
        return cls(
            new=counts[Group.NEW][0] - counts[Group.NEW][1],
            entered=counts[Group.NEW][1],
            bad=counts[Group.BAD][0],
            repeating=int(run.counts.get("repeating", 0)),
            newer=bool(run.counts.get("before")),
            looked=bool(run.counts.get("looked", True)),
            faults=faults,
            more_faults=max(0, counts[Group.BAD][0] - SHOWN_FAULTS),
            groups=[
                {
                    "group": group.value,
                    "label": group.label,
                    "n": counts[group][0],
                    "settled": counts[group][1],
                }
                for group in ORDER
                if counts[group][0]
            ],
            sheets=[{"name": sheet["name"], "columns": _columns(sheet["columns"])} for sheet in run.sheets],
            unread=run.counts.get("unread", []),
            waiting=numbers_told(run),
        )


def numbers_told(run: ImportRun) -> list[str]:
    """The numbers set aside for rows that did not enter, so that nobody has to wonder about a gap."""
    told = blocks.numbers_waiting(run)
    return [first if first == last else f"{first} – {last}" for first, last, _count in told]


def _columns(columns: list[list[Any]]) -> list[dict[str, Any]]:
    """The columns that are read, in words; an import checked by an older version did not keep how surely."""
    said = [(header, fact, more[0] if more else 100) for header, fact, *more in columns]
    return [
        {"header": header, "fact": READ_FACTS[fact], "percent": percent, "unsure": percent < SURE}
        for header, fact, percent in said
        if fact in READ_FACTS
    ]


def rows_page(run: ImportRun, group: str, after: int) -> dict[str, Any]:
    """One page of a group's rows; without a group, of the first that wants a decision. `repeats`: new rows that do."""
    repeating = group == REPEATING
    shown = group if group in Group.values and group != Group.BAD else _first_group(run)
    found = StagedRow.objects.filter(run=run, group=Group.NEW if repeating else shown, n__gt=after)
    if repeating:
        shown, found = Group.NEW.value, found.exclude(repeats=[])
    rows = list(found.order_by("n")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    words = _Words(rows)
    return {
        "group": shown,
        "asked": group if repeating else shown,
        "rows": [words.row(one) for one in rows],
        "next": rows[-1].n if more else None,
        "open": any(not one.settled for one in rows),
    }


def _first_group(run: ImportRun) -> str:
    wanted = (Group.CONFLICT, Group.LIKELY, Group.CHANGED, Group.NEW, Group.GONE, Group.UNCHANGED)
    if not run.counts.get("before"):
        return Group.NEW.value
    found = (group.value for group in wanted if run.counts.get(group.value, [0, 0])[0])
    return next(found, Group.NEW.value)


class _Words:
    """Codes and ids of a page in words; a fixed number of reads for any page."""

    def __init__(self, rows: Sequence[StagedRow]) -> None:
        self.read = {one.n: staging.row_of(one) for one in rows if one.row}
        repeated = [repeat["problem"] for one in rows for repeat in one.repeats if repeat["problem"]]
        wanted = [*(one.problem for one in rows if one.problem), *map(UUID, repeated)]
        numbers = [repeat["row"] for one in rows for repeat in one.repeats if repeat["row"] is not None]
        laid = StagedRow.objects.filter(run=rows[0].run_id, n__in=numbers) if numbers else ()
        self.places = {one.n: one.place for one in laid}
        self.problems = Problem.objects.only("problem_no", "title", "text", "state").in_bulk(wanted)
        self.units = self._names_of(rows)
        sectors = list(Sector.objects.all())
        self.sectors = {sector.code: sector.label for sector in sectors}
        self.by_id = {str(sector.pk): sector.label for sector in sectors}
        self.terms = {(term.kind, term.code): term.label for term in Term.objects.filter(kind__in=TERMS)}

    def _names_of(self, rows: Sequence[StagedRow]) -> dict[str, str]:
        ids: set[UUID | str] = {row.lead_unit for row in self.read.values() if row.lead_unit}
        for one in rows:
            for cell in one.cells:
                if isinstance(cell, dict) and cell["column"] == "lead_unit_id":
                    ids |= {cell[side] for side in ("base", "ours", "theirs") if cell[side]}
        return {str(unit.pk): unit.name for unit in Unit.objects.filter(pk__in=ids)}

    def row(self, one: StagedRow) -> dict[str, Any]:
        """One row for the page."""
        read, problem = self.read.get(one.n), self.problems.get(one.problem)
        shown: dict[str, Any] = {
            "n": one.n,
            "place": one.place,
            "settled": one.settled,
            "problem": problem,
            "repeats": [said for repeat in one.repeats if (said := self.repeat(repeat))],
            "cells": [self.cell(cell) for cell in one.cells if isinstance(cell, dict)],
            "writable": any(cell["kind"] != "procedure" for cell in one.cells if isinstance(cell, dict)),
        }
        if read is not None:
            shown |= {
                "no": read.source_no,
                "title": read.title,
                "text": read.text,
                "state": STATE_WORDS[State(read.state)].say(get_language() or ""),
                "unit": self.units.get(read.lead_unit or "", ""),
                "sector": self.sectors.get(read.sector, read.sector),
                "deadline": read.deadline,
                "closed_on": read.closed_on,
            }
        return shown

    def repeat(self, repeat: dict[str, Any]) -> dict[str, Any] | None:
        """What a row repeats, and in what; nothing of a problem that is there no more."""
        problem = self.problems.get(UUID(repeat["problem"])) if repeat["problem"] else None
        place = self.places.get(repeat["row"], "")
        if problem is None and not place:
            return None
        why = {"source_no": _("源编号相同"), "same_words": _("文字相同")}.get(repeat["why"])
        nearly = _("文字 %(percent)s%% 相同") % {"percent": repeat["percent"]}
        return {"problem": problem, "place": place, "why": why or nearly}

    def cell(self, cell: dict[str, Any]) -> dict[str, Any]:
        """A cell that differs: what the last import brought, what stands here, what the file says."""
        name = cell["column"]
        return {
            "label": column_label(name),
            "kind": cell["kind"],
            **{side: self._said(name, cell[side]) for side in ("base", "ours", "theirs")},
        }

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", NO_DEADLINE):
            return ""
        known: dict[str, Callable[[], str]] = {
            "sector_id": lambda: self.by_id.get(str(value), str(value)),
            "lead_unit_id": lambda: self.units.get(str(value), ""),
            "state": lambda: STATE_WORDS[State(value)].say(get_language() or ""),
            "amount": lambda: f"{Decimal(value):,.2f}",
        }
        say = known.get(name)
        return say() if say else str(self.terms.get((name, str(value)), value))


def column_label(name: str) -> str:
    """A column of the problem in the reader's language."""
    named = {"sector_id": _("领域"), "lead_unit_id": _("牵头单位"), "determination": _("认定结果")}
    return named.get(name) or str(fields_by_attname(Problem)[name].verbose_name)
