"""A spreadsheet somebody else drew, filled in where its rows are, with everything else left as it was.

The sheet's own XML is changed and nothing is drawn anew: widths, fonts, borders, merged heads, title rows, what stands
below the table, print settings, pictures and other sheets stay byte for byte or move down by as many rows as were added.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Final

from lxml import etree

from bihuan.documents.form_rows import Moved, column_letters, split_reference
from bihuan.documents.forms import FormGrid, FormLayout, Value, plain_text
from bihuan.documents.limits import Limits
from bihuan.documents.packages import Package

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_BOOK, _LINKS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_CHAIN: Final = "xl/calcChain.xml"
_EPOCH: Final = dt.date(1899, 12, 30)
_DATE_FORMATS: Final = frozenset(
    {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58}
)
_ENOUGH_FOR_FOUR: Final = 3


class FormBook:
    """An opened workbook of which one sheet is to be read or filled."""

    def __init__(self, content: bytes, name: str = "") -> None:
        self.package = Package(content, name, Limits())
        self.parts = _sheet_parts(self.package)
        self._shared = _shared_strings(self.package)

    def grids(self) -> list[FormGrid]:
        """Every sheet as texts, rows without text included, merged cells filled in."""
        return [self._grid(name, part) for name, part in self.parts]

    def _grid(self, name: str, part: str) -> FormGrid:
        root = _parsed(self.package, part)
        rows: dict[int, dict[int, str]] = {}
        for row in root.iter(f"{_MAIN}row"):
            number = int(row.get("r", "0"))
            cells = rows.setdefault(number, {})
            for cell in row.iter(f"{_MAIN}c"):
                column, _line = split_reference(cell.get("r", "A1"))
                cells[column] = self._text(cell)
        merges = [_area(merge.get("ref", "")) for merge in root.iter(f"{_MAIN}mergeCell")]
        return FormGrid.of(name, rows, merges)

    def _text(self, cell: etree._Element) -> str:
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext(f"{_MAIN}t"))
        value = cell.findtext(f"{_MAIN}v") or ""
        if cell.get("t") == "s" and value.isdigit() and int(value) < len(self._shared):
            return self._shared[int(value)]
        return value


def fill_sheet(
    content: bytes, layout: FormLayout, rows: Sequence[Mapping[int, Value]], name: str = ""
) -> bytes:
    """The workbook with the rows in place of the sample rows. `rows` map column numbers (from 0) to values."""
    book = FormBook(content, name)
    sheet_name, part = book.parts[layout.table]
    root = _parsed(book.package, part)
    moved = Moved(layout.first, layout.last, max(1, len(rows)))
    _Filling(root, layout, moved, _date_styles(book.package)).carry_out(rows)
    changed: dict[str, bytes | None] = {part: _written(root)}
    changed |= _around(book.package, part, sheet_name, moved)
    return _repacked(content, changed)


class _Filling:
    """The rows of one sheet: those above stay, the sample rows are replaced, those below move."""

    def __init__(self, root: etree._Element, layout: FormLayout, moved: Moved, dates: frozenset[int]) -> None:
        self.root, self.layout, self.moved, self.dates = root, layout, moved, dates
        self.data = root.find(f"{_MAIN}sheetData")

    def carry_out(self, rows: Sequence[Mapping[int, Value]]) -> None:
        before, samples, after = self._parted()
        made = [
            self._row(self._sample(samples, index, len(rows)), self.layout.first + index, values)
            for index, values in enumerate(rows or [{}])
        ]
        for row in after:
            self._move(row)
        for formula in self.root.iter(f"{_MAIN}f"):
            formula.text = self.moved.formula(formula.text or "")
        for old in list(self.data):
            self.data.remove(old)
        self.data.extend([*before, *made, *after])
        self._merges(len(made))
        self._references()

    def _parted(self) -> tuple[list[etree._Element], list[etree._Element], list[etree._Element]]:
        before: list[etree._Element] = []
        samples: list[etree._Element] = []
        after: list[etree._Element] = []
        for row in self.data:
            number = int(row.get("r", "0"))
            target = before if number < self.moved.first else samples if number <= self.moved.last else after
            target.append(row)
        return before, samples, after

    def _sample(self, samples: list[etree._Element], index: int, count: int) -> etree._Element | None:
        """First, middle and last rows may be drawn differently (a thick line at the end)."""
        if not samples:
            return None
        if index == 0 or len(samples) == 1:
            return samples[0]
        if index == count - 1:
            return samples[-1]
        return samples[1 if len(samples) >= _ENOUGH_FOR_FOUR else 0]

    def _row(self, sample: etree._Element | None, number: int, values: Mapping[int, Value]) -> etree._Element:
        row = etree.Element(f"{_MAIN}row") if sample is None else deepcopy(sample)
        row.set("r", str(number))
        cells = {split_reference(cell.get("r", "A1"))[0]: cell for cell in row.iter(f"{_MAIN}c")}
        for column in values.keys() - cells.keys():
            cells[column] = etree.Element(f"{_MAIN}c")
        for child in list(row):
            row.remove(child)
        for column in sorted(cells):
            cell = cells[column]
            cell.set("r", f"{column_letters(column)}{number}")
            self._put(cell, values.get(column))
            row.append(cell)
        return row

    def _put(self, cell: etree._Element, value: Value) -> None:
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if value is None or value == "":
            return
        if isinstance(value, dt.date) and int(cell.get("s", "0")) in self.dates:
            value = (value - _EPOCH).days
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            etree.SubElement(cell, f"{_MAIN}v").text = str(value)
            return
        # Text in place: whatever it begins with, it is a text and no formula.
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t")
        text.text = plain_text(value)
        text.set(_SPACE, "preserve")

    def _move(self, row: etree._Element) -> None:
        number = self.moved.line(int(row.get("r", "0")))
        row.set("r", str(number))
        for cell in row.iter(f"{_MAIN}c"):
            column, _line = split_reference(cell.get("r", "A1"))
            cell.set("r", f"{column_letters(column)}{number}")
            formula = cell.find(f"{_MAIN}f")
            if formula is not None and formula.text:
                for value in cell.findall(f"{_MAIN}v"):
                    cell.remove(value)

    def _merges(self, count: int) -> None:
        """Cells merged across a sample row are merged in every row; down over sample rows there is nothing to merge."""
        merges = self.root.find(f"{_MAIN}mergeCells")
        if merges is None:
            return
        for merge in list(merges):
            (top, left), (bottom, right) = _area(merge.get("ref", ""))
            if not (self.moved.first <= top and bottom <= self.moved.last):
                merge.set("ref", self.moved.reference(merge.get("ref", "")))
                continue
            merges.remove(merge)
            if top == bottom == self.moved.first:
                for number in range(top, top + count):
                    made = etree.SubElement(merges, f"{_MAIN}mergeCell")
                    made.set("ref", f"{column_letters(left)}{number}:{column_letters(right)}{number}")
        merges.set("count", str(len(merges)))
        if not len(merges):
            self.root.remove(merges)

    def _references(self) -> None:
        """Whatever else of the sheet names cells: rules, lists to choose from, links, filters, page breaks."""
        for tag, attribute in (
            ("dimension", "ref"), ("conditionalFormatting", "sqref"), ("dataValidation", "sqref"), ("hyperlink", "ref"),
            ("autoFilter", "ref"), ("ignoredError", "sqref"), ("protectedRange", "sqref"),
        ):  # fmt: skip
            for element in self.root.iter(f"{_MAIN}{tag}"):
                areas = element.get(attribute, "").split()
                element.set(attribute, " ".join(self.moved.reference(area) for area in areas))
        breaks = self.root.find(f"{_MAIN}rowBreaks")
        for one in breaks if breaks is not None else ():
            one.set("id", str(self.moved.line(int(one.get("id", "0")))))


def _around(package: Package, part: str, sheet: str, moved: Moved) -> dict[str, bytes | None]:
    """What lies outside the sheet and names its cells: names of the book, pictures, tables, remarks; the old sums."""
    changed: dict[str, bytes | None] = {}
    book = _parsed(package, _BOOK)
    for name in book.iter(f"{_MAIN}definedName"):
        name.text = moved.named(name.text or "", sheet)
    # Sums below the table are counted anew when the book is opened.
    calculation = book.find(f"{_MAIN}calcPr")
    if calculation is not None:
        calculation.set("fullCalcOnLoad", "1")
    changed[_BOOK] = _written(book)
    if _CHAIN in package.names:
        changed[_CHAIN] = None
        for listing in (_TYPES, _LINKS):
            text = package.read(listing)
            changed[listing] = re.sub(rb"<(?:Override|Relationship)\b[^>]*calcChain[^>]*/>", b"", text)
    folder, _slash, file = part.rpartition("/")
    links = f"{folder}/_rels/{file}.rels"
    if links in package.names:
        for link in package.xml(links):
            target = _resolved(folder, link.get("Target", ""))
            if target in package.names and target.endswith(".xml"):
                changed[target] = _moved_part(_parsed(package, target), moved)
    return changed


def _moved_part(root: etree._Element, moved: Moved) -> bytes:
    for element in root.iter():
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if tag in ("table", "autoFilter", "comment") and element.get("ref"):
            element.set("ref", moved.reference(element.get("ref", "")))
        elif tag == "row" and "spreadsheetDrawing" in element.tag and (element.text or "").isdigit():
            element.text = str(moved.line(int(element.text or "0") + 1) - 1)
    return _written(root)


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        else:
            steps.append(step)
    return "/".join(steps)


def _sheet_parts(package: Package) -> list[tuple[str, str]]:
    targets = {link.get("Id"): link.get("Target", "") for link in package.xml(_LINKS)}
    parts = []
    for sheet in package.xml(_BOOK).iter(f"{_MAIN}sheet"):
        part = _resolved("xl", targets.get(sheet.get(_RELATION), ""))
        if part in package.names:
            parts.append((sheet.get("name", ""), part))
    return parts


def _shared_strings(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package.names:
        return []
    root = _parsed(package, "xl/sharedStrings.xml")
    return ["".join(item.itertext(f"{_MAIN}t")) for item in root.iter(f"{_MAIN}si")]


def _date_styles(package: Package) -> frozenset[int]:
    """The numbers of cell formats that show a number as a date."""
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = _parsed(package, "xl/styles.xml")
    own = {
        int(one.get("numFmtId", "0"))
        for one in root.iter(f"{_MAIN}numFmt")
        if re.search(r"[yd]|m{3,}", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", one.get("formatCode", "").lower()))
    }
    formats = root.find(f"{_MAIN}cellXfs")
    known = _DATE_FORMATS | own
    return frozenset(
        at
        for at, one in enumerate(formats if formats is not None else ())
        if int(one.get("numFmtId", "0")) in known
    )


def _area(reference: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _colon, last = reference.partition(":")
    (left, top), (right, bottom) = split_reference(first), split_reference(last or first)
    return (top, left), (bottom, right)


def _parsed(package: Package, part: str) -> etree._Element:
    package.xml(part)  # refuses declarations of entities before the second parser sees the part
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(package.read(part), parser)


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _repacked(content: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename not in changed:
                new.writestr(member, old.read(member))
            elif (text := changed[member.filename]) is not None:
                new.writestr(member.filename, text)
    return target.getvalue()
