"""Word documents: paragraphs, counted lists, tables, headers, footers, notes, comments and text boxes."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from bihuan.documents.errors import TooLarge
from bihuan.documents.lines import Line, continues, is_page_mark, joined, wrap_width
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.numbering import Numbering, W
from bihuan.documents.packages import Package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from bihuan.documents.limits import Limits

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRITTEN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
# Deleted text of tracked changes, the instructions of fields, and the duplicate an old Word would show.
_SKIPPED = (f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}pPr", f"{W}rPr", f"{_MC}Fallback")
_NOTE_PARTS = (
    ("footnotes", "footnote", BlockKind.FOOTNOTE),
    ("endnotes", "endnote", BlockKind.FOOTNOTE),
    ("comments", "comment", BlockKind.COMMENT),
)
_BODY_TEXT = 9
_SEPARATOR_NOTES = ("separator", "continuationSeparator", "continuationNotice")


def read_word(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """The document in reading order: headers, body, notes, comments, footers. Word files know no pages."""
    package = Package(content, file, limits)
    return None, _Reader(package, limits).blocks()


class _Reader:
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._numbering = Numbering(self._part("word/numbering.xml"))
        self._styles = _styles(self._part("word/styles.xml"))
        self._headings: list[tuple[int, str]] = []
        self._paragraphs = 0
        self._tables = 0
        self._boxes = 0

    def _part(self, name: str) -> Element | None:
        return self._package.xml(name) if name in self._package.names else None

    def blocks(self) -> list[Block]:
        root = self._package.xml("word/document.xml")
        body = list(self._container(root))
        notes: list[Block] = []
        for part, tag, kind in _NOTE_PARTS:
            notes += self._notes(part, tag, kind)
        return [*self._margins("header"), *_rejoined(body), *notes, *self._margins("footer")]

    def _margins(self, kind: str) -> list[Block]:
        """Headers or footers, each distinct text once."""
        found: dict[str, Block] = {}
        for name in sorted(self._package.names):
            base = posixpath.basename(name)
            if not (name.startswith("word/") and base.startswith(kind) and base.endswith(".xml")):
                continue
            for paragraph in self._package.xml(name).iter(f"{W}p"):
                text = _text(paragraph).strip()
                if text and text not in found:
                    place = Place(kind, len(found) + 1)
                    found[text] = Block(text, None, (), place, BlockKind(kind))
        return list(found.values())

    def _notes(self, part: str, tag: str, kind: BlockKind) -> list[Block]:
        root = self._part(f"word/{part}.xml")
        blocks = []
        for number, note in enumerate(root.findall(f"{W}{tag}") if root is not None else (), start=1):
            if note.get(f"{W}type") in _SEPARATOR_NOTES:
                continue
            text = "\n".join(filter(None, (_text(paragraph).strip() for paragraph in note.iter(f"{W}p"))))
            if text:
                blocks.append(Block(text, None, (), Place(tag, number), kind))
        return blocks

    def _container(self, element: Element) -> Iterator[Block]:
        """Paragraphs and tables below an element, through the wrappers Word puts around them."""
        for child in element:
            if child.tag in _SKIPPED:
                continue
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            else:
                yield from self._container(child)

    def _paragraph(self, element: Element) -> Iterator[Block]:
        self._paragraphs += 1
        if self._paragraphs > self._limits.rows:
            raise TooLarge(
                self._package.file, what="paragraphs", found=self._paragraphs, limit=self._limits.rows
            )
        number, level = self._number_and_level(element)
        # Line breaks inside a paragraph are layout; a paragraph is one piece of text.
        text = " ".join(_text(element).split("\n")).strip()
        place = Place("paragraph", self._paragraphs)
        if text:
            text = f"{number}{_gap(number, text)}{text}" if number else text
            if level is not None:
                self._headings = [(known, heading) for known, heading in self._headings if known < level]
            path = tuple(heading for _, heading in self._headings)
            if level is not None:
                self._headings.append((level, text))
            kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
            yield Block(text, None, path, place, kind, level=level)
        yield from self._text_boxes(element)

    def _text_boxes(self, paragraph: Element) -> Iterator[Block]:
        for box in _boxes(paragraph):
            self._boxes += 1
            for inner in box.iter(f"{W}p"):
                text = " ".join(_text(inner).split("\n")).strip()
                if text:
                    yield Block(text, None, (), Place("text_box", self._boxes), BlockKind.TEXT_BOX)

    def _number_and_level(self, element: Element) -> tuple[str, int | None]:
        properties = element.find(f"{W}pPr")
        style_id = _value(properties, "pStyle") or self._styles.default
        style = self._styles.found.get(style_id, _Style())
        level = _level_of(_value(properties, "outlineLvl")) or style.level
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        list_id = _value(numbering, "numId") or style.list_id
        depth = _value(numbering, "ilvl") or style.depth or "0"
        number = self._numbering.next(list_id, int(depth)) if list_id and depth.isdigit() else ""
        return number, level

    def _table(self, element: Element) -> Iterator[Block]:
        self._tables += 1
        table = self._tables
        above: dict[int, str] = {}
        for row_number, row in enumerate(_rows(element), start=1):
            written, cells, nested = [], [], []
            column = 0
            for cell in _cells(row):
                properties = cell.find(f"{W}tcPr")
                text = self._cell_text(cell)
                nested += [inner for inner in cell if inner.tag == f"{W}tbl"]
                merged = properties.find(f"{W}vMerge") if properties is not None else None
                if merged is not None and merged.get(f"{W}val", "continue") != "restart" and not text:
                    value = above.get(column, "")
                else:
                    value = text
                    written.append(text)
                span = int(_value(properties, "gridSpan") or "1")
                for _ in range(max(1, min(span, self._limits.columns))):
                    above[column] = value
                    cells.append(value)
                    column += 1
            if any(written):
                text = "\t".join(filter(None, written))
                path = tuple(heading for _, heading in self._headings)
                place = Place("table", table, row=row_number)
                yield Block(text, None, path, place, BlockKind.ROW, cells=tuple(cells))
            for inner in nested:
                yield from self._table(inner)

    def _cell_text(self, cell: Element) -> str:
        parts = []
        for paragraph in _paragraphs(cell):
            number, _ = self._number_and_level(paragraph)
            text = " ".join(_text(paragraph).split("\n")).strip()
            boxed = "".join(_text(inner) for box in _boxes(paragraph) for inner in box.iter(f"{W}p"))
            if text or boxed:
                parts.append(f"{number}{_gap(number, text)}{text}{boxed}" if number else text + boxed)
        return "\n".join(parts)


def _rejoined(blocks: list[Block]) -> list[Block]:
    """Text pasted from print has a paragraph per printed line; such lines become paragraphs again."""
    plain = [block for block in blocks if block.kind is BlockKind.PARAGRAPH]
    wrapped_at = wrap_width([Line(block.text, None, block.place.number) for block in plain])
    if wrapped_at is None:
        return blocks
    result: list[Block] = []
    last_line = ""
    open_at: int | None = None
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH and is_page_mark(block.text):
            result.append(replace(block, kind=BlockKind.PAGE_MARK))
        elif block.kind is not BlockKind.PARAGRAPH:
            result.append(block)
            open_at = None
        elif open_at is not None and continues(last_line, block.text, wrapped_at):
            result[open_at] = replace(result[open_at], text=joined(result[open_at].text, block.text))
            last_line = block.text
        else:
            open_at, last_line = len(result), block.text
            result.append(block)
    return result


class _Style:
    """What a paragraph style says about outline level and list."""

    def __init__(self, level: int | None = None, list_id: str = "", depth: str = "") -> None:
        self.level = level
        self.list_id = list_id
        self.depth = depth


class _Styles:
    def __init__(self) -> None:
        self.found: dict[str, _Style] = {}
        self.default = ""


def _styles(root: Element | None) -> _Styles:
    styles = _Styles()
    elements = {
        element.get(f"{W}styleId", ""): element
        for element in (root.findall(f"{W}style") if root is not None else ())
        if element.get(f"{W}type") == "paragraph"
    }
    for style_id, element in elements.items():
        if element.get(f"{W}default") == "1":
            styles.default = style_id
        styles.found[style_id] = _resolved(style_id, elements)
    return styles


def _resolved(style_id: str, elements: dict[str, Element]) -> _Style:
    """A style with what it inherits; a circle of styles ends after each has been seen once."""
    result, seen = _Style(), set()
    while style_id in elements and style_id not in seen:
        seen.add(style_id)
        element = elements[style_id]
        properties = element.find(f"{W}pPr")
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        if result.level is None:
            result.level = _level_of(_value(properties, "outlineLvl"))
        result.list_id = result.list_id or _value(numbering, "numId")
        result.depth = result.depth or _value(numbering, "ilvl")
        style_id = _value(element, "basedOn")
    return result


def _level_of(outline: str) -> int | None:
    """Word counts outline levels from 0; 9 means body text."""
    return int(outline) + 1 if outline.isdigit() and int(outline) < _BODY_TEXT else None


def _value(element: Element | None, tag: str) -> str:
    found = element.find(f"{W}{tag}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def _gap(number: str, text: str) -> str:
    return "" if not number or number[-1] in "、．）)。 " or not text else " "


def _text(element: Element) -> str:
    """The text of a paragraph without that of boxes anchored in it."""
    parts = []
    for child in element:
        if child.tag in _SKIPPED or child.tag == f"{W}txbxContent":
            continue
        if child.tag in (f"{W}t", _MATH_TEXT):
            parts.append(child.text or "")
        elif child.tag in _WRITTEN:
            parts.append(_WRITTEN[child.tag])
        else:
            parts.append(_text(child))
    return "".join(parts)


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _boxes(child)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag not in _SKIPPED and child.tag != f"{W}tbl":
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _cells(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if child.tag == f"{W}p":
            yield child
        elif child.tag not in _SKIPPED and child.tag != f"{W}tbl":
            yield from _paragraphs(child)
