"""Decisions of a drive, pure: what may follow what, and which cells of the coverage are blank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from bihuan.drives.verbs import Verb

# (from, verb) -> to: of a drive, of a plan that calls again, of a called unit's line.
DRIVE: Final = {
    ("draft", Verb.ISSUE): "issued",
    ("draft", Verb.WITHDRAW): "withdrawn",
    # What was sent out by two is called back by who did not prepare it; its units go on seeing it, and what they sent.
    ("issued", Verb.WITHDRAW): "recalled",
    ("issued", Verb.CONCLUDE): "concluded",
}
PLAN: Final = {
    ("draft", Verb.START_PLAN): "running",
    ("running", Verb.SUSPEND_PLAN): "suspended",
    ("suspended", Verb.RESUME_PLAN): "running",
    ("draft", Verb.END_PLAN): "ended",
    ("running", Verb.END_PLAN): "ended",
    ("suspended", Verb.END_PLAN): "ended",
}
LINE: Final = {
    ("asked", Verb.ACKNOWLEDGE): "acknowledged",
    ("acknowledged", Verb.ANSWER_ROWS): "answered",
    ("acknowledged", Verb.ANSWER_FILE): "answered",
    # A unit that finds more adds to its answer.
    ("answered", Verb.ANSWER_ROWS): "answered",
    ("answered", Verb.ANSWER_FILE): "answered",
    ("acknowledged", Verb.PREPARE_NIL): "nil_prepared",
    # Prepared in error: problems were found before the head signed.
    ("nil_prepared", Verb.ANSWER_ROWS): "answered",
    ("nil_prepared", Verb.ANSWER_FILE): "answered",
    ("nil_prepared", Verb.PREPARE_NIL): "nil_prepared",
    ("nil_prepared", Verb.SIGN_NIL): "nil",
    ("asked", Verb.EXCUSE): "excused",
    ("acknowledged", Verb.EXCUSE): "excused",
    ("nil_prepared", Verb.EXCUSE): "excused",
}
# States of a drive in which its units know of it, and in which nothing of it waits any more.
OUT: Final = frozenset({"issued", "concluded", "recalled"})
OVER: Final = frozenset({"concluded", "withdrawn", "recalled"})
OPEN_LINES: Final = frozenset({"asked", "acknowledged", "nil_prepared"})
SETTLED_WHOLE: Final = frozenset({"nil", "excused"})


def waits_for(state: str, *, signs: bool, prepared: bool) -> bool:
    """Whether a line waits for somebody of its unit: a nil return for a head who did not write it, else for all."""
    if state == "nil_prepared":
        return signs and not prepared
    return state in OPEN_LINES


def is_to_be_moved(state: str, *, mine: bool, asked: int, late: bool) -> bool:
    """Whether a drive waits for somebody of the office: a draft for who did not write it, else when it can go on or
    ought to have. `asked`: how many units owe their answer.
    """
    if state == "draft":
        return not mine
    return state == "issued" and (asked == 0 or late)


# A sector of the call and the source it is looked at for; an empty source means whatever source.
Cell = tuple[str, str]


def cells_of(sectors: Iterable[str], sources: Collection[str]) -> list[Cell]:
    """What a unit has to account for, cell by cell."""
    return [(sector, source) for sector in sectors for source in (sources or ("",))]


def belongs(cell: Cell, sector: str, source: str) -> bool:
    """Whether a problem of this sector and source counts in the cell; a sector counts with what lies below it."""
    wanted, of_source = cell
    return (sector == wanted or sector.startswith(f"{wanted}.")) and of_source in ("", source)


def blank_cells(
    state: str, cells: Iterable[Cell], found: Mapping[Cell, int], explained: Collection[Cell]
) -> list[Cell]:
    """The cells of a unit nobody has accounted for: no problem known, no nil return, no explanation."""
    if state in SETTLED_WHOLE:
        return []
    return [
        cell
        for cell in cells
        if not found.get(cell) and cell not in explained and (cell[0], "") not in explained
    ]
