"""What differs between two versions of a plan. Pure: values in, a comparison out.

A measure is the same one where the later version says which it continues; where nothing says so, where its words are
the same. What became of it is then told field by field.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure of a version. `origin` is the measure it first was; `under` the origin of what it is part of."""

    origin: UUID
    number: str
    text: str
    unit: str
    deadline: date
    deliverable: str
    post: str = ""
    under: UUID | None = None
    handed_down: bool = False


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a version undertakes."""

    goal: str
    lines: Sequence[Line]
    assurances: Mapping[str, str]
    similar_cases: str = ""


class Became(StrEnum):
    """What became of a measure from one version to the other."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


FIELDS: Final = ("text", "unit", "post", "deadline", "deliverable")


@dataclass(frozen=True)
class LineChange:
    """One measure in both versions, or in one of them, and the fields that differ."""

    became: Became
    before: Line | None
    after: Line | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextChange:
    """A text in both versions."""

    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether anything changed in it."""
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything in both versions, in the order of the later one; what was taken out stands where it stood."""

    goal: TextChange
    similar_cases: TextChange
    assurances: Mapping[str, TextChange]
    lines: Sequence[LineChange]

    def count(self, became: Became) -> int:
        """How many measures became this."""
        return sum(1 for line in self.lines if line.became is became)

    @property
    def differs(self) -> bool:
        """Whether the two versions undertake anything different."""
        texts = (self.goal, self.similar_cases, *self.assurances.values())
        return any(text.differs for text in texts) or self.count(Became.SAME) < len(self.lines)


def compared(before: Content, after: Content) -> Comparison:
    """Lay two versions side by side."""
    names = dict.fromkeys([*before.assurances, *after.assurances])
    return Comparison(
        goal=TextChange(before.goal, after.goal),
        similar_cases=TextChange(before.similar_cases, after.similar_cases),
        assurances={
            name: TextChange(before.assurances.get(name, ""), after.assurances.get(name, ""))
            for name in names
        },
        lines=_lines(before.lines, after.lines),
    )


def origins_of(continues: Mapping[UUID, UUID | None]) -> dict[UUID, UUID]:
    """Each measure -> the one it first was. What a measure continues outside the mapping is its origin."""
    found: dict[UUID, UUID] = {}
    for measure in continues:
        at, way = measure, []
        while at not in found and continues.get(at) is not None and at not in way:
            way.append(at)
            at = continues[at]  # type: ignore[assignment]  # the condition above
        found[measure] = found.get(at, at)
    return found


def _lines(before: Sequence[Line], after: Sequence[Line]) -> list[LineChange]:
    partner = _partners(before, after)
    earlier = {origin: line.origin for origin, line in partner.items()}
    taken = set(earlier.values())
    found = []
    gone = _gone_after(before, taken)
    found += [LineChange(Became.REMOVED, line, None) for line in gone.get(None, ())]
    for line in after:
        old = partner.get(line.origin)
        found.append(_change(old, line, earlier))
        if old is not None:
            found += [LineChange(Became.REMOVED, one, None) for one in gone.get(old.origin, ())]
    return found


def _partners(before: Iterable[Line], after: Iterable[Line]) -> dict[UUID, Line]:
    """The origin of a line of the later version -> its line in the earlier one."""
    by_origin = {line.origin: line for line in before}
    found = {line.origin: by_origin.pop(line.origin) for line in after if line.origin in by_origin}
    by_words: dict[str, list[Line]] = {}
    for line in by_origin.values():
        by_words.setdefault(fold(line.text), []).append(line)
    for line in after:
        alike = by_words.get(fold(line.text))
        if line.origin not in found and alike:
            found[line.origin] = alike.pop(0)
    return found


def _gone_after(before: Iterable[Line], taken: set[UUID]) -> dict[UUID | None, list[Line]]:
    """What was taken out, by the last line before it that stayed."""
    found: dict[UUID | None, list[Line]] = {}
    last: UUID | None = None
    for line in before:
        if line.origin in taken:
            last = line.origin
        else:
            found.setdefault(last, []).append(line)
    return found


def _change(before: Line | None, after: Line, earlier: Mapping[UUID, UUID]) -> LineChange:
    if before is None:
        return LineChange(Became.ADDED, None, after)
    fields = tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
    if (earlier.get(after.under, after.under) if after.under else None) != before.under:
        fields += ("under",)
    return LineChange(Became.CHANGED if fields else Became.SAME, before, after, fields)
