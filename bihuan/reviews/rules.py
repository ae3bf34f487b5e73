"""Decisions of a review, pure: what may follow what, what of a line was changed, and which cells may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# (from, verb) -> to: of a call, of a unit's sheet, of a request.
REVIEW: Final = {
    ("draft", Verb.ISSUE): "issued",
    ("draft", Verb.WITHDRAW): "withdrawn",
    ("issued", Verb.WITHDRAW): "recalled",
    ("issued", Verb.CONCLUDE): "concluded",
}
SHEET: Final = {
    ("asked", Verb.ANSWER): "answered",
    ("part", Verb.ANSWER): "answered",
    # What is known better before the call ends is reported in the same sheet.
    ("answered", Verb.ANSWER): "answered",
    ("prepared", Verb.ANSWER): "answered",
    # Nothing was its own to report when the call went out; a task that came back since is.
    ("through", Verb.ANSWER): "answered",
    ("left", Verb.ANSWER): "answered",
    ("prepared", Verb.PASS): "answered",
    ("prepared", Verb.RETURN): "asked",
}
REQUEST: Final = {
    ("asked", Verb.ANSWER_REQUEST): "answered",
    ("asked", Verb.ACCEPT_REQUEST): "accepted",
    ("asked", Verb.REFUSE_REQUEST): "refused",
    ("asked", Verb.PASS_UP_REQUEST): "passed_up",
    ("asked", Verb.WITHDRAW_REQUEST): "withdrawn",
    ("accepted", Verb.ANSWER_REQUEST): "answered",
    ("accepted", Verb.REFUSE_REQUEST): "refused",
    ("accepted", Verb.PASS_UP_REQUEST): "passed_up",
    ("passed_up", Verb.ANSWER_REQUEST): "answered",
    ("answered", Verb.SETTLE_REQUEST): "settled",
    ("answered", Verb.ASK_AGAIN): "asked",
    # A refusal is an answer too: who asked takes note of it, or asks again.
    ("refused", Verb.SETTLE_REQUEST): "settled",
    ("refused", Verb.ASK_AGAIN): "asked",
}
OUT: Final = frozenset({"issued", "concluded", "recalled"})
OVER: Final = frozenset({"concluded", "withdrawn", "recalled"})
OWING: Final = frozenset({"asked", "part", "prepared"})
UNDECIDED: Final = frozenset({"asked", "accepted", "passed_up"})
TO_BE_SEEN: Final = frozenset({"answered", "refused"})


class Cell(StrEnum):
    """What can be written on a line."""

    PERCENT = "percent"
    FACTS = "facts"
    NEXT_STEP = "next_step"
    OBSTACLE = "obstacle"
    WORD = "word"


# A line of text for each cell; a percentage is written in digits, and what is not known is empty.
Values = dict[Cell, str]
PROGRESS: Final = frozenset({Cell.PERCENT, Cell.FACTS})
OF_PROBLEM: Final = frozenset({Cell.NEXT_STEP, Cell.OBSTACLE, Cell.WORD})


class Fault(StrEnum):
    """Why a line cannot be taken as it was written."""

    ALTERED = "altered"
    FOREIGN = "foreign"
    TWICE = "twice"
    GONE = "gone"
    LOCKED = "locked"
    PERCENT = "percent"
    NO_FACTS = "no_facts"
    NO_PERCENT = "no_percent"
    WORD = "word"
    TOO_LONG = "too_long"
    CONFLICT = "conflict"


def normal(text: str) -> str:
    """As two writings of the same are compared: spreadsheets change line ends and outer blanks, browsers too."""
    return "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    )


def normal_percent(text: str) -> str:
    """45, 45%, 45.0 and ４５ are one number; a share of one, as a percentage cell of a spreadsheet holds it, is not guessed."""
    digits = normal(text).rstrip("%％").strip()
    try:
        number = float(digits)
    except ValueError:
        return digits
    return str(int(number)) if number.is_integer() else digits


def normalised(values: Mapping[Cell, str]) -> Values:
    """All cells as they are compared."""
    return {
        cell: normal_percent(values.get(cell, "")) if cell is Cell.PERCENT else normal(values.get(cell, ""))
        for cell in Cell
    }


def touched(was: Mapping[Cell, str], given: Mapping[Cell, str]) -> frozenset[Cell]:
    """The cells that say something else than when the line went out."""
    before, after = normalised(was), normalised(given)
    return frozenset(cell for cell in Cell if before[cell] != after[cell])


def overtaken(was: Mapping[Cell, str], now: Mapping[Cell, str], given: Mapping[Cell, str]) -> frozenset[Cell]:
    """The touched cells that meanwhile say something newer, and not the very thing that was written."""
    then, present, written = normalised(was), normalised(now), normalised(given)
    return frozenset(cell for cell in touched(was, given) if present[cell] not in (then[cell], written[cell]))


@dataclass(frozen=True)
class Limits:
    """What a line may hold."""

    longest: int
    words: frozenset[str]


def faults(
    was: Mapping[Cell, str],
    given: Mapping[Cell, str],
    now: Mapping[Cell, str],
    *,
    open_cells: frozenset[Cell],
    limits: Limits,
) -> tuple[Fault, ...]:
    """Everything that keeps a line from being taken; nothing where it was not touched."""
    changed, after = touched(was, given), normalised(given)
    newer = overtaken(was, now, given)
    wants_facts = Cell.PERCENT in changed and Cell.FACTS not in changed
    checks = (
        (bool(changed - open_cells), Fault.LOCKED),
        (Cell.PERCENT in changed and not _is_percent(after[Cell.PERCENT]), Fault.PERCENT),
        (wants_facts or (Cell.FACTS in changed and not after[Cell.FACTS]), Fault.NO_FACTS),
        (Cell.FACTS in changed and not after[Cell.PERCENT], Fault.NO_PERCENT),
        (Cell.WORD in changed and after[Cell.WORD] not in limits.words, Fault.WORD),
        (any(len(after[cell]) > limits.longest for cell in changed), Fault.TOO_LONG),
        (bool(newer), Fault.CONFLICT),
    )
    return tuple(fault for holds, fault in checks if holds)


def _is_percent(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= 100  # noqa: PLR2004  (per cent)


def merged(was: Mapping[Cell, str], now: Mapping[Cell, str], given: Mapping[Cell, str]) -> Values:
    """What a line says after it is taken: the touched cells as written, all others as they stand by now."""
    changed, after, present = touched(was, given), normalised(given), normalised(now)
    return {cell: after[cell] if cell in changed else present[cell] for cell in Cell}


def times_unchanged(before: int, *, changed: bool) -> int:
    """How many calls in a row nothing was changed."""
    return 0 if changed else before + 1


def too_soon(last: date | None, day: date, least_days: int) -> bool:
    """Whether a call would follow the one before it more closely than policy allows."""
    return last is not None and (day - last).days < least_days


def state_of_sheet(rows: Iterable[str]) -> str:
    """Answered when no row is open any more, else in part or not at all.

    Where nothing was answered: all of it is for others to report, or left the unit.
    """
    states = set(rows)
    said = bool(states & {"changed", "unchanged"})
    if "open" in states:
        return "part" if said else "asked"
    if said or not states:
        return "answered"
    return "through" if "through" in states else "left"
