"""An office's ledger in a spreadsheet: rows with their facts, and for each wrong row what is wrong and what would be right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bihuan.documents.form_rows import column_letters
from bihuan.intake.extraction.columns import HEADER_WITHIN, Header, header_of
from bihuan.text.deadlines_in_text import DeadlineKind, date_of_cell, deadlines_in
from bihuan.text.money import amount_of_cell, unit_of_header
from bihuan.text.normalise import fold
from bihuan.text.starting_taxonomy import GRADES, IMPACTS, NATURES, RECTIFICATION_KINDS, URGENCIES, Term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from bihuan.documents.model import Block

_LISTS: Final[dict[str, tuple[Term, ...]]] = {
    "nature": NATURES,
    "impact": IMPACTS,
    "urgency": URGENCIES,
    "grade": GRADES,
    "kind": RECTIFICATION_KINDS,
}
_OTHER_WORDS: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "立即整改": "immediate",
        "立查立改": "immediate",
        "限期": "by_date",
        "分阶段": "phased",
        "持续": "continuous",
        "长期坚持": "continuous",
        "长期": "continuous",
        "限时整改": "by_date",
        "立改": "immediate",
    },
    "grade": {"严重": "severe", "重大隐患": "severe", "较重": "major", "一般隐患": "minor", "轻微": "minor"},
    "urgency": {"紧急": "urgent", "特别紧急": "critical", "加急": "urgent", "普通": "normal"},
}
_DATES: Final = ("found_on", "closed_on")
_ACCEPTED_DATES: Final = ("2026-09-30", "2026年9月30日", "2026.9", "8月底", "立行立改", "长期坚持")
_ACCEPTED_AMOUNTS: Final = ("1234.56", "1,234.56", "123.4万元")
_NOTHING: Final = frozenset({"", "/", "-", "—", "——", "无", "不涉及"})
_COLUMNS_OF_A_TABLE: Final = 3
_WORDS_OF_A_HEADER: Final = 2
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计)")
_SIGN = re.compile(r"^(?:填表人|制表|审核人|填报单位|填报时间|备注[：:]|注[：:])")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell. `reason` is a code: missing, no_value, not_a_date, not_an_amount, unknown_word, duplicate_no."""

    sheet: str
    line: int
    column: int | None
    field: str
    value: str
    reason: str
    accepted: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """As a spreadsheet names it: 台账!F12."""
        letters = "" if self.column is None else column_letters(self.column)
        return f"{self.sheet}!{letters}{self.line}" if self.sheet else f"{letters}{self.line}"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One problem of the table. `facts` are texts as written, by our names; the parsed ones beside them.

    `continues` marks a further problem under the number of the row above.
    """

    sheet: str
    line: int
    facts: Mapping[str, str]
    section: str = ""
    continues: bool = False
    deadline: dt.date | None = None
    deadline_kind: DeadlineKind | None = None
    amount: Decimal | None = None
    dates: Mapping[str, dt.date] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What the problem is."""
        return self.facts.get("text") or self.facts.get("title", "")


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """A table read: its header, its good rows, and the errors of the bad ones (one row may have several)."""

    sheet: str
    header: Header
    header_line: int
    rows: tuple[LedgerRow, ...]
    errors: tuple[RowError, ...]

    @property
    def bad_lines(self) -> frozenset[int]:
        """Line numbers of rows that cannot be imported."""
        return frozenset(error.line for error in self.errors)


def read_ledger(
    blocks: Sequence[Block], *, base_date: dt.date | None = None, remembered: Mapping[str, str] | None = None
) -> LedgerSheet | None:
    """One sheet or table (its row blocks). None where no header can be found within the first rows."""
    stream = LedgerStream.begin(blocks[:HEADER_WITHIN], base_date=base_date, remembered=remembered)
    if stream is None:
        return None
    for block in blocks:
        stream.feed(block)
    rows, errors = stream.finish()
    return LedgerSheet(stream.sheet, stream.header, stream.header_line, tuple(rows), tuple(errors))


class LedgerStream:
    """A table read row by row, so that its length costs no memory: `feed` each block, `taken` what is ready so far.

    The last row is kept back, for the next one may go on with it.
    """

    def __init__(self, head: Sequence[Block], header: Header, base_date: dt.date | None) -> None:
        self.header = header
        self.header_line = _line(head[header.first])
        self.sheet = head[0].place.name
        self._above_header = header.last + 1
        self._base_date = base_date
        self._indices = {column.field: column.index for column in header.columns}
        amount = next((column.header for column in header.columns if column.field == "amount"), "")
        self._unit = unit_of_header(amount)
        self._headers = {column.header for column in header.columns}
        self._rows: list[LedgerRow] = []
        self._errors: list[RowError] = []
        self._numbers: dict[str, int] = {}
        self._above: dict[str, str] = {}
        self._before: Block | None = None
        self._section = ""

    @classmethod
    def begin(
        cls,
        head: Sequence[Block],
        *,
        base_date: dt.date | None = None,
        remembered: Mapping[str, str] | None = None,
    ) -> LedgerStream | None:
        """Find the header within the first rows, or say that there is none. All rows are fed afterwards, these too."""
        header = header_of([block.cells for block in head], remembered=remembered)
        return None if header is None else cls(head, header, base_date)

    def feed(self, block: Block) -> None:
        """The next row of the table."""
        if self._above_header:
            self._above_header -= 1
        else:
            self._row(block)
        self._before = block

    def taken(self) -> tuple[list[LedgerRow], list[RowError]]:
        """The rows that are complete and the errors found, since last asked."""
        rows, self._rows = self._rows[:-1], self._rows[-1:]
        errors, self._errors = self._errors, []
        return rows, errors

    def finish(self) -> tuple[list[LedgerRow], list[RowError]]:
        """What is left."""
        rows, self._rows = self._rows, []
        errors, self._errors = self._errors, []
        return rows, errors

    def _row(self, block: Block) -> None:
        facts = {name: block.cells[at].strip() for name, at in self._indices.items() if at < len(block.cells)}
        facts = {name: value for name, value in facts.items() if value not in _NOTHING or name == "source_no"}
        written = {cell.strip() for cell in block.cells if cell.strip()}
        if self._is_no_problem(block, facts, written):
            return
        text = facts.get("text") or facts.get("title", "")
        number = facts.get("source_no", "")
        if not text and not number and self._rows and self._joins_above(facts):
            return
        line = _line(block)
        continues = bool(self._rows) and (not number or self._is_merged(block, "source_no"))
        if continues:
            facts = {
                **{name: value for name, value in self._above.items() if name in _INHERITED},
                **_written(facts),
            }
        before = len(self._errors)
        self._refuse_leftovers(line, block)
        if not text:
            self._error(line, "text" if "text" in self._indices else "title", "", "missing")
        elif number and not continues and self._numbers.setdefault(number, line) != line:
            self._error(line, "source_no", number, "duplicate_no", (str(self._numbers[number]),))
        row = self._parsed(line, facts, continues=continues)
        self._above = facts
        if len(self._errors) == before:
            self._rows.append(row)

    def _refuse_leftovers(self, line: int, block: Block) -> None:
        """A formula nobody counted, or an error, is no fact: `#N/A` must not become the name of a unit."""
        for name, at in self._indices.items():
            value = block.cells[at].strip() if at < len(block.cells) else ""
            if value and _LEFTOVER.fullmatch(value):
                self._error(line, name, value, "no_value")

    def _is_no_problem(self, block: Block, facts: Mapping[str, str], written: set[str]) -> bool:
        """Section titles, totals, repeated headers and signatures."""
        first = next((cell for cell in block.cells if cell.strip()), "")
        if _TOTAL.match(first) or _SIGN.match(first):
            return True
        if written and len(written & self._headers) >= max(_WORDS_OF_A_HEADER, len(written) // 2):
            return True
        if len(written) == 1 and len(self._indices) >= _COLUMNS_OF_A_TABLE and self._is_section(block, facts):
            self._section = next(iter(written))
            return True
        return False

    def _is_section(self, block: Block, facts: Mapping[str, str]) -> bool:
        """One text alone in the row: over several columns, or in the first one and not a problem by itself."""
        columns = [at for at, cell in enumerate(block.cells) if cell.strip()]
        if len(columns) > 1:
            return True
        return columns[0] == min(self._indices.values()) and not facts.get("text")

    def _joins_above(self, facts: Mapping[str, str]) -> bool:
        """A row with neither number nor problem goes on with the row above (more measures, more units)."""
        if not facts:
            return True
        last = self._rows[-1]
        joined = dict(last.facts)
        for name, value in facts.items():
            if value and value not in joined.get(name, ""):
                joined[name] = f"{joined[name]}\n{value}" if joined.get(name) else value
        self._rows[-1] = LedgerRow(
            last.sheet,
            last.line,
            joined,
            last.section,
            last.continues,
            last.deadline,
            last.deadline_kind,
            last.amount,
            last.dates,
            last.codes,
        )
        return True

    def _is_merged(self, block: Block, name: str) -> bool:
        """Whether the number is not written in this row but reaches it from a merged cell above."""
        above, at = self._before, self._indices.get(name)
        if above is None or at is None or at >= len(block.cells) or at >= len(above.cells):
            return False
        value = block.cells[at]
        return value == above.cells[at] and value not in block.text.split("\t")

    def _parsed(self, line: int, facts: Mapping[str, str], *, continues: bool) -> LedgerRow:
        deadline, kind = self._deadline(line, facts.get("deadline", ""))
        amount = None
        if facts.get("amount"):
            amount = amount_of_cell(facts["amount"], unit=self._unit)
            if amount is None:
                self._error(line, "amount", facts["amount"], "not_an_amount", _ACCEPTED_AMOUNTS)
        dates = {}
        for name in _DATES:
            if facts.get(name):
                date = date_of_cell(facts[name], self._base_date)
                if date is None:
                    self._error(line, name, facts[name], "not_a_date", _ACCEPTED_DATES[:4])
                else:
                    dates[name] = date
        codes = {name: code for name in _LISTS if (code := self._code(line, name, facts.get(name, "")))}
        return LedgerRow(
            self.sheet, line, facts, self._section, continues, deadline, kind, amount, dates, codes
        )

    def _deadline(self, line: int, written: str) -> tuple[dt.date | None, DeadlineKind | None]:
        if not written:
            return None, None
        date = date_of_cell(written, self._base_date)
        if date is not None:
            return date, DeadlineKind.DATE
        found = deadlines_in(written, self._base_date) or deadlines_in(f"{written}前", self._base_date)
        if found:
            return found[-1].date, found[-1].kind
        if re.fullmatch(r"长期|持续|常态化|已完成|已整改|已销号", written):
            return None, DeadlineKind.CONTINUOUS if written in ("长期", "持续", "常态化") else None
        self._error(line, "deadline", written, "not_a_date", _ACCEPTED_DATES)
        return None, None

    def _code(self, line: int, name: str, written: str) -> str:
        """The code of a word from one of our closed lists."""
        if not written:
            return ""
        key = fold(written)
        for term in _LISTS[name]:
            if key in (fold(term.zh), fold(term.en), fold(term.code)):
                return term.code
        known = _OTHER_WORDS.get(name, {}).get(written)
        if known:
            return known
        self._error(line, name, written, "unknown_word", tuple(term.zh for term in _LISTS[name]))
        return ""

    def _error(self, line: int, name: str, value: str, reason: str, accepted: tuple[str, ...] = ()) -> None:
        self._errors.append(
            RowError(self.sheet, line, self._indices.get(name), name, value, reason, accepted)
        )


_LEFTOVER: Final = re.compile(r"=\w.*|=[\"'(+-].*|#(?:N/A|[A-Z]+(?:/0)?[!?])", re.DOTALL)
_INHERITED: Final = frozenset(
    {
        "source_no",
        "source",
        "batch",
        "sector",
        "lead_unit",
        "supporting_units",
        "sector_authority",
        "deadline",
        "sponsor",
        "handler",
        "title",
        "found_on",
        "territorial_unit",
    }
)


def _written(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def _line(block: Block) -> int:
    return block.place.row or block.place.number
