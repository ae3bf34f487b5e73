"""A running ledger read from a spreadsheet: rows as they would stand in ours, and every cell that stops one.

Nothing here asks the clock or writes; the words the office sorts by come in as `Lists`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.documents.form_rows import column_letters
from bihuan.intake.extraction.axes import axes_of
from bihuan.intake.extraction.spreadsheet import LedgerRow, LedgerStream
from bihuan.intake.wording import wrong_cell
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.wording import Likeness, likeness_of
from bihuan.text.classifier import starting_classifier
from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bihuan.documents.model import Block
    from bihuan.intake.extraction.columns import Header
    from bihuan.intake.extraction.spreadsheet import RowError
    from bihuan.text.units import UnitIndex

LONGEST_TITLE = 200
SHOWN_ACCEPTED = 8
NOT_BEGUN: Final = frozenset({State.REGISTERED, State.PROPOSED})
NEEDS_NO_UNIT: Final = NOT_BEGUN | {State.MERGED, State.REFERRED, State.UNFOUNDED, State.TERMINATED}
# How offices write where a matter stands, beside our own words for it.
_STATES: Final[dict[State, tuple[str, ...]]] = {
    State.REGISTERED: ("未启动", "待交办", "未交办", "新增", "登记"),
    State.PROPOSED: ("研判", "研判中", "拟办中"),
    State.ASSIGNED: ("交办", "待签收", "已签收"),
    State.PLANNING: ("方案制定", "方案制定中", "制定方案中"),
    State.RECTIFYING: (
        "正在整改", "推进中", "正在推进", "进行中", "整改推进中", "未完成", "未整改", "未整改到位", "部分完成",
        "部分整改", "基本完成", "序时推进", "达到序时进度", "滞后", "逾期", "否", "办理中",
    ),
    State.ACCEPTING: ("已完成", "完成", "整改完成", "完成整改", "已整改", "已整改到位", "整改到位", "申请验收", "是"),
    State.NOTICED: ("公示", "正在公示"),
    State.CLOSURE_REVIEW: ("待销号", "申请销号", "拟销号"),
    State.CLOSED: ("销号", "办结", "已办结", "已结案", "结案"),
    State.STANDING_DUTY: ("长期坚持", "持续整改", "常态化", "长期整改", "已转常态"),
    State.SUSPENDED: ("暂缓", "已中止", "挂起"),
    State.MERGED: ("已并案", "合并办理"),
    State.REFERRED: ("已移送", "移交"),
    State.UNFOUNDED: ("查无实据",),
    State.TERMINATED: ("终止", "已终止", "不再办理"),
}  # fmt: skip
_BY_WORD: Final = {
    fold(word): state
    for state in State
    for word in (STATE_WORDS[state].zh, STATE_WORDS[state].en, state.value, *_STATES[state])
}
_CLASSIFIER: Final = starting_classifier()
_UNITS_APART: Final = re.compile(r"[、，,;；\n/]")
_PERCENT: Final = re.compile(r"(\d{1,3})\s*[%％]")


def state_said(words: str) -> State | None:
    """The state an office means by these words, if they are words of ours or of its habit."""
    return _BY_WORD.get(fold(words))


@dataclass(frozen=True)
class Lists:
    """What the office's own words are matched against: label -> code, and its units."""

    sectors: Mapping[str, str]
    sources: Mapping[str, str]
    units: UnitIndex
    source: str
    received_on: date


@dataclass(frozen=True)
class ImportRow:
    """One problem as it would stand; codes and ids, no rows. `place` is where it comes from: ``台账!12``; `given` the facts
    written in it; `likeness` what it is told from others by, worked out once for the check and for entering.
    """

    place: str
    line: int
    title: str
    text: str
    source_no: str
    section: str
    state: str
    source: str
    sector: str
    nature: str
    impact: str
    urgency: str
    grade: str
    kind: str
    lead_unit: str | None
    supporting_units: tuple[str, ...]
    registered_on: date
    assigned_on: date | None
    deadline: date | None
    closed_on: date | None
    more: Mapping[str, Any] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    likeness: Likeness | None = None


@dataclass(frozen=True)
class BadCell:
    """A cell that stops its row: where it is, and one sentence saying why and what would be accepted."""

    sheet: str
    line: int
    column: int | None
    place: str
    words: str


class SheetCheck:
    """One sheet of a ledger being read and checked, row by row.

    Whoever feeds it takes out what is ready now and then: rows that may stand, and cells that stop theirs.
    """

    def __init__(self, stream: LedgerStream, lists: Lists) -> None:
        self.stream = stream
        self.columns = tuple(
            (column.header, column.field, round(column.confidence * 100)) for column in stream.header.columns
        )
        self._reader = _Reader(stream.sheet, stream.header, lists)

    @classmethod
    def begin(
        cls, head: Sequence[Block], lists: Lists, *, remembered: Mapping[str, str] | None = None
    ) -> SheetCheck | None:
        """The check of a sheet whose first rows are these; none where they hold no header."""
        stream = LedgerStream.begin(head, base_date=lists.received_on, remembered=remembered)
        return None if stream is None else cls(stream, lists)

    def feed(self, block: Block) -> None:
        """The next row of the sheet."""
        self.stream.feed(block)

    def taken(self) -> tuple[list[ImportRow], list[BadCell]]:
        """What is ready since last asked."""
        return self._checked(*self.stream.taken())

    def finish(self) -> tuple[list[ImportRow], list[BadCell]]:
        """What is left when the sheet has ended."""
        return self._checked(*self.stream.finish())

    def _checked(
        self, read: list[LedgerRow], errors: list[RowError]
    ) -> tuple[list[ImportRow], list[BadCell]]:
        rows = [row for one in read if (row := self._reader.row(one)) is not None]
        bad = [_wrong(error) for error in errors] + self._reader.bad
        self._reader.bad = []
        return rows, sorted(bad, key=lambda cell: (cell.line, cell.column or 0))


def sheets_of(rows: Iterable[Block]) -> Iterator[Iterator[Block]]:
    """Row blocks, parted where another sheet or table begins; each part is to be used up before the next."""
    for _key, blocks in groupby(rows, key=lambda block: (block.place.part, block.place.number)):
        yield blocks


def _wrong(error: RowError) -> BadCell:
    return BadCell(error.sheet, error.line, error.column, error.place, wrong_cell(error))


class _Reader:
    """Rows that were readable, asked whether they can stand: state, unit and dates must agree."""

    def __init__(self, sheet: str, header: Header, lists: Lists) -> None:
        self.sheet, self.header, self.lists = sheet, header, lists
        self._leads: dict[str, str | None] = {}
        self.bad: list[BadCell] = []

    def row(self, row: LedgerRow) -> ImportRow | None:
        before = len(self.bad)
        state = self._state(row)
        lead = self._lead(row, state)
        sector = self._sector(row)
        source = self._source(row)
        self._dates(row, state)
        if len(self.bad) > before or state is None:
            return None
        axes = axes_of(row.text, sector, row.deadline_kind)
        codes = row.codes
        begun = state not in NOT_BEGUN
        found_on = row.dates.get("found_on") or self.lists.received_on
        title = _title(row)
        return ImportRow(
            place=f"{row.sheet}!{row.line}" if row.sheet else str(row.line),
            line=row.line,
            title=title,
            text=row.text,
            source_no=row.facts.get("source_no", "")[:60],
            section=row.section,
            state=state.value,
            source=source,
            sector=sector,
            nature=codes.get("nature") or axes.nature,
            impact=codes.get("impact") or axes.impact,
            urgency=codes.get("urgency") or axes.urgency,
            grade=codes.get("grade", ""),
            kind=codes.get("kind") or axes.kind,
            lead_unit=lead,
            supporting_units=self._supporting(row, lead),
            registered_on=found_on,
            assigned_on=found_on if begun and lead else None,
            deadline=row.deadline,
            closed_on=row.dates.get("closed_on") if state is State.CLOSED else None,
            more=_more(row),
            given=tuple(name for name, value in row.facts.items() if value),
            likeness=likeness_of(title, row.text),
        )

    def _fault(self, row: LedgerRow, name: str, words: str) -> None:
        column = self.header.index_of(name)
        letters = "" if column is None else column_letters(column)
        place = f"{row.sheet}!{letters}{row.line}" if row.sheet else f"{letters}{row.line}"
        self.bad.append(BadCell(row.sheet, row.line, column, place, words))

    def _state(self, row: LedgerRow) -> State | None:
        written = row.facts.get("state", "").strip()
        if not written:
            if row.dates.get("closed_on"):
                return State.CLOSED
            return State.RECTIFYING if row.facts.get("lead_unit") else State.REGISTERED
        known = state_said(written)
        if known is State.ACCEPTING and row.dates.get("closed_on"):
            return State.CLOSED
        if known is None:
            accepted = _("、").join(_said(state) for state in list(State)[:SHOWN_ACCEPTED])
            words = _("不认识状态“%(value)s”；可填：%(accepted)s 等") % {
                "value": written[:20],
                "accepted": accepted,
            }
            self._fault(row, "state", words)
        return known

    def _lead(self, row: LedgerRow, state: State | None) -> str | None:
        written = [
            name.strip() for name in _UNITS_APART.split(row.facts.get("lead_unit", "")) if name.strip()
        ]
        if not written:
            if state is not None and state not in NEEDS_NO_UNIT:
                self._fault(
                    row,
                    "lead_unit",
                    _("没有填责任单位；%(state)s的问题必须有") % {"state": _said(state)},
                )
            return None
        unit = self._unit(written[0])
        if unit is None:
            self._fault(
                row, "lead_unit", _("单位树里没有“%(name)s”；请填单位全称") % {"name": written[0][:30]}
            )
        return unit

    def _unit(self, name: str) -> str | None:
        """A ledger names the same few units thousands of times."""
        if name not in self._leads:
            self._leads[name] = self.lists.units.match(name).unit
        return self._leads[name]

    def _supporting(self, row: LedgerRow, lead: str | None) -> tuple[str, ...]:
        written = _UNITS_APART.split(row.facts.get("lead_unit", ""))[1:]
        written += _UNITS_APART.split(row.facts.get("supporting_units", ""))
        found = [self._unit(name.strip()) for name in written if name.strip()]
        return tuple(dict.fromkeys(unit for unit in found if unit and unit != lead))

    def _sector(self, row: LedgerRow) -> str:
        known = self.lists.sectors.get(fold(row.facts.get("sector", "")))
        return known or _CLASSIFIER.predict(f"{row.facts.get('sector', '')} {row.text}").best

    def _source(self, row: LedgerRow) -> str:
        return self.lists.sources.get(fold(row.facts.get("source", "")), self.lists.source)

    def _dates(self, row: LedgerRow, state: State | None) -> None:
        found, closed = row.dates.get("found_on"), row.dates.get("closed_on")
        if found and closed and closed < found:
            words = _("销号时间早于发现时间（%(found)s）") % {"found": found.isoformat()}
            self._fault(row, "closed_on", words)
        if state is State.CLOSED and closed is None:
            self._fault(row, "closed_on", _("已销号的要有销号时间，如 2026-06-30"))


def _said(state: State) -> str:
    """The state in the reader's language; both are read."""
    return STATE_WORDS[state].say(get_language() or "")


def _title(row: LedgerRow) -> str:
    written = row.facts.get("title") or re.split(r"[。；\n]", row.text.strip(), maxsplit=1)[0]
    return written.strip()[:LONGEST_TITLE]


def _more(row: LedgerRow) -> dict[str, Any]:
    facts = row.facts
    more: dict[str, Any] = {
        "basis": facts.get("basis", ""),
        "site": facts.get("site", "")[:200],
        "concerned_party": facts.get("concerned_party", "")[:200],
        "reason_unfinished": facts.get("reason", ""),
        "next_step": facts.get("next_step", ""),
        "determination": facts.get("determination", ""),
        "proposed_handling": facts.get("measures") or facts.get("requirement", ""),
    }
    percent = _PERCENT.search(facts.get("progress", ""))
    if percent and int(percent.group(1)) <= 100:  # noqa: PLR2004 (a whole)
        more["progress"] = int(percent.group(1))
    if row.amount is not None:
        more["amount"] = row.amount
    return {name: value for name, value in more.items() if value not in ("", None)}
