"""Walking through all places of the program in English, and telling its own words from the ledger's.

The ledger is Chinese whatever language one reads the program in: titles, names, passages. So a Chinese word on an
English page is the ledger's if the database holds it, and the program's own, untranslated, if it does not.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from bihuan.journal.models import Payload
from bihuan.journal.records import business_models
from bihuan.papers.kinds import KINDS, offered_names
from bihuan.papers.starting_words import STARTING_WORDS
from tests.web.accessible import faults_of
from tests.web.pages import Element, read

CHINESE = re.compile(r"([\u3400-\u9fff]+)(…?)")
SAID_IN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-label")
# A link may lead to a part of a page as well as to a page.
LEADS_IN = ("href", "hx-get")
EACH = 2
LONG = 6
# The language one may change to is written in itself, and the product has a name.
IN_ITS_OWN_WORDS = frozenset({"中文", "简体中文", "闭环"})


@dataclass
class Walk:
    """What was seen: view -> how many of its pages; view -> Chinese that is not the ledger's; view -> who cannot use it."""

    seen: Counter[str] = field(default_factory=Counter)
    foreign: dict[str, set[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    faults: dict[str, set[str]] = field(default_factory=dict)

    def look_at(self, view: str, page: Element, own: Ledger) -> None:
        """Note what is foreign on one page, and what a screen reader or the keyboard would miss."""
        if found := {run for words in said(page) for run in own.does_not_hold(words)}:
            self.foreign.setdefault(view, set()).update(found)
        # What is loaded into a page is none by itself.
        if faults := faults_of(page) if page.all("html") else []:
            self.faults.setdefault(view, set()).update(faults)


def walk_in_english(client: Client, start: str = "/") -> Walk:
    """Follow every link from the first page, two pages of each view at most."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    own = Ledger()
    walk, waiting, known = Walk(), deque([start]), {start}
    while waiting:
        address = waiting.popleft()
        try:
            view = resolve(address.split("?")[0]).view_name
        except Resolver404:
            walk.broken.append(address)
            continue
        if walk.seen[view] >= EACH or not view:
            continue
        walk.seen[view] += 1
        response = client.get(address, follow=True)
        if response.streaming:
            b"".join(response)  # a file that is sent stays open until somebody has read it
        if response.status_code not in {200, 404, 405}:
            walk.broken.append(f"{address} {response.status_code}")
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        page = read(response.content)
        walk.look_at(view, page, own)
        for link in links(page, address):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return walk


def said(page: Element) -> Iterator[str]:
    """All a person sees or hears of the page, piece by piece."""
    for element in page.all():
        if element.tag in {"script", "style"}:
            continue
        # What stands ready in a text area will be the ledger's: a drafted answer is in the installation's language.
        if element.tag != "textarea":
            yield element.text
        yield from (element.get(name) for name in SAID_IN)
        if element.tag == "input" and element.get("type") in {"submit", "button"}:
            yield element.get("value")


def links(page: Element, address: str) -> Iterator[str]:
    """Where the page leads within the program; what signs out or downloads stays untouched."""
    for element in page.all():
        for name in LEADS_IN if element.tag == "a" else LEADS_IN[1:]:
            link = element.get(name).split("#")[0]
            if link.startswith("?"):
                link = address.split("?", maxsplit=1)[0] + link
            if link.startswith("/") and not link.startswith(("//", "/static/", "/account/logout", "/api/")):
                yield link


class Ledger:
    """Every Chinese word the database holds, and those offices' papers are written in until they write their own."""

    def __init__(self) -> None:
        self.text = "\n".join([*_texts_of_everything(), *_words_of_papers()])
        self.words = {run for run, _cut in CHINESE.findall(self.text)} | IN_ITS_OWN_WORDS

    def does_not_hold(self, words: str) -> list[str]:
        """The Chinese in `words` that is not the ledger's. A long run may be a piece of something longer; what is cut
        short and says so is."""
        return [
            run
            for run, cut in CHINESE.findall(words)
            if run not in self.words and not ((cut or len(run) >= LONG) and run in self.text)
        ]


def _words_of_papers() -> Iterator[str]:
    for kind in KINDS.values():
        yield from STARTING_WORDS[kind.code]
        # On a page one line follows upon another.
        yield STARTING_WORDS[kind.code].body.replace("\n", "")
        yield from offered_names(kind)


def _texts_of_everything() -> Iterator[str]:
    for model in business_models():
        for row in model._base_manager.values():
            yield from _texts(row)
    # Reasons are the ledger's as well, in the language of the record; those that name a person are sealed to them.
    for (content,) in Payload.objects.filter(holder=None, content__isnull=False).values_list("content"):
        yield from _texts(json.loads(bytes(content)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
