"""OFD (GB/T 33190), the national fixed-layout format: pages of placed text in a zip of XML."""

from __future__ import annotations

import math
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.documents.errors import Damaged, Encrypted, ImageOnly, TooLarge
from bihuan.documents.layout import Printed, Run, in_reading_order
from bihuan.documents.lines import Line, paragraphs
from bihuan.documents.model import Block, BlockKind, Place
from bihuan.documents.packages import Package
from bihuan.documents.picture_pages import unread_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from bihuan.documents.limits import Limits

_DEFAULT_SIZE = 4.0
_BOX, _MATRIX = 4, 6
# In millimetres, as everything in OFD: a drawn line is thin, one beside a table's cell at least this tall.
_UPRIGHT = 1.0
_TALL = 8.0
Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: Matrix = (1, 0, 0, 1, 0, 0)


def read_ofd(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """All pages of all documents in the package; remarks and stamps with text follow their pages as comments."""
    package = Package(content, file, limits)
    if "Encryptions.xml" in package.names:
        raise Encrypted(file, place="Encryptions.xml")
    lines: list[Line] = []
    remarks: list[Block] = []
    pages = 0
    for document in _Document.all_in(package):
        for page in document.pages():
            pages += 1
            if pages > limits.pages:
                raise TooLarge(file, what="pages", found=pages, limit=limits.pages)
            printed_on = document.lines_of(page)
            for printed in printed_on:
                lines.append(Line(printed.text, pages, len(lines) + 1, is_full=printed.is_full))
            if not printed_on and document.is_picture(page):
                lines.append(Line(unread_words(pages), pages, len(lines) + 1, BlockKind.UNREAD))
            remarks += [
                Block(text, pages, (), Place("page", pages), BlockKind.COMMENT)
                for text in document.remarks_on(page)
            ]
    if not any(line.text.strip() for line in lines if line.kind is not BlockKind.UNREAD) and not remarks:
        raise ImageOnly(file, pages=pages)
    return pages, [*paragraphs(lines, "page"), *remarks]


@dataclass(frozen=True, slots=True)
class _Page:
    page_id: str
    name: str


class _Document:
    """One document of a package: its folder, templates and remarks. Names of elements count without their namespace."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(name)
        self._root = _required(package, name)
        self._templates = {
            template.get("ID", ""): self._at(template.get("BaseLoc", ""))
            for template in _all(self._root, "TemplatePage")
        }
        self._remarks = self._remark_files()

    @classmethod
    def all_in(cls, package: Package) -> Iterator[_Document]:
        for root in _all(_required(package, "OFD.xml"), "DocRoot"):
            yield cls(package, _resolved("", (root.text or "").strip()))

    def _at(self, location: str) -> str:
        return _resolved(self._folder, location.strip())

    def pages(self) -> Iterator[_Page]:
        for pages in _children(self._root, "Pages"):
            for page in _children(pages, "Page"):
                yield _Page(page.get("ID", ""), self._at(page.get("BaseLoc", "")))

    def _contents(self, page: _Page) -> list[Element]:
        """What stands on a page, and on the templates it stands on."""
        root = _required(self._package, page.name)
        roots = [root]
        for used in _children(root, "Template"):
            name = self._templates.get(used.get("TemplateID", ""), "")
            if name in self._package.names:
                roots.append(self._package.xml(name))
        return [content for one in roots for content in _children(one, "Content")]

    def is_picture(self, page: _Page) -> bool:
        """Whether a picture stands on a page."""
        return any(True for content in self._contents(page) for _ in _all(content, "ImageObject"))

    def lines_of(self, page: _Page) -> list[Printed]:
        """The lines of a page together with those of its templates."""
        contents = self._contents(page)
        runs = [run for content in contents for run in _runs(content)]
        return in_reading_order(runs, [rule for content in contents for rule in _rules(content)])

    def _remark_files(self) -> dict[str, str]:
        found = {}
        for listed in _children(self._root, "Annotations"):
            name = self._at(listed.text or "")
            if name not in self._package.names:
                continue
            for page in _all(self._package.xml(name), "Page"):
                for place in _children(page, "FileLoc"):
                    found[page.get("PageID", "")] = _resolved(
                        posixpath.dirname(name), (place.text or "").strip()
                    )
        return found

    def remarks_on(self, page: _Page) -> Iterator[str]:
        name = self._remarks.get(page.page_id, "")
        if name in self._package.names:
            for appearance in _all(self._package.xml(name), "Appearance"):
                text = "\n".join(line.text for line in in_reading_order(_runs(appearance))).strip()
                if text:
                    yield text


def _required(package: Package, name: str) -> Element:
    if name not in package.names:
        raise Damaged(package.file, place=name, reason="part is missing")
    return package.xml(name)


def _resolved(folder: str, location: str) -> str:
    """Locations are counted from the file that names them, or from the package where they begin with a slash."""
    return posixpath.normpath(posixpath.join("/", folder, location)).lstrip("/")


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _all(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element.iter() if _tag(child) == tag)


def _numbers(text: str | None) -> list[float]:
    found = []
    for word in (text or "").split():
        try:
            number = float(word)
        except ValueError:
            return []
        if not math.isfinite(number):
            return []
        found.append(number)
    return found


def _matrix(text: str | None) -> Matrix:
    numbers = _numbers(text)
    a, b, c, d, e, f = numbers if len(numbers) == _MATRIX else _UNCHANGED
    return (a, b, c, d, e, f)


def _runs(element: Element) -> Iterator[Run]:
    """Texts below an element where they stand on the page."""
    for child in element:
        tag = _tag(child)
        if tag == "TextObject":
            yield from _texts(child)
        elif tag in {"Layer", "PageBlock", "CompositeObject", "Content"}:
            yield from _runs(child)


def _texts(element: Element) -> Iterator[Run]:
    box = _numbers(element.get("Boundary"))
    left, top = (box[0], box[1]) if len(box) == _BOX else (0.0, 0.0)
    a, b, c, d, e, f = _matrix(element.get("CTM"))
    size = (_numbers(element.get("Size")) or [_DEFAULT_SIZE])[0]
    scale = max(abs(d), abs(b)) or 1.0
    x = y = 0.0
    for code in _children(element, "TextCode"):
        text = code.text or ""
        x = (_numbers(code.get("X")) or [x])[0]
        y = (_numbers(code.get("Y")) or [y])[0]
        if not text.strip():
            continue
        # The last letter takes about its own size, whatever stands before it.
        reach = sum(_deltas(code.get("DeltaX"), len(text) - 1)) + size * (
            1.0 if ord(text[-1]) > ord("ÿ") else 0.5
        )
        begins, ends = left + a * x + c * y + e, left + a * (x + reach) + c * y + e
        base = top + b * x + d * y + f
        yield Run(text, min(begins, ends), max(begins, ends), base, size * scale)


def _deltas(text: str | None, wanted: int) -> list[float]:
    """Steps from letter to letter: `g 3 4.2` says 4.2 three times; a last step goes on where too few are given."""
    words = (text or "").split()
    found: list[float] = []
    while words and len(found) < wanted:
        if words[0] == "g" and len(words) >= len(("g", "times", "step")):
            times, step = _numbers(words[1]), _numbers(words[2])
            words = words[3:]
            if not times or not step:
                return found
            found += step * max(0, min(int(times[0]), wanted))
        else:
            step, words = _numbers(words[0]), words[1:]
            found += step
    return (found + found[-1:] * wanted)[:wanted]


def _rules(content: Element) -> Iterator[float]:
    """Where upright lines are drawn: thin and tall paths."""
    for path in _all(content, "PathObject"):
        box = _numbers(path.get("Boundary"))
        if len(box) == _BOX and box[2] <= _UPRIGHT and box[3] >= _TALL:
            yield box[0]
