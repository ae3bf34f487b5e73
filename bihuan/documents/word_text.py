"""What stands inside one element of a Word document: its own text, its boxes, rows, cells and paragraphs.

Deleted and moved-away text of tracked changes does not count, inserted text does; the second copy that a box or drawing
keeps for old programs does not count either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.documents.numbering import W

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_LETTERING = "{urn:schemas-microsoft-com:vml}textpath"
_WRITTEN = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
SKIPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delInstrText", f"{W}pPr", f"{W}rPr", f"{_MC}Fallback"}
)
# The signs of Wingdings that forms are ticked with; Word writes them as private codes.
_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0xA8: "□",
    0xA3: "□",
    0xFC: "✓",
    0xFB: "✗",
    0xFE: "☑",
    0xFD: "☒",
    0x52: "☑",
    0x51: "☒",
    0x53: "☒",
}
_PRIVATE = 0xF000


def text_of(element: Element) -> str:
    """The text of a paragraph without that of boxes anchored in it."""
    parts = []
    for child in element:
        if child.tag in SKIPPED or child.tag == f"{W}txbxContent":
            continue
        if child.tag in (f"{W}t", _MATH_TEXT):
            parts.append(child.text or "")
        elif child.tag in _WRITTEN:
            parts.append(_WRITTEN[child.tag])
        elif child.tag == f"{W}sym":
            parts.append(_symbol(child))
        elif child.tag == _LETTERING:
            parts.append(child.get("string", ""))
        else:
            parts.append(text_of(child))
    return "".join(parts)


def one_line(element: Element) -> str:
    """The same as one piece: line breaks inside a paragraph are layout."""
    return " ".join(text_of(element).split("\n")).strip()


def _symbol(element: Element) -> str:
    """A sign of a symbol font, as the sign that looks like it; others stay the private code they are."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    known = _WINGDINGS.get(code - _PRIVATE if code >= _PRIVATE else code)
    in_wingdings = element.get(f"{W}font", "").lower().startswith("wingdings")
    return known if known and in_wingdings else chr(code)


def boxes_in(element: Element) -> Iterator[Element]:
    """Text boxes anchored in a paragraph; a box inside a box is found when the outer one is read."""
    return _found(element, f"{W}txbxContent", within=None)


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table, not those of tables inside it. Rows that a tracked change deleted do not count."""
    for row in _found(table, f"{W}tr", within=f"{W}tbl"):
        properties = row.find(f"{W}trPr")
        if properties is None or properties.find(f"{W}del") is None:
            yield row


def cells_of(row: Element) -> Iterator[Element]:
    """The cells of a row, through whatever wraps them."""
    return _found(row, f"{W}tc", within=f"{W}tbl")


def paragraphs_of(cell: Element) -> Iterator[Element]:
    """The paragraphs of a cell, not those of tables inside it."""
    return _found(cell, f"{W}p", within=f"{W}tbl")


def tables_in(cell: Element) -> Iterator[Element]:
    """Tables inside a cell, also where a content control wraps them."""
    return _found(cell, f"{W}tbl", within=f"{W}p")


def _found(element: Element, tag: str, *, within: str | None) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in SKIPPED and child.tag != within:
            yield from _found(child, tag, within=within)


def is_gone(paragraph: Element) -> bool:
    """Whether a tracked change took the paragraph away, mark and all: it is then not counted in its list either."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    gone = mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
    return gone and not text_of(paragraph).strip()
