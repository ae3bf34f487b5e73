"""How a problem gets its own number: the pattern an office writes, e.g. `ZG-{year}-{serial:04}`.

Text stands for itself; `{{` and `}}` are braces. Fields: `{year}` `{quarter}` `{month}` `{day}` of the day of
registration, `{source}` `{jurisdiction}` `{batch}` as short marks, and exactly one `{serial}`, whose width may be
given (`{serial:04}`: at least four digits).

The serial begins again at 1 whenever anything else in the number changes, so the rest of the number *is* the scope
in which it counts: two patterns that would print the same numbers share one counter, and no number comes twice.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

LONGEST_NUMBER: Final = 60
WIDEST_SERIAL: Final = 9


class Field(StrEnum):
    """What may stand in braces."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    SOURCE = "source"
    JURISDICTION = "jurisdiction"
    BATCH = "batch"
    SERIAL = "serial"


MARKS: Final = frozenset({Field.SOURCE, Field.JURISDICTION, Field.BATCH})
"""Fields filled with a mark of letters, Chinese characters and digits."""
_WITHIN_A_YEAR: Final = frozenset({Field.QUARTER, Field.MONTH, Field.DAY})
_DIGITS: Final = {Field.YEAR: 4, Field.QUARTER: 1, Field.MONTH: 2, Field.DAY: 2}
_PIECES: Final = re.compile(r"(?P<escaped>\{\{|\}\})|\{(?P<name>[^{}]*)\}|(?P<stray>[{}])|(?P<text>[^{}]+)")
_SERIAL: Final = "{serial}"


class Fault(StrEnum):
    """What is wrong with a pattern or its marks; the words a person reads are made where the person is."""

    STRAY_BRACE = "stray_brace"
    UNKNOWN_FIELD = "unknown_field"
    WIDTH = "width"
    NO_SERIAL = "no_serial"
    TWICE = "twice"
    NO_YEAR = "no_year"
    NO_SEPARATOR = "no_separator"
    DIGIT_BESIDE_SERIAL = "digit_beside_serial"
    CONTROL_CHARACTER = "control_character"
    MARK = "mark"
    SERIAL_RANGE = "serial_range"
    TOO_LONG = "too_long"


class NumberingError(ValueError):
    """A pattern cannot be used, or a number cannot be made from it. `fault` says what, `what` names the part."""

    def __init__(self, fault: Fault, what: str, explanation: str) -> None:
        self.fault = fault
        self.what = what
        super().__init__(f"{what}: {explanation}")


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberFacts:
    """What a number may tell about a problem. Marks a pattern does not use may stay empty."""

    day: date
    source: str = ""
    jurisdiction: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number taken apart: the scope it counts in, and its serial."""

    scope: str
    serial: int


@dataclass(frozen=True)
class Pattern:
    """A pattern that was checked. Make one with `parse`."""

    parts: tuple[str | Field, ...]
    width: int = 1

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read a pattern, or raise `NumberingError` naming the part that is wrong."""
        parts: list[str | Field] = []
        width = 1
        for piece in _PIECES.finditer(text):
            if piece["stray"]:
                raise NumberingError(Fault.STRAY_BRACE, piece["stray"], "write a brace twice to mean itself")
            if piece["name"] is not None:
                part, width_here = _field(piece["name"])
                width = width_here or width
                parts.append(part)
            else:
                literal = piece["escaped"][0] if piece["escaped"] else piece["text"]
                # Neighbouring texts are joined, so that a separator is found wherever it stands.
                if parts and not isinstance(parts[-1], Field):
                    literal = parts.pop() + literal
                parts.append(literal)
        _check(parts)
        return cls(tuple(parts), width)

    @property
    def fields(self) -> frozenset[Field]:
        """The fields the pattern uses."""
        return frozenset(part for part in self.parts if isinstance(part, Field))

    def scope(self, facts: NumberFacts) -> str:
        """Return the number without its serial: what the serial counts in, and the key of its counter."""
        return "".join(_SERIAL if part is Field.SERIAL else _shown(part, facts) for part in self.parts)

    def render(self, facts: NumberFacts, serial: int) -> str:
        """Return the number."""
        if serial < 1:
            raise NumberingError(Fault.SERIAL_RANGE, str(serial), "the first serial is 1")
        digits = f"{serial:0{self.width}}"
        number = "".join(digits if part is Field.SERIAL else _shown(part, facts) for part in self.parts)
        if len(number) > LONGEST_NUMBER:
            raise NumberingError(Fault.TOO_LONG, number, f"a number has at most {LONGEST_NUMBER} characters")
        return number

    def read(self, number: str) -> Reading | None:
        """Take apart a number made by this pattern (in an imported ledger, say); None if it is not one."""
        match = self._shape.fullmatch(number)
        if match is None or int(match["serial"]) < 1:
            return None
        # A serial padded further than the pattern pads it was written by somebody else.
        if match["serial"] != f"{int(match['serial']):0{self.width}}":
            return None
        start, end = match.span("serial")
        return Reading(number[:start] + _SERIAL + number[end:], int(match["serial"]))

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile("".join(_expression(part) for part in self.parts))


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """Return the checked pattern for `text`; an office has few, and every registration asks for one."""
    return Pattern.parse(text)


def _field(inside: str) -> tuple[Field, int | None]:
    name, _, width = inside.partition(":")
    if name not in set(Field):
        accepted = ", ".join(f"{{{known}}}" for known in Field)
        raise NumberingError(Fault.UNKNOWN_FIELD, f"{{{inside}}}", f"accepted are {accepted}")
    if ":" not in inside:
        return Field(name), None
    if name != Field.SERIAL or not re.fullmatch(r"0[1-9]", width, re.ASCII):
        explanation = f"only the serial has a width, written {{serial:04}}, from 01 to 0{WIDEST_SERIAL}"
        raise NumberingError(Fault.WIDTH, f"{{{inside}}}", explanation)
    return Field.SERIAL, int(width)


def _check(parts: list[str | Field]) -> None:
    used = [part for part in parts if isinstance(part, Field)]
    for part in used:
        if used.count(part) > 1:
            raise NumberingError(Fault.TWICE, f"{{{part}}}", "may stand in a pattern once")
    if Field.SERIAL not in used:
        raise NumberingError(Fault.NO_SERIAL, "{serial}", "without it two problems would get one number")
    if Field.YEAR not in used and not _WITHIN_A_YEAR.isdisjoint(used):
        raise NumberingError(Fault.NO_YEAR, "{year}", "without it the numbers would come again next year")
    if Field.DAY in used and Field.MONTH not in used:
        raise NumberingError(Fault.NO_YEAR, "{month}", "a day without its month comes again next month")
    for text in parts:
        if not isinstance(text, Field) and not text.isprintable():
            raise NumberingError(Fault.CONTROL_CHARACTER, repr(text), "only printable characters")
    for left, right in pairwise(parts):
        _check_neighbours(left, right)


def _check_neighbours(left: str | Field, right: str | Field) -> None:
    """Refuse what could make two different problems' numbers look the same."""
    both = f"{_written(left)}{_written(right)}"
    for one, other in ((left, right), (right, left)):
        if one in MARKS:
            beside = "" if isinstance(other, Field) else (other[0] if one is left else other[-1])
            if not beside or beside.isalnum():
                explanation = (
                    "a mark needs a separator such as - or / beside it, or its end could not be seen"
                )
                raise NumberingError(Fault.NO_SEPARATOR, both, explanation)
        if one is Field.SERIAL:
            beside = "0" if isinstance(other, Field) else (other[0] if one is left else other[-1])
            if beside in string.digits:
                explanation = "beside the serial there must be something that is not a digit"
                raise NumberingError(Fault.DIGIT_BESIDE_SERIAL, both, explanation)


def _shown(part: str | Field, facts: NumberFacts) -> str:
    if part is Field.YEAR:
        return f"{facts.day.year:04}"
    if part is Field.QUARTER:
        return str((facts.day.month + 2) // 3)
    if part is Field.MONTH:
        return f"{facts.day.month:02}"
    if part is Field.DAY:
        return f"{facts.day.day:02}"
    if part in MARKS:
        return _mark(Field(part), str(getattr(facts, part)))
    return part


def _mark(name: Field, mark: str) -> str:
    if not mark.isalnum():
        explanation = f"the mark for {{{name}}} is letters, Chinese characters and digits, not {mark!r}"
        raise NumberingError(Fault.MARK, f"{{{name}}}", explanation)
    return mark


def _expression(part: str | Field) -> str:
    if part is Field.SERIAL:
        return "(?P<serial>[0-9]+)"
    if part in MARKS:
        # Exactly what str.isalnum lets pass: a word character that is no underscore.
        return r"[^\W_]+"
    if isinstance(part, Field):
        return f"[0-9]{{{_DIGITS[part]}}}"
    return re.escape(part)


def _written(part: str | Field) -> str:
    return f"{{{part}}}" if isinstance(part, Field) else part
