"""Tables somebody else drew and wants filled in: what is read of them, and where their rows stand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = str | int | Decimal | dt.date | None
Corner = tuple[int, int]
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_LONGEST: Final = 32767
_BELOW: Final = re.compile(
    r"^\s*(?:合计|总计|小计|共计|填表|制表|审核|负责人|主要负责|分管|单位[（(]?盖章|填报|联系|备注[：:]|注[：:]|说明|年\s*月\s*日)"
)


@dataclass(frozen=True, slots=True)
class FormLayout:
    """Where a form's table is: which sheet or table (from 0), its header rows and its sample rows (from 1)."""

    table: int
    header_first: int
    header_last: int
    first: int
    last: int

    @property
    def plain(self) -> dict[str, int]:
        """For JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> FormLayout:
        """The inverse of `plain`."""
        return cls(**{name: int(plain[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class FormGrid:
    """One sheet or table as texts, row 1 first; `merged` has the text of a merged cell in each of its places."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[str, ...], ...]

    @classmethod
    def of(
        cls, name: str, cells: Mapping[int, Mapping[int, str]], merges: Sequence[tuple[Corner, Corner]]
    ) -> FormGrid:
        """From sparse cells (row from 1, column from 0) and merged areas ((top, left), (bottom, right))."""
        height = max([*cells, *(bottom for _top, (bottom, _right) in merges)], default=0)
        width = max([column for row in cells.values() for column in row], default=-1) + 1
        grid = [[cells.get(line, {}).get(at, "") for at in range(width)] for line in range(1, height + 1)]
        filled = [list(row) for row in grid]
        for (top, left), (bottom, right) in merges:
            for line in range(top, min(bottom, height) + 1):
                for at in range(left, min(right, width - 1) + 1):
                    filled[line - 1][at] = grid[top - 1][left]
        return cls(name, tuple(map(tuple, grid)), tuple(map(tuple, filled)))

    def layout(self, table: int, header_first: int, header_last: int) -> FormLayout:
        """The sample rows below a header: up to the first row that signs, sums or explains, else to the end."""
        first = header_last + 1
        last = first - 1
        for line in range(first, len(self.rows) + 1):
            written = [cell for cell in self.rows[line - 1] if cell.strip()]
            if written and _BELOW.match(written[0]):
                break
            if len(written) == 1 and len(set(self.merged[line - 1])) == 1:
                break
            last = line
        return FormLayout(table, header_first, header_last, first, last)


def plain_text(value: Value) -> str:
    """What is written into a cell: no character XML cannot hold, no more than a cell takes."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value if value is not None else "")
    return _NOT_IN_XML.sub("", text)[:_LONGEST]
