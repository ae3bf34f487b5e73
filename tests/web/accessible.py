"""What a screen reader and the keyboard ask of a page, as far as its elements tell; for whoever reads whole pages."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.pages import Element

HEADINGS = ("h1", "h2", "h3", "h4")
REFERS = ("aria-describedby", "aria-labelledby", "for")
# The dialog's title comes with the form that is loaded into it.
COMES_LATER = {"dialog-title"}


def faults_of(page: Element) -> list[str]:
    """All that is wrong with the page, in words; nothing for a good one."""
    return [*_outline(page), *_names(page), *_references(page), *_tables(page), *_pictures(page)]


def name_of(page: Element, element: Element) -> str:
    """What a screen reader calls it (the part of the rules these pages use)."""
    if element.get("aria-label"):
        return element.get("aria-label")
    if element.get("aria-labelledby"):
        named = element.get("aria-labelledby").split()
        return " ".join(one.words for one in page.all() if one.get("id") in named)
    if element.words and element.tag not in {"select", "textarea"}:
        return element.words
    if any(one.get("alt") for one in element.all("img")):
        return " ".join(one.get("alt") for one in element.all("img"))
    drawn = [one.get("aria-label") for one in element.all("svg") if one.get("aria-label")]
    labels = [
        one.words
        for one in page.all("label")
        if (one.get("for") and one.get("for") == element.get("id")) or element in one.all()
    ]
    return " ".join([*drawn, *labels])


def _outline(page: Element) -> Iterator[str]:
    for tag in ("main", "h1"):
        if len(page.all(tag)) != 1:
            yield f"{len(page.all(tag))} {tag}"
    if not all(one.get("lang") for one in page.all("html")):
        yield "no language"
    levels = [int(one.tag[1]) for main in page.all("main") for one in main.all(*HEADINGS)]
    if any(after - before > 1 for before, after in itertools.pairwise(levels)):
        yield f"headings skip a level: {levels}"
    yield from (f"empty {one.tag}" for one in page.all(*HEADINGS) if not one.words and not _hidden(one))


def _names(page: Element) -> Iterator[str]:
    for one in page.all("input", "select", "textarea", "progress", "a", "button", "summary"):
        if one.get("type") == "hidden" or _hidden(one):
            continue
        if not name_of(page, one).strip():
            yield f"without a name: {one.tag} {one.attributes}"


def _hidden(element: Element) -> bool:
    return "hidden" in element.attributes or element.get("aria-hidden") == "true"


def _references(page: Element) -> Iterator[str]:
    ids = Counter(one.get("id") for one in page.all() if one.get("id"))
    yield from (f"id twice: {one}" for one, count in ids.items() if count > 1)
    referred = {word for one in page.all() for name in REFERS for word in one.get(name).split()}
    yield from (f"refers to nothing: {one}" for one in sorted(referred - set(ids) - COMES_LATER))


def _tables(page: Element) -> Iterator[str]:
    for table in page.all("table"):
        said = table.get("aria-label") or table.get("aria-labelledby") or table.all("caption", "h2", "h3")
        if not said:
            yield f"table without a caption: {table.words[:40]}"
        yield from (f"th without scope: {one.words[:40]}" for one in table.all("th") if not one.get("scope"))


def _pictures(page: Element) -> Iterator[str]:
    yield from (
        f"picture without alt: {one.get('src')}" for one in page.all("img") if "alt" not in one.attributes
    )
    for one in page.all("svg"):
        if not _hidden(one) and not (one.get("role") == "img" and one.get("aria-label")):
            yield f"drawing neither described nor hidden: {one.attributes}"
