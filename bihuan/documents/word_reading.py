"""Word documents: paragraphs, counted lists, tables, headers, footers, notes, comments, text boxes and diagrams."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bihuan.documents.errors import TooLarge
from bihuan.documents.lines import Line, continues, is_page_mark, joined, wrap_width
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.numbering import Numbering, W
from bihuan.documents.packages import Package
from bihuan.documents.word_styles import styles_of, value_of
from bihuan.documents.word_text import (
    SKIPPED,
    boxes_in,
    cells_of,
    is_gone,
    one_line,
    paragraphs_of,
    rows_of,
    tables_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from bihuan.documents.limits import Limits

_NOTE_PARTS = (
    ("footnotes", "footnote", BlockKind.FOOTNOTE),
    ("endnotes", "endnote", BlockKind.FOOTNOTE),
    ("comments", "comment", BlockKind.COMMENT),
)
_SEPARATOR_NOTES = ("separator", "continuationSeparator", "continuationNotice")
_DIAGRAM = re.compile(r"word/diagrams/data\d*\.xml")
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read_word(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """The document in reading order: headers, body, notes, comments, footers. Word files know no pages."""
    package = Package(content, file, limits)
    return None, _Reader(package, limits).blocks()


class _Reader:
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._numbering = Numbering(self._part("word/numbering.xml"))
        self._styles = styles_of(self._part("word/styles.xml"))
        self._headings: list[tuple[int, str]] = []
        self._paragraphs = 0
        self._tables = 0
        self._boxes = 0

    def _part(self, name: str) -> Element | None:
        return self._package.xml(name) if name in self._package.names else None

    def blocks(self) -> list[Block]:
        root = self._package.xml(self._package.main_part("word"))
        body = list(self._container(root))
        notes: list[Block] = []
        for part, tag, kind in _NOTE_PARTS:
            notes += self._notes(part, tag, kind)
        heads, feet = self._margins("header"), self._margins("footer")
        return [*heads, *_rejoined(body), *self._diagrams(), *notes, *feet]

    def _margins(self, kind: str) -> list[Block]:
        """Headers or footers of every section, in the order of their parts."""
        blocks: list[Block] = []
        for name in sorted(self._package.names, key=_natural):
            base = posixpath.basename(name)
            if not (name.startswith("word/") and base.startswith(kind) and base.endswith(".xml")):
                continue
            for text in _lines_below(self._package.xml(name)):
                blocks.append(Block(text, None, (), Place(kind, len(blocks) + 1), BlockKind(kind)))
        return blocks

    def _notes(self, part: str, tag: str, kind: BlockKind) -> list[Block]:
        root = self._part(f"word/{part}.xml")
        blocks = []
        for number, note in enumerate(root.findall(f"{W}{tag}") if root is not None else (), start=1):
            if note.get(f"{W}type") in _SEPARATOR_NOTES:
                continue
            text = "\n".join(_lines_below(note))
            if text:
                blocks.append(Block(text, None, (), Place(tag, number), kind))
        return blocks

    def _diagrams(self) -> Iterator[Block]:
        """The words of drawn charts of an organisation or a process, which lie in parts of their own."""
        for number, name in enumerate(
            sorted(filter(_DIAGRAM.fullmatch, self._package.names), key=_natural), start=1
        ):
            for paragraph in self._package.xml(name).iter(f"{_DRAWN}p"):
                text = "".join(run.text or "" for run in paragraph.iter(f"{_DRAWN}t")).strip()
                if text:
                    yield Block(text, None, (), Place("diagram", number), BlockKind.TEXT_BOX)

    def _container(self, element: Element) -> Iterator[Block]:
        """Paragraphs and tables below an element, through the wrappers Word puts around them."""
        for child in element:
            if child.tag in SKIPPED:
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
        text = one_line(element)
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
        for box in boxes_in(paragraph):
            self._boxes += 1
            number = self._boxes
            # What a box says leads to nothing that stands below it in the body.
            above = list(self._headings)
            for inner in self._container(box):
                if inner.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
                    yield replace(inner, place=Place("text_box", number), kind=BlockKind.TEXT_BOX, level=None)
                else:
                    yield inner
            self._headings = above

    def _number_and_level(self, element: Element) -> tuple[str, int | None]:
        style = self._styles.of(element.find(f"{W}pPr"))
        counted = style.list_id and style.depth.isdecimal() and not is_gone(element)
        number = self._numbering.next(style.list_id, int(style.depth)) if counted else ""
        return number, style.level

    def _table(self, element: Element) -> Iterator[Block]:
        self._tables += 1
        table = self._tables
        above: dict[int, str] = {}
        for row_number, row in enumerate(rows_of(element), start=1):
            written: list[str] = []
            cells: list[str] = []
            nested: list[Element] = []
            column = 0
            for cell in cells_of(row):
                properties = cell.find(f"{W}tcPr")
                text = self._cell_text(cell)
                nested += tables_in(cell)
                merged = properties.find(f"{W}vMerge") if properties is not None else None
                if merged is not None and merged.get(f"{W}val", "continue") != "restart" and not text:
                    value = above.get(column, "")
                else:
                    value = text
                    written.append(text)
                span = _number_of(value_of(properties, "gridSpan"))
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
        parts: list[str] = []
        for paragraph in paragraphs_of(cell):
            number, _ = self._number_and_level(paragraph)
            text = one_line(paragraph)
            boxed = "\n".join(line for box in boxes_in(paragraph) for line in _lines_below(box))
            if text and number:
                text = f"{number}{_gap(number, text)}{text}"
            parts += filter(None, (text, boxed))
        return "\n".join(parts)


def _lines_below(element: Element) -> Iterator[str]:
    """The paragraphs anywhere below an element, boxes and tables included, each as one line."""
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag == f"{W}p" and (text := one_line(child)):
            yield text
        yield from _lines_below(child)


def _number_of(written: str) -> int:
    return int(written) if written.isdecimal() else 1


def _natural(name: str) -> tuple[int, str]:
    """header2 before header10."""
    return len(name), name


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


def _gap(number: str, text: str) -> str:
    return "" if not number or number[-1] in "、．）)。 " or not text else " "
