"""Where cells and ranges stand after the rows of a table were replaced by more or by fewer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CELL: Final = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})")
_RANGE: Final = re.compile(
    r"(?<![A-Za-z0-9_.!])(\$?[A-Z]{1,3}\$?\d{1,7})(?::(\$?[A-Z]{1,3}\$?\d{1,7}))?(?![A-Za-z0-9_(.!])"
)
_LINES: Final = re.compile(r"\$(\d+):\$(\d+)")
_TEXTS: Final = re.compile(r'("[^"]*")')


def column_number(letters: str) -> int:
    """A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """0 is A."""
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters


def split_reference(reference: str) -> tuple[int, int]:
    """``B12`` as (1, 12)."""
    found = _CELL.fullmatch(reference.strip())
    return (column_number(found[2]), int(found[4])) if found else (0, 0)


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows `first` to `last` (from 1) were replaced by `count` rows."""

    first: int
    last: int
    count: int

    @property
    def shift(self) -> int:
        """By how much what stands below moves."""
        return self.count - (self.last - self.first + 1)

    def line(self, number: int, *, end: bool = False) -> int:
        """Where a row stands now. Inside the replaced rows a beginning is their first and an end their last."""
        if number > self.last:
            return number + self.shift
        if number < self.first:
            return number
        return self.first + self.count - 1 if end else self.first

    def reference(self, area: str) -> str:
        """``A5:C9``, absolute or not."""
        begin, colon, end = area.partition(":")
        if not colon:
            return self._cell(begin, end=False)
        return f"{self._cell(begin, end=False)}:{self._cell(end, end=True)}"

    def formula(self, text: str) -> str:
        """A formula of the sheet itself. Texts in quotes and references to other sheets stay as they are."""
        parts = _TEXTS.split(text)
        return "".join(
            part if part.startswith('"') else _RANGE.sub(lambda found: self.reference(found[0]), part)
            for part in parts
        )

    def named(self, text: str, sheet: str) -> str:
        """A name of the book (print area, print titles), where it means this sheet."""
        quoted = sheet.replace("'", "''")
        parts = []
        for part in text.split(","):
            name, mark, area = part.rpartition("!")
            if mark and name.strip("'") in (sheet, quoted):
                area = self.reference(area) if not _LINES.fullmatch(area) else self._lines(area)
            parts.append(f"{name}{mark}{area}")
        return ",".join(parts)

    def _lines(self, area: str) -> str:
        begin, end = (int(number) for number in _LINES.fullmatch(area).groups())  # type: ignore[union-attr]
        return f"${self.line(begin)}:${self.line(end, end=True)}"

    def _cell(self, cell: str, *, end: bool) -> str:
        found = _CELL.fullmatch(cell)
        if found is None:
            return cell
        return f"{found[1]}{found[2]}{found[3]}{self.line(int(found[4]), end=end)}"
