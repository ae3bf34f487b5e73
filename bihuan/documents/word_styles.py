"""What a paragraph's style says: its outline level and its list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.documents.numbering import W

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BODY_TEXT = 9


@dataclass(slots=True)
class Style:
    """Outline level (1 is the top, None is body text), list and depth in it; '' where the style says nothing."""

    level: int | None = None
    list_id: str = ""
    depth: str = ""


@dataclass(slots=True)
class Styles:
    """All paragraph styles of a document, and which one a paragraph has that names none."""

    found: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def of(self, properties: Element | None) -> Style:
        """What holds for a paragraph: its own properties, else those of its style."""
        style = self.found.get(value_of(properties, "pStyle") or self.default, Style())
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        own = _level_of(value_of(properties, "outlineLvl"))
        return Style(
            level=style.level if own is None else own,
            list_id=value_of(numbering, "numId") or style.list_id,
            depth=value_of(numbering, "ilvl") or style.depth or "0",
        )


def styles_of(root: Element | None) -> Styles:
    """The styles of `word/styles.xml`."""
    styles = Styles()
    elements = {
        element.get(f"{W}styleId", ""): element
        for element in (root.findall(f"{W}style") if root is not None else ())
        if element.get(f"{W}type") == "paragraph"
    }
    for style_id, element in elements.items():
        if element.get(f"{W}default") in {"1", "true", "on"}:
            styles.default = style_id
        styles.found[style_id] = _resolved(style_id, elements)
    return styles


def _resolved(style_id: str, elements: dict[str, Element]) -> Style:
    """A style with what it inherits; a circle of styles ends after each has been seen once."""
    result, seen = Style(), set()
    while style_id in elements and style_id not in seen:
        seen.add(style_id)
        element = elements[style_id]
        properties = element.find(f"{W}pPr")
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        if result.level is None:
            result.level = _level_of(value_of(properties, "outlineLvl"))
        result.list_id = result.list_id or value_of(numbering, "numId")
        result.depth = result.depth or value_of(numbering, "ilvl")
        style_id = value_of(element, "basedOn")
    return result


def _level_of(outline: str) -> int | None:
    """Word counts outline levels from 0; 9 means body text."""
    return int(outline) + 1 if outline.isdecimal() and int(outline) < _BODY_TEXT else None


def value_of(element: Element | None, tag: str) -> str:
    """The `w:val` of a child, '' without one."""
    found = element.find(f"{W}{tag}") if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""
