"""Web pages: what a browser would show as text, block by block, with the numbers it would draw before lists.

Text that a style hides is read too: nothing is dropped because of how it looks.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from bihuan.documents.encodings import decode
from bihuan.documents.errors import TooLarge
from bihuan.documents.lines import Line, paragraphs
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.numbering import formatted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from bihuan.documents.limits import Limits

_NOT_SHOWN = frozenset(
    {"script", "style", "head", "template", "noscript", "svg", "math", "-comment", "iframe"}
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "button",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "o:p",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "select",
        "option",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "textarea",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HEADING = re.compile(r"h([1-6])")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_LOOKED_AT = 4096
_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SPACES = re.compile(r"[ \t\n\r\f]+")
_WIDEST_SPAN = 1000


def read_html(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """The body of a page. Its title, which stands in no line of it, is not read."""
    text = decode_html(content, file)
    return None, html_blocks(text, file, limits)


def html_blocks(text: str, file: str, limits: Limits) -> list[Block]:
    """The blocks of a page that is decoded already."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(text).body
    return _Reader(file, limits).blocks(body) if body is not None else []


def decode_html(content: bytes, file: str) -> str:
    """The bytes decide where they can be nothing but UTF; otherwise the page's own word about its encoding counts."""
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(content, file)
    declared = _DECLARED.search(content[:_LOOKED_AT])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    # A page that says gb2312 nearly always means its larger successor.
    name = "gb18030" if name.startswith("gb") else {"big5": "big5hkscs"}.get(name, name)
    for encoding in ("utf-8", name):
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return decode(content, file)


class _Reader:
    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._blocks: list[Block] = []
        self._written: list[str] = []
        self._headings: list[tuple[int, str]] = []
        self._level: int | None = None
        self._number = ""
        self._tables = 0
        self._lines = 0

    def blocks(self, body: LexborNode) -> list[Block]:
        self._walk(body)
        self._flush()
        return self._blocks

    def _walk(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag in _NOT_SHOWN:
                continue
            if tag == "-text":
                self._written.append(_SPACES.sub(" ", child.text_content or ""))
            elif tag == "br" and self._level is not None:
                self._written.append(" ")
            elif tag == "br":
                self._flush(more=True)
            elif tag in _INLINE:
                self._walk(child)
            else:
                self._block(child, tag)

    def _block(self, node: LexborNode, tag: str) -> None:
        self._flush()
        if tag == "table":
            self._table(node)
        elif tag == "pre":
            self._prepared(node)
        elif tag == "ol":
            self._list(node)
        elif heading := _HEADING.fullmatch(tag):
            self._level = int(heading.group(1))
            self._walk(node)
        else:
            self._walk(node)
        self._flush()
        self._level = None

    def _flush(self, *, more: bool = False) -> None:
        """Close the line being written. `more`: the same heading or item goes on below a line break."""
        text = "".join(self._written).strip(" ")
        self._written.clear()
        stripped = text.strip()
        if stripped:
            self._add(f"{self._number}{stripped}")
            self._number = ""
        if not more:
            self._number = ""

    def _add(self, text: str) -> None:
        self._lines += 1
        if self._lines > self._limits.rows:
            raise TooLarge(self._file, what="paragraphs", found=self._lines, limit=self._limits.rows)
        level = self._level
        if level is not None:
            self._headings = [(known, heading) for known, heading in self._headings if known < level]
        path = tuple(heading for _, heading in self._headings)
        if level is not None:
            self._headings.append((level, text))
        kind = BlockKind.PARAGRAPH if level is None else BlockKind.HEADING
        self._blocks.append(Block(text, None, path, Place("paragraph", self._lines), kind, level=level))

    def _prepared(self, node: LexborNode) -> None:
        """Text whose lines are its own, such as a letter pasted as it was printed."""
        lines = [
            Line(written, None, self._lines + at)
            for at, written in enumerate(node.text().split("\n"), start=1)
        ]
        self._lines += len(lines)
        self._blocks += paragraphs(lines, "paragraph")

    def _list(self, node: LexborNode) -> None:
        start = (node.attributes.get("start") or "1").strip()
        count = int(start) if start.isascii() and start.lstrip("-").isdigit() else 1
        style = _STYLES.get(node.attributes.get("type") or "", "decimal")
        for child in node.iter(include_text=True):
            if child.tag != "li":
                self._walk_one(child)
                continue
            value = (child.attributes.get("value") or "").strip()
            count = int(value) if value.isascii() and value.isdigit() else count
            self._number = f"{formatted(count, style)}. "
            count += 1
            self._walk(child)
            self._flush()

    def _walk_one(self, child: LexborNode) -> None:
        if child.tag == "-text":
            self._written.append(_SPACES.sub(" ", child.text_content or ""))
        elif child.tag not in _NOT_SHOWN:
            self._block(child, child.tag or "")

    def _table(self, node: LexborNode) -> None:
        """Rows with merged cells filled in. A table in a cell is read into the cell, where a page uses tables as frames."""
        for caption in (child for child in node.iter() if child.tag == "caption"):
            self._block(caption, "caption")
        if _is_frame(node):
            for row in _rows_of(node):
                for cell in row.iter():
                    self._block(cell, "cell")
            return
        self._tables += 1
        table, path = self._tables, tuple(heading for _, heading in self._headings)
        running: dict[int, tuple[int, str]] = {}
        for number, row in enumerate(_rows_of(node), start=1):
            written, cells = self._row(row, running)
            if any(written):
                place = Place("table", table, row=number)
                self._blocks.append(
                    Block(
                        "\t".join(filter(None, written)), None, path, place, BlockKind.ROW, cells=tuple(cells)
                    )
                )

    def _row(self, row: LexborNode, running: dict[int, tuple[int, str]]) -> tuple[list[str], list[str]]:
        """What a row says itself, and its cells with what reaches down from above (`running`: column → rows, text)."""
        written: list[str] = []
        cells: list[str] = []

        def reach_down() -> None:
            while (above := running.get(len(cells))) is not None and above[0] > 0:
                running[len(cells)] = (above[0] - 1, above[1])
                cells.append(above[1])

        for cell in row.iter():
            if cell.tag not in {"td", "th"}:
                continue
            reach_down()
            text = "\n".join(block.text for block in _Reader(self._file, self._limits).blocks(cell))
            written.append(text)
            down = _span(cell, "rowspan") - 1
            for _ in range(_span(cell, "colspan")):
                running[len(cells)] = (down, text)
                cells.append(text)
        reach_down()
        return written, cells


def _is_frame(table: LexborNode) -> bool:
    """A table of one column, or one that holds another table, is how old pages place things: no table of facts."""
    rows = list(_rows_of(table))
    alone = all(sum(cell.tag in {"td", "th"} for cell in row.iter()) <= 1 for row in rows)
    return alone or any(cell.css_first("table") for row in rows for cell in row.iter())


def _rows_of(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows_of(child)


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), _WIDEST_SPAN)) if value.isascii() and value.isdigit() else 1
