"""What came back, line by line, beside what went out and what the ledger says now. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.achievability import Achievability
from bihuan.journal.action import Refused
from bihuan.reviews.lines import Line, read_key
from bihuan.reviews.rules import Cell, Fault, Limits, Values, faults, merged, normalised, overtaken, touched

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 2000
MOST_ENTRIES: Final = 5000
LIMITS: Final = Limits(longest=LONGEST, words=frozenset(Achievability))
FAULT_WORDS: Final = {
    Fault.ALTERED: gettext_lazy("行标记被改动，认不出是哪一行"),
    Fault.FOREIGN: gettext_lazy("这一行不在本单位的这张表上"),
    Fault.TWICE: gettext_lazy("同一行出现了两次"),
    Fault.GONE: gettext_lazy("方案已调整，这条措施不在现行方案里"),
    Fault.LOCKED: gettext_lazy("改了不能改的格子"),
    Fault.PERCENT: gettext_lazy("进度应是 0 至 100 的整数"),
    Fault.NO_FACTS: gettext_lazy("进度变了，要写明做了什么"),
    Fault.NO_PERCENT: gettext_lazy("写了进展，要填进度"),
    Fault.WORD: gettext_lazy("能否按期请从给出的三种里选"),
    Fault.TOO_LONG: gettext_lazy("文字太长，每格最多 2000 字"),
    Fault.CONFLICT: gettext_lazy("这一行发出以后台账上有了更新的内容"),
}
CELL_WORDS: Final = {
    Cell.PERCENT: gettext_lazy("进度（%）"),
    Cell.FACTS: gettext_lazy("进展事实"),
    Cell.NEXT_STEP: gettext_lazy("下一步"),
    Cell.OBSTACLE: gettext_lazy("存在困难"),
    Cell.WORD: gettext_lazy("能否按期"),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line as it comes back: its key, and what its cells say. Cells left out are left as they were."""

    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Written:
    """An entry with the line it speaks of, if there is one, and what keeps it from being taken."""

    entry: Entry
    line: Line | None
    was: Values
    given: Values
    faults: tuple[Fault, ...]

    @property
    def touched(self) -> frozenset[Cell]:
        return touched(self.was, self.given)

    @property
    def after(self) -> Values:
        """What the line will say."""
        return merged(self.was, self.line.now if self.line else {}, self.given)

    def as_words(self) -> str:
        """Everything wrong with it, in one line."""
        return _("；").join(str(FAULT_WORDS[fault]) for fault in self.faults)

    def conflicts(self) -> list[dict[str, Any]]:
        """Cell by cell: what went out, what the ledger says now, what was written."""
        if self.line is None:
            return []
        now = normalised(self.line.now)
        return [
            {"label": CELL_WORDS[cell], "before": self.was[cell], "now": now[cell], "typed": self.given[cell]}
            for cell in Cell
            if cell in overtaken(self.was, self.line.now, self.given)
        ]


def compared(entries: Sequence[Entry], lines: Sequence[Line]) -> list[Written]:
    """Every entry beside its line, in the order they came."""
    if len(entries) > MOST_ENTRIES:
        raise Refused(_("一次最多报 %(n)s 行。") % {"n": MOST_ENTRIES}, field="entries")
    by_place = {line.place: line for line in lines}
    rows = {line.row.pk for line in lines}
    seen: set[Any] = set()
    found = []
    for entry in entries:
        read = read_key(entry.key)
        if read is None:
            found.append(_lost(entry, Fault.ALTERED))
            continue
        place, was = read
        given = _given(entry, was)
        line = by_place.get(place)
        if place in seen:
            found.append(_lost(entry, Fault.TWICE, was, given))
        elif line is None:
            fault = Fault.GONE if place[0] in rows else Fault.FOREIGN
            wrong: tuple[Fault, ...] = (fault,) if fault is Fault.FOREIGN or touched(was, given) else ()
            found.append(Written(entry=entry, line=None, was=was, given=given, faults=wrong))
        else:
            wrong = faults(was, given, line.now, open_cells=line.open_cells, limits=LIMITS)
            found.append(Written(entry=entry, line=line, was=was, given=given, faults=wrong))
        seen.add(place)
    return found


def _given(entry: Entry, was: Values) -> Values:
    unknown = sorted(set(entry.cells) - set(Cell))
    if unknown:
        raise Refused(
            _("没有这样的格子：%(names)s。") % {"names": "、".join(unknown)},
            accepted="、".join(cell.value for cell in Cell),
            field="entries",
        )
    return normalised({cell: str(entry.cells.get(cell.value, was[cell])) for cell in Cell})


def _lost(entry: Entry, fault: Fault, was: Values | None = None, given: Values | None = None) -> Written:
    nothing: Values = dict.fromkeys(Cell, "")
    said = given or {cell: str(entry.cells.get(cell.value, "")) for cell in Cell}
    return Written(entry=entry, line=None, was=was or nothing, given=said, faults=(fault,))


def refuse_faulty(written: Sequence[Written]) -> None:
    """Nothing is taken of a sheet in which one line is wrong; the refusal names each."""
    wrong = [one for one in written if one.faults]
    if not wrong:
        return
    said = [
        {"number": one.line.number if one.line else "", "faults": [fault.value for fault in one.faults]}
        for one in wrong
    ]
    first = wrong[0]
    raise Refused(
        _("有 %(n)s 行不能收，整张表都没有写入。") % {"n": len(wrong)},
        accepted=_("%(number)s：%(why)s。")
        % {"number": first.line.number if first.line else _("某一行"), "why": first.as_words()},
        lines=said,
    )
