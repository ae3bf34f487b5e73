"""What the side navigation leads to, and what the shell must know: declared by the rooms, gathered here.

A room stands below this one and may not import it, so it *declares*: a module `places.py` in the room with

    PLACES = [{"key": "ledger", "label": _("台账"), "url_name": "ledger:list", "order": 20, "icon": "ledger",
               "count": open_count, "visible": may_see_ledger, "searches": True,
               "claims": ["rectification", "desk:problem"]}]
    SHELL = {"me": who_is_signed_in, "chain": last_check}

Both are optional. `count` and `visible` take the request. A place whose address does not exist is not shown,
so a room may declare what another one serves. SHELL's names are those of `Supplied`; each supplier takes the
request and returns the dataclass or a mapping with its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps
from django.http import HttpRequest

from bihuan.web.components import Link, Words
from bihuan.web.making import all_made, made

Supplied = Literal["me", "chain", "jurisdiction", "account_links"]
Supplier = Callable[[HttpRequest], object]
SUPPLIED: tuple[Supplied, ...] = ("me", "chain", "jurisdiction", "account_links")
# What several rooms may add to; of the rest the last one to speak is heard.
SEVERAL: frozenset[str] = frozenset({"account_links"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """One line of the navigation. `claims` are names of pages, or whole namespaces, that belong to this place.

    `query`, with its question mark, is the slice its `count` counts and its link opens; a search is not narrowed by it.

    Orders in use: 10 my desk, 20 ledger, 30 intake; then 110 look-back, 120 institutions, 130 coordination,
    140 supervision, 150 assessment, 160 voice, 170 insight, 190 administration. From 100 on a rule is drawn.
    """

    key: str
    label: Words
    url_name: str
    order: int
    icon: str = ""
    count: Callable[[HttpRequest], int | None] | None = None
    visible: Callable[[HttpRequest], bool] | None = None
    searches: bool = False
    query: str = ""
    claims: Sequence[str] = ()

    @property
    def namespace(self) -> str:
        return self.url_name.rpartition(":")[0]


@dataclass(frozen=True, kw_only=True)
class PostChoice:
    """A post this person may act from; `stands_in_for` is the name of the person it is held for."""

    id: str
    name: Words
    unit: Words
    current: bool = False
    stands_in_for: Words = ""


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who is signed in, shown in the bar: the name, and unit · post of the post in use."""

    name: Words
    post: Words = ""
    posts: Sequence[PostChoice] = ()


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What is known of the journal: words (日志校验通过) and a note (今日 06:00 · 存证点 327).

    `whole` is None where it has been sealed but not checked since: that looks neither good nor bad.
    """

    whole: bool | None
    words: Words
    note: Words = ""


_places: dict[str, Place] = {}
_suppliers: dict[str, list[Supplier]] = {}


def register_place(place: Place | Mapping[str, object]) -> None:
    """Declare a place; the same key again replaces it."""
    one = made(Place, place)
    _places[one.key] = one


def register_supplier(name: str, supplier: Supplier) -> None:
    if name not in SUPPLIED:
        msg = f"The shell does not ask for {name!r}; it asks for {', '.join(SUPPLIED)}"
        raise LookupError(msg)
    asked = _suppliers.setdefault(name, [])
    asked[:] = [*(asked if name in SEVERAL and supplier not in asked else ()), supplier]


def places() -> list[Place]:
    return sorted(_places.values(), key=lambda one: (one.order, one.key))


def supplied_me(request: HttpRequest) -> Me | None:
    found = _ask("me", request)
    return None if found is None else made(Me, found)


def supplied_chain(request: HttpRequest) -> Chain | None:
    found = _ask("chain", request)
    return None if found is None else made(Chain, found)


def supplied_words(request: HttpRequest) -> object:
    return _ask("jurisdiction", request) or ""


def supplied_links(request: HttpRequest) -> list[Link]:
    found = [supplier(request) for supplier in _suppliers.get("account_links", [])]
    return [link for links in found if isinstance(links, Sequence) for link in all_made(Link, links)]


def _ask(name: Supplied, request: HttpRequest) -> object:
    asked = _suppliers.get(name, [])
    return asked[0](request) if asked else None


def gather() -> None:
    """Read `places.py` of every installed room."""
    ours = [app.name for app in apps.get_app_configs() if app.name.startswith("bihuan.")]
    for name in ours:
        module_name = f"{name}.places"
        if name == "bihuan.web" or find_spec(module_name) is None:
            continue
        module = import_module(module_name)
        for place in getattr(module, "PLACES", ()):
            register_place(place)
        for what, supplier in getattr(module, "SHELL", {}).items():
            register_supplier(what, supplier)
