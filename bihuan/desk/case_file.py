"""The case file 卷宗 of one problem: its records in the order of the loop, as values, for one actor and one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.desk import case_file_beginning as beginning
from bihuan.desk import case_file_ending as ending
from bihuan.desk import case_file_leading as leading
from bihuan.desk import case_file_work as work
from bihuan.desk.case_file_approvals import Approvals
from bihuan.desk.case_file_reading import Head, Item, Reading, read
from bihuan.journal.action import Actor
from bihuan.ledger.models import Problem

RELATED = (
    "source",
    "sector__parent__parent",
    "batch__source",
    "jurisdiction",
    "lead_unit",
    "sector_authority",
    "territorial_unit",
    "sponsor",
    "deputy_in_charge",
    "handler",
    "merged_into",
)


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """`items` stand under the numbers 1, 2, 3 …; `covered` says how many personal numbers were covered in them."""

    problem: Problem
    items: Sequence[Item]
    heads: Sequence[Head]
    events: int
    covered: int
    by: Actor
    at: datetime

    def head_of(self, item: Item) -> Head | None:
        """The newest event of the item's stream."""
        return next((head for head in self.heads if head.stream == item.stream), None)


def case_file_of(actor: Actor, problem: Problem, at: datetime) -> CaseFile:
    """Draw the whole file from the rooms. The caller has asked for sight; files are asked for one by one."""
    reading = read(actor, problem)
    items = list(_records(reading))
    return CaseFile(
        problem=problem,
        items=items,
        heads=list(reading.heads.values()),
        events=len(reading.past),
        covered=reading.covered,
        by=actor,
        at=at,
    )


def _records(reading: Reading) -> Iterator[Item]:
    """In the order of the loop; what repeats, round by round."""
    approvals = Approvals(reading)
    yield from beginning.source_words(reading)
    yield from beginning.basic_facts(reading)
    yield from beginning.proposal(reading)
    yield from beginning.orders(reading, approvals)
    yield from beginning.answers_to_order(reading)
    for number in range(1, reading.problem.round + 1):
        yield from work.plans(reading, approvals, number)
        yield from work.progress(reading, number)
        yield from work.applications(reading, approvals, number)
        yield from work.evidence(reading, number)
        yield from ending.acceptances(reading, number)
        yield from ending.notices(reading, number)
        yield from ending.closures(reading, approvals, number)
        if number == reading.problem.round:
            yield from ending.filings(reading)
        yield from ending.lookbacks(reading, number)
    yield from leading.leaders(reading)
    yield from ending.money(reading)
    yield from ending.endings(reading, approvals)
    yield from ending.answers(reading)
    yield from approvals.rest()
    yield ending.history(reading)
