"""Whether Word, Excel and WPS would open a file as it is: Microsoft's own schemas, and what they say nothing about.

`faults_in` asks openxml-audit (the rules of the Open XML SDK: elements in their order, attributes, relationships, parts), then
what that lets pass and an office program does not: ids used twice, parts without a type, rows wider than their table's grid,
names of sheets, merged areas that overlap, texts longer than a cell's list may be.
"""

from __future__ import annotations

import io
import itertools
import re
import tempfile
import zipfile
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LONGEST_NAME, LONGEST_LIST, LONGEST_TITLE = 31, 255, 32
_TEXT_LIMITS = {
    "prompt": LONGEST_LIST,
    "error": LONGEST_LIST,
    "promptTitle": LONGEST_TITLE,
    "errorTitle": LONGEST_TITLE,
}
_KEPT_APART = "inline-string cell(s)"
"""Texts written into their cells, as it must be where memory does not grow with rows: Excel opens them as they are, and only
gathers them in one place when it saves."""
_CHINESE = re.compile("[\u3400-\u9fff]")


def faults_in(content: bytes) -> list[str]:
    """Everything an office program would object to; a workbook is known from a document by its parts."""
    book = zipfile.ZipFile(io.BytesIO(content))
    is_book = "xl/workbook.xml" in book.namelist()
    found = list(_by_schema(content, ".xlsx" if is_book else ".docx"))
    found += _untyped(book)
    return [*found, *(_of_workbook(book) if is_book else _of_document(book))]


def sound(content: bytes) -> bytes:
    """The same content, which an office program opens as it is."""
    found = faults_in(content)
    assert found == [], found
    return content


def _by_schema(content: bytes, ending: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=ending) as file:
        file.write(content)
        file.flush()
        for error in _validator().validate(file.name).errors:
            if _KEPT_APART not in error.description:
                yield f"{error.part_uri} {error.path}: {error.description}"


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)


def _untyped(book: zipfile.ZipFile) -> Iterator[str]:
    """Every part is named in the list of types, by itself or by its ending."""
    types = etree.fromstring(book.read("[Content_Types].xml"))
    endings = {one.get("Extension", "").lower() for one in types if one.tag.endswith("Default")}
    named = {one.get("PartName") for one in types if one.tag.endswith("Override")}
    for name in book.namelist():
        if f"/{name}" not in named and PurePosixPath(name).suffix[1:].lower() not in endings | {""}:
            yield f"{name}: no type"


# ---- Word -------------------------------------------------------------------------------------------------------------


def _of_document(book: zipfile.ZipFile) -> Iterator[str]:
    document = etree.fromstring(book.read("word/document.xml"))
    ids = [one.get("id") for one in document.iter("{*}docPr")]
    yield from (f"drawing {one} twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    for number, table in enumerate(document.iter(f"{W}tbl"), start=1):
        yield from _of_table(number, table)
    for run in document.iter(f"{W}r"):
        text = "".join(one.text or "" for one in run.iter(f"{W}t"))
        fonts = run.find(f"{W}rPr/{W}rFonts")
        if _CHINESE.search(text) and (fonts is None or not fonts.get(f"{W}eastAsia")):
            yield f"“{text[:10]}” in no Chinese typeface"


def _of_table(number: int, table: etree._Element) -> Iterator[str]:
    columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
    for line, row in enumerate(table.findall(f"{W}tr"), start=1):
        spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
        width = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
        if width != columns:
            yield f"table {number}, row {line}: {width} columns of {columns}"


def text_widths(content: bytes) -> list[tuple[int, int]]:
    """Each table's width and the room its page gives it, in twentieths of a point."""
    body = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")).find(f"{W}body")
    found: list[tuple[int, int]] = []
    waiting: list[int] = []
    for element in body:
        if element.tag == f"{W}tbl":
            waiting.append(sum(int(one.get(f"{W}w")) for one in element.findall(f"{W}tblGrid/{W}gridCol")))
        page = element if element.tag == f"{W}sectPr" else element.find(f"{W}pPr/{W}sectPr")
        if page is not None:
            size, margins = page.find(f"{W}pgSz"), page.find(f"{W}pgMar")
            sides = int(margins.get(f"{W}left")) + int(margins.get(f"{W}right"))
            found += [(width, int(size.get(f"{W}w")) - sides) for width in waiting]
            waiting = []
    return found


# ---- Excel ------------------------------------------------------------------------------------------------------------


def _of_workbook(book: zipfile.ZipFile) -> Iterator[str]:
    names = [one.get("name") for one in etree.fromstring(book.read("xl/workbook.xml")).iter(f"{S}sheet")]
    for name in names:
        if len(name) > LONGEST_NAME or re.search(r"[\[\]:*?/\\]|^'|'$", name):
            yield f"sheet “{name}”"
    looks = etree.fromstring(book.read("xl/styles.xml")).find(f"{S}cellXfs")
    for part in sorted(one for one in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", one)):
        sheet = etree.fromstring(book.read(part))
        yield from (f"{part} {one}" for one in _of_sheet(sheet, len(looks)))


def _of_sheet(sheet: etree._Element, looks: int) -> Iterator[str]:
    lines = [int(row.get("r")) for row in sheet.iter(f"{S}row")]
    if lines != sorted(set(lines)):
        yield "rows out of order"
    for cell in sheet.iter(f"{S}c"):
        if int(cell.get("s", "0")) >= looks:
            yield f"{cell.get('r')}: no such look"
        if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", cell.get("r", "")):
            yield f"{cell.get('r')}: no place"
        if cell.find(f"{S}f") is not None:
            yield f"{cell.get('r')}: a formula"
    yield from _of_areas(sheet)


def _of_areas(sheet: etree._Element) -> Iterator[str]:
    areas = [_area(one.get("ref")) for one in sheet.iter(f"{S}mergeCell")]
    for one, other in itertools.combinations(areas, 2):
        if one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]:
            yield f"merged areas {one} and {other} overlap"
    for rule in sheet.iter(f"{S}dataValidation"):
        listed = rule.findtext(f"{S}formula1") or ""
        if listed.startswith('"') and len(listed) - 2 > LONGEST_LIST:
            yield f"{rule.get('sqref')}: a list of {len(listed) - 2} characters"
        for name, most in _TEXT_LIMITS.items():
            if len(rule.get(name, "")) > most:
                yield f"{rule.get('sqref')}: {name} of {len(rule.get(name))} characters"


def _area(reference: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    ends = []
    for cell in (reference if ":" in reference else f"{reference}:{reference}").split(":"):
        letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        ends += [column, int(digits)]
    left, top, right, bottom = ends
    return left, top, right, bottom
