"""Reading a page as a browser would: its elements, their attributes, the words between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "col", "br", "img", "hr", "path", "circle", "line", "rect", "use"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, *tags: str) -> list[Element]:
        found = [] if tags and self.tag not in tags else [self]
        for child in self.children:
            found += child.all(*tags)
        return found

    @property
    def words(self) -> str:
        return " ".join((self.text + " " + " ".join(child.words for child in self.children)).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {})
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if self.open[-1].tag == tag:
            self.open.pop()
        elif tag not in VOID:
            self.faults.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data):
        self.open[-1].text += data


def read(page: str | bytes) -> Element:
    """The page as a tree; a tag that is not closed where it should be fails at once."""
    reader = _Reader()
    reader.feed(page.decode() if isinstance(page, bytes) else page)
    reader.close()
    assert reader.faults == [], reader.faults
    assert [one.tag for one in reader.open] == ["#document"]
    return reader.root
