"""Cells of a workbook whose value the reader leaves out: errors (#N/A, #REF!), and formulas saved without a result.

A program that wrote the file may never have counted its formulas, and a lookup that failed shows an error. Read as
empty, such a cell would drop words nobody misses; so it is read as it stands: ``#N/A``, ``=B2&C2``.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.documents.packages import Package

_CELL: Final = re.compile(rb"<c\b((?:[^>/]|/(?!>))*)>(.*?)</c>", re.DOTALL)
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA: Final = re.compile(rb"<f\b[^>]*?(?:/>|>(.*?)</f>)", re.DOTALL)
_VALUE: Final = re.compile(rb"<v\b[^>/]*>(.*?)</v>", re.DOTALL)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


Leftovers = dict[tuple[int, int], str]
"""(row, column), both from 0 -> what stands there."""


def leftovers(package: Package) -> dict[str, Leftovers]:
    """What each sheet, by name, holds that its reader leaves out."""
    found: dict[str, Leftovers] = {}
    for name, part in _sheets(package):
        content = package.read(part)
        # Most sheets hold neither; looking for two words costs nothing beside looking at every cell.
        if b"<f" in content or b't="e"' in content:
            cells = dict(_cells(content))
            if cells:
                found[name] = cells
    return found


def _sheets(package: Package) -> Iterator[tuple[str, str]]:
    if not {_BOOK, _LINKS} <= package.names:
        return
    targets = {link.get("Id"): link.get("Target", "") for link in package.xml(_LINKS)}
    for sheet in package.xml(_BOOK).iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in package.names:
            yield sheet.get("name", ""), part


def _cells(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _CELL.finditer(content):
        attributes, inside = match.groups()
        reference = _REFERENCE.search(attributes)
        text = _left_out(attributes, inside)
        if reference and text:
            yield (int(reference[2]) - 1, _column(reference[1])), text


def _left_out(attributes: bytes, inside: bytes) -> str:
    """What the reader would leave out of a cell; a formula that came to an empty text says so by its type."""
    value = _VALUE.search(inside)
    if b't="e"' in attributes:
        return _plain(value[1]) if value else ""
    formula = _FORMULA.search(inside)
    if formula is None or (value and value[1].strip()) or b't="str"' in attributes:
        return ""
    return "=" + _plain(formula[1] or b"")


def _plain(written: bytes) -> str:
    return html.unescape(written.decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
