"""Decisions of the work itself: plain values in, a decision out; no database, no clock, no settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import dropwhile, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

WHOLE: Final = 100
DEEPEST: Final = 6
"""City, county, township, village, section, person: a deeper chain has lost its purpose."""
ORDINAL: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
LEADING_NUMBER: Final = re.compile(rf"^(?:[（(]{ORDINAL}[)）]|{ORDINAL}[)）.、．])(?!\d)")
"""1. 2、 (三) 四、: not 3.5 万元."""


def rolled_up(parents: Mapping[UUID, UUID | None], reported: Mapping[UUID, int]) -> dict[UUID | None, int]:
    """The progress of every measure, and of the whole under the key None.

    A measure without parts stands where its report says; one with parts stands at the average of its parts, rounded
    down, so that nothing reaches 100 before all of it has.
    """
    parts: dict[UUID | None, list[UUID]] = {}
    for measure, parent in parents.items():
        parts.setdefault(parent, []).append(measure)
    found: dict[UUID | None, int] = {}

    def progress_of(measure: UUID | None) -> int:
        below = parts.get(measure, [])
        if below:
            found[measure] = sum(progress_of(part) for part in below) // len(below)
        else:
            found[measure] = 0 if measure is None else reported.get(measure, 0)
        return found[measure]

    progress_of(None)
    return found


class PlanFault(StrEnum):
    """Why a plan cannot be an undertaking."""

    NO_GOAL = "no_goal"
    NO_MEASURE = "no_measure"
    NO_TEXT = "no_text"
    NO_DELIVERABLE = "no_deliverable"
    AFTER_PARENT = "after_parent"
    AFTER_PROBLEM = "after_problem"
    BEFORE_TODAY = "before_today"
    TOO_DEEP = "too_deep"
    STRANGER = "stranger"
    CLOSED_UNIT = "closed_unit"
    DROPPED_TASK = "dropped_task"
    DROPPED_MEASURE = "dropped_measure"
    ASSURANCE_MISSING = "assurance_missing"
    BAD_MILESTONES = "bad_milestones"
    COMES_BACK = "comes_back"
    CONTINUES_STRANGER = "continues_stranger"
    CONTINUED_TWICE = "continued_twice"
    STILL_BLANK = "still_blank"


@dataclass(frozen=True)
class PlannedMeasure:
    """One row of a plan as the rule sees it. `latest` is the deadline of what it stands under."""

    number: str
    has_text: bool
    has_deliverable: bool
    deadline: date
    latest: date
    depth: int
    unit_takes_part: bool
    unit_is_open: bool
    milestones: tuple[tuple[date, int], ...] = ()
    continues_known: bool = True
    continued_once: bool = True
    is_filled_in: bool = True
    comes_back: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which row of the plan (empty: the plan as a whole)."""

    kind: PlanFault
    number: str = ""


def faults_of_plan(
    *, goal: str, measures: Iterable[PlannedMeasure], missing_assurances: Iterable[str], today: date
) -> list[Fault]:
    """Everything wrong with a plan at once, so that it is mended in one go."""
    rows = list(measures)
    faults = [Fault(PlanFault.NO_GOAL)] if not goal.strip() else []
    if not rows:
        faults.append(Fault(PlanFault.NO_MEASURE))
    faults += [Fault(PlanFault.ASSURANCE_MISSING, name) for name in missing_assurances]
    for row in rows:
        faults += [Fault(kind, row.number) for kind in _faults_of_row(row, today)]
    return faults


def _faults_of_row(row: PlannedMeasure, today: date) -> list[PlanFault]:
    checks = (
        (row.has_text, PlanFault.NO_TEXT),
        (row.has_deliverable, PlanFault.NO_DELIVERABLE),
        (row.deadline <= row.latest, PlanFault.AFTER_PARENT if row.depth > 1 else PlanFault.AFTER_PROBLEM),
        (row.deadline >= today, PlanFault.BEFORE_TODAY),
        (row.depth <= DEEPEST, PlanFault.TOO_DEEP),
        (row.unit_takes_part, PlanFault.STRANGER),
        (row.unit_is_open, PlanFault.CLOSED_UNIT),
        (milestones_fit(row.milestones, row.deadline), PlanFault.BAD_MILESTONES),
        (not row.comes_back, PlanFault.COMES_BACK),
        (row.continues_known, PlanFault.CONTINUES_STRANGER),
        (row.continued_once, PlanFault.CONTINUED_TWICE),
        (row.is_filled_in, PlanFault.STILL_BLANK),
    )
    return [fault for holds, fault in checks if not holds]


def milestones_fit(milestones: Iterable[tuple[date, int]], deadline: date) -> bool:
    """Days and percentages both rise, within the deadline and the whole."""
    rows = list(milestones)
    rising = all(day < later and done < more for (day, done), (later, more) in pairwise(rows))
    return rising and all(day <= deadline and 0 < percent <= WHOLE for day, percent in rows)


def frame_lines(text: str) -> list[str]:
    """The lines of an order's task or measures, without the numbers people put before them."""
    lines = (LEADING_NUMBER.sub("", line.strip()).strip() for line in text.splitlines())
    return [line for line in lines if line]


def dropped(frame: Iterable[str], written: Iterable[str]) -> list[str]:
    """The lines of a frame that stand in none of the texts: a plan may say more than its order, and nothing less.

    Blanks and line ends do not count, for they change when a text is copied.
    """
    texts = ["".join(text.split()) for text in written]
    return [line for line in frame if not any("".join(line.split()) in text for text in texts)]


class HandDownFault(StrEnum):
    """Why a measure cannot be handed down as asked."""

    CIRCULAR = "circular"
    NOT_SUBORDINATE = "not_subordinate"
    CLOSED_UNIT = "closed_unit"
    LATER_THAN_PARENT = "later_than_parent"
    BEFORE_TODAY = "before_today"
    TOO_DEEP = "too_deep"
    DONE = "done"


@dataclass(frozen=True)
class HandDown:
    """What the rule needs to know. `chain` are the units from the handing one up to the lead unit, `posts` theirs.

    A task may also go to a person of the handing unit itself, named by a post nobody on the chain has yet.
    """

    unit: UUID
    chain: tuple[UUID, ...]
    is_subordinate: bool
    is_open: bool
    deadline: date
    parent_deadline: date
    parent_done: bool
    post: UUID | None = None
    posts: frozenset[UUID] = frozenset()

    @property
    def is_circular(self) -> bool:
        """Whether the task would come back to where it has been."""
        above = tuple(dropwhile(lambda unit: unit == self.chain[0], self.chain)) if self.chain else ()
        if self.unit in above:
            return True
        return self.unit in self.chain and (self.post is None or self.post in self.posts)


def fault_of_hand_down(facts: HandDown, today: date) -> HandDownFault | None:
    """The first reason against handing down, or None."""
    checks = (
        (not facts.parent_done, HandDownFault.DONE),
        (facts.is_open, HandDownFault.CLOSED_UNIT),
        (not facts.is_circular, HandDownFault.CIRCULAR),
        (facts.is_subordinate, HandDownFault.NOT_SUBORDINATE),
        (facts.deadline <= facts.parent_deadline, HandDownFault.LATER_THAN_PARENT),
        (facts.deadline >= today, HandDownFault.BEFORE_TODAY),
        (len(facts.chain) < DEEPEST, HandDownFault.TOO_DEEP),
    )
    return next((fault for holds, fault in checks if not holds), None)


def carried_down(above: str, own: str) -> str:
    """What a task hands over: all that its measure has to, and what is asked beside it. Nothing is dropped on the way."""
    return "、".join([*(items := items_of(above)), *(one for one in items_of(own) if one not in items)])


def items_of(deliverable: str) -> list[str]:
    """竣工图、照片 -> its parts, each once."""
    parts = (part.strip() for part in re.split(r"[、，,；;\n]", deliverable))
    return list(dict.fromkeys(part for part in parts if part))


def kept_by_the_whole(deliverable: str, below: Iterable[str]) -> str:
    """What of a divided measure's deliverable no part of it hands over: the measure itself still has to."""
    given = {item for one in below for item in items_of(one)}
    return "、".join(item for item in items_of(deliverable) if not any(item in one for one in given))


class GiveBackFault(StrEnum):
    """Why a task cannot be returned to whoever handed it down."""

    NOT_HANDED_DOWN = "not_handed_down"
    NOT_OPEN = "not_open"
    STILL_BELOW = "still_below"


@dataclass(frozen=True)
class GiveBack:
    """What the rule needs to know of a task."""

    handed_down: bool
    is_open: bool
    has_parts: bool


def fault_of_giving_back(facts: GiveBack) -> GiveBackFault | None:
    """The first reason against returning a task upward, or None."""
    checks = (
        (facts.handed_down, GiveBackFault.NOT_HANDED_DOWN),
        (facts.is_open, GiveBackFault.NOT_OPEN),
        (not facts.has_parts, GiveBackFault.STILL_BELOW),
    )
    return next((fault for holds, fault in checks if not holds), None)


class ExtensionFault(StrEnum):
    """Why an extension cannot be asked for."""

    EXPIRED = "expired"
    TOO_LATE_TO_ASK = "too_late_to_ask"
    NOT_LATER = "not_later"
    TOO_OFTEN = "too_often"
    TOO_LONG = "too_long"
    ALREADY_ASKED = "already_asked"


@dataclass(frozen=True)
class ExtensionFacts:
    """`last_day_to_ask` is counted back from the deadline by policy; `longest` days count from the first deadline.

    By the days the clock `stood_still` that one has moved with everything else: they are no extension.
    """

    today: date
    first_deadline: date
    deadline: date
    last_day_to_ask: date
    new_deadline: date
    granted_before: int
    most: int
    longest: int
    one_is_pending: bool
    stood_still: int = 0


def fault_of_extension(facts: ExtensionFacts) -> ExtensionFault | None:
    """The first reason against asking, or None. The limits are policy, the order of reasons is ours."""
    checks = (
        (not facts.one_is_pending, ExtensionFault.ALREADY_ASKED),
        (facts.today <= facts.deadline, ExtensionFault.EXPIRED),
        (facts.today <= facts.last_day_to_ask, ExtensionFault.TOO_LATE_TO_ASK),
        (facts.granted_before < facts.most, ExtensionFault.TOO_OFTEN),
        (facts.new_deadline > facts.deadline, ExtensionFault.NOT_LATER),
        (
            (facts.new_deadline - facts.first_deadline).days - facts.stood_still <= facts.longest,
            ExtensionFault.TOO_LONG,
        ),
    )
    return next((fault for holds, fault in checks if not holds), None)


class SuspensionFault(StrEnum):
    """Why a stop of the clock cannot be asked for."""

    ALREADY_ASKED = "already_asked"
    EXPIRED = "expired"
    TOO_OFTEN = "too_often"
    NOT_LATER = "not_later"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class SuspensionFacts:
    """`stood_still`: days of this round in which the clock has stood still; `most` and `longest` hold for all of them."""

    today: date
    deadline: date
    resume_by: date
    granted_before: int
    stood_still: int
    most: int
    longest: int
    one_is_pending: bool


def fault_of_suspension(facts: SuspensionFacts) -> SuspensionFault | None:
    """The first reason against asking, or None."""
    checks = (
        (not facts.one_is_pending, SuspensionFault.ALREADY_ASKED),
        (facts.today <= facts.deadline, SuspensionFault.EXPIRED),
        (facts.granted_before < facts.most, SuspensionFault.TOO_OFTEN),
        (facts.resume_by > facts.today, SuspensionFault.NOT_LATER),
        (
            facts.stood_still + (facts.resume_by - facts.today).days <= facts.longest,
            SuspensionFault.TOO_LONG,
        ),
    )
    return next((fault for holds, fault in checks if not holds), None)


def put_off(deadline: date, *, old: date, new: date) -> date:
    """A date that served the old deadline serves the new one at the same distance."""
    return deadline + (new - old)
