"""The tables of a file as a person is asked about them: which row is the header, and what each column is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.documents.form_rows import column_letters
from bihuan.intake.extraction.columns import HEADER_WITHIN, field_of, header_of, names_written
from bihuan.intake.imports.checking import read_rows
from bihuan.intake.imports.running import sheets_of
from bihuan.intake.source_columns import READ_FACTS, columns_said, refuse_unreadable
from bihuan.journal.action import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from bihuan.documents.model import Block

SAMPLES: Final = 2
LONGEST_SAMPLE: Final = 60
LONGEST_LINE: Final = 40
SHOWN_TABLES: Final = 8


@dataclass(frozen=True)
class ColumnRead:
    """A column as the page shows it: its header, what it is taken for and how surely, and what stands below."""

    letter: str
    header: str
    fact: str
    percent: int
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet: its first rows, which of them is its header, and what its columns are taken for."""

    n: int
    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    line: int
    columns: tuple[ColumnRead, ...]
    recognised: bool

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The rows that could be its header, in a few words each."""
        said = [
            (line, "、".join(dict.fromkeys(cell.strip() for cell in cells if cell.strip())))
            for line, cells in self.rows
        ]
        return [(line, words[:LONGEST_LINE]) for line, words in said if words]

    @property
    def headers(self) -> list[str]:
        """What is written over the columns."""
        return [column.header for column in self.columns]


def tables_of(
    name: str, content: bytes, *, remembered: Mapping[str, str], lines: Mapping[int, int]
) -> list[Table]:
    """The tables of a file as a person is asked about them; `lines`: number of a table -> the line of its header.

    Raises `Refused` where the file cannot be read.
    """
    found = []
    for n, blocks in enumerate(islice(sheets_of(read_rows(name, content)), SHOWN_TABLES)):
        found.append(_table(n, list(islice(blocks, HEADER_WITHIN)), remembered, lines.get(n)))
    return found


def _table(n: int, head: Sequence[Block], remembered: Mapping[str, str], line: int | None) -> Table:
    rows = [tuple(block.cells) for block in head]
    numbers = [block.place.row or block.place.number for block in head]
    found = header_of(rows, remembered=remembered)
    first = last = _likeliest(rows)
    taken = {}
    if found is not None and line in (None, numbers[found.last]):
        first, last = found.first, found.last
        taken = {column.index: (column.field, round(column.confidence * 100)) for column in found.columns}
    elif line in numbers:
        first = last = numbers.index(line)
    names = [over[0] if over else "" for over in names_written(rows[first : last + 1])]
    if not taken:
        taken = _taken_for(names, remembered)
    below = rows[last + 1 :]
    columns = tuple(
        ColumnRead(column_letters(at), name, *_offered(taken.get(at, ("", 0))), _samples(below, at))
        for at, name in enumerate(names)
    )
    return Table(
        n,
        head[0].place.name,
        tuple(zip(numbers, rows, strict=True)),
        numbers[last],
        columns,
        found is not None,
    )


def _likeliest(rows: Sequence[Sequence[str]]) -> int:
    """Where nothing is recognised: the row with the most different cells, the first of them."""
    return max(range(len(rows)), key=lambda at: (len({cell.strip() for cell in rows[at]} - {""}), -at))


def _taken_for(names: Sequence[str], remembered: Mapping[str, str]) -> dict[int, tuple[str, int]]:
    taken: dict[int, tuple[str, int]] = {}
    for at, name in enumerate(names):
        known = (remembered[name], 1.0) if name in remembered else field_of(name)
        if known and known[0] not in {fact for fact, _percent in taken.values()}:
            taken[at] = (known[0], round(known[1] * 100))
    return taken


def _offered(taken: tuple[str, int]) -> tuple[str, int]:
    """What can be brought in; that a column is somebody's telephone is known, and is not brought in."""
    return taken if taken[0] in READ_FACTS else ("", 0)


def _samples(below: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    written = (row[at].strip() for row in below if at < len(row))
    return tuple(islice((words[:LONGEST_SAMPLE] for words in written if words), SAMPLES))


def said_of(tables: Sequence[Table], facts: Mapping[int, Sequence[str]]) -> dict[str, str]:
    """What a person said of all sheets, header -> fact. A sheet of which nothing was said is not read, and not remembered."""
    said: dict[str, str] = {}
    for table in tables:
        given = list(facts.get(table.n, ()))
        if len(given) != len(table.columns):
            raise Refused(_("列数对不上。"), accepted=_("请重新打开这一页。"))
        if not any(given):
            continue
        columns = columns_said(table.headers, given)
        refuse_unreadable(columns)
        for header, fact in columns.items():
            if said.setdefault(header, fact) != fact:
                raise Refused(
                    _("“%(header)s”在两张表里填到了不同的地方。") % {"header": header},
                    accepted=_("两张表里同名的列请填成一样；本来不同的，请分成两个文件导入。"),
                )
    refuse_unreadable(said)
    return said


def lines_chosen(given: QueryDict) -> dict[int, int]:
    """The line somebody chose for the header of each table, as ``line-0=3``."""
    return {
        int(name.removeprefix("line-")): int(str(value))
        for name, value in given.items()
        if name.startswith("line-") and _is_number(name.removeprefix("line-")) and _is_number(str(value))
    }


def facts_chosen(tables: Sequence[Table], given: QueryDict) -> dict[int, list[str]]:
    """What was chosen for the columns of each table, in their order, as ``fact-0``."""
    return {table.n: given.getlist(f"fact-{table.n}") for table in tables}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7  # noqa: PLR2004 (more rows than any sheet has)
