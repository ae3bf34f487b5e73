"""The words of a template with its places filled in. Pure.

A place is a name in double braces, ``{{牵头单位}}``, and nothing else: no expressions, no attributes, no loops. What is
filled in is text and is not looked at again, so neither a template nor a value can do or read anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PLACE: Final = re.compile(r"\{\{\s*([^{}\s][^{}]*?)\s*\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_ALONE: Final = re.compile(r"\s*\{\{\s*([^{}\s][^{}]*?)\s*\}\}\s*")
BLANK: Final = "＿＿＿＿"
"""Where the ledger knows nothing, a line to be filled in by hand."""
_MARKS: Final = frozenset("，。；：、")
LONGEST_BODY: Final = 20_000
SIGNATURE: Final = "签字栏"
LIST: Final = "问题清单"
_LABELLED: Final = re.compile(r"([^：|]{1,20})：(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong with a template's text: ``unknown`` (a name nobody offers) or ``braces`` (an open brace)."""

    code: str
    name: str = ""
    line: int = 0


def names_in(text: str) -> list[str]:
    """The places of a text, each once, in their order."""
    return list(dict.fromkeys(found.group(1) for found in PLACE.finditer(text)))


def faults_in(text: str, offered: Collection[str]) -> list[TextFault]:
    """Every unknown name and every brace that belongs to no place, with its line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += [TextFault("unknown", name, number) for name in names_in(line) if name not in offered]
        if _BRACES.search(PLACE.sub("", line)):
            found.append(TextFault("braces", "", number))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """One line of text with its places filled in; a value of several lines becomes one.

    A value that ends its own sentence (逾期未改。) loses that mark where the template's follows: 因逾期未改，经研究….
    """

    def put(place: re.Match[str]) -> str:
        value = _in_line(values.get(place.group(1), ""))
        if text[place.end() : place.end() + 1] in _MARKS:
            value = value.rstrip("".join(_MARKS)) or value
        return value or BLANK

    return PLACE.sub(put, text)


def _in_line(value: str) -> str:
    return " ".join(value.split("\n")).strip()


def filled_lines(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a text; a place alone on its line gives as many paragraphs as its value has lines."""
    lines: list[str] = []
    for line in text.splitlines():
        alone = _ALONE.fullmatch(line)
        if alone:
            value = values.get(alone.group(1), "")
            lines += [one.strip() for one in value.splitlines() if one.strip()] or [BLANK]
        elif line.strip():
            lines.append(filled(line.strip(), values))
    return lines


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """The names of the places that stay blank."""
    return [name for name in names_in(text) if not values.get(name, "").strip()]


@dataclass(frozen=True, slots=True)
class Cell:
    """A labelled field of a form; `signed` leaves room for an opinion, a signature and a date."""

    label: str
    value: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of a form: fields side by side, or a note without a label, or the place of the list of problems."""

    cells: tuple[Cell, ...] = ()
    note: str = ""
    is_list: bool = False


def form_lines(text: str, values: Mapping[str, str]) -> list[FormLine]:
    """A form's text, line by line: ``编号：{{问题编号}} | 日期：{{今天}}`` is a row of two fields.

    The fields are told apart before anything is filled in, so that no value can add one.
    """
    lines = []
    for line in text.splitlines():
        if not line.strip():
            continue
        alone = _ALONE.fullmatch(line)
        if alone and alone.group(1) == LIST:
            lines.append(FormLine(is_list=True))
            continue
        parts = [_LABELLED.fullmatch(part.strip()) for part in line.split(" | ")]
        if all(parts):
            lines.append(FormLine(cells=tuple(_cell(part[1], part[2], values) for part in parts if part)))
        else:
            lines.append(FormLine(note=filled(line.strip(), values)))
    return lines


def _cell(label: str, text: str, values: Mapping[str, str]) -> Cell:
    if SIGNATURE in names_in(text):
        return Cell(
            filled(label, values), filled(text, {**values, SIGNATURE: "\u200b"}).strip("\u200b "), signed=True
        )
    # A form has lines of its own to write on: what is not known stays empty.
    return Cell(filled(label, values), "\n".join(filled_lines(text, values)).replace(BLANK, "").strip())
