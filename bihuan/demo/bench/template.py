"""A stream that real actions wrote, taken apart so that thousands of copies of it can be written down quickly.

What is copied of a problem is its own stream: its events, its row, its parts (involvements, clocks, links) and the
content beside the chain. Its plan, order and evidence are not, so a copy's page is lighter than a real one's.

Everything a copy shares with its original stands ready as text; what differs (ids, number, title, digests) are places
to fill. A copy's ids are handed out in the order of the original's, so that keys stay sorted and bodies canonical.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import connection

from bihuan.journal.canonical import canonical
from bihuan.journal.verify.shapes import models_of
from bihuan.ledger.models import Problem
from bihuan.text.tokens import index_tokens

KIND = "problem"
EVENTS_EACH = 10
# Places are written with characters of the private use area, which no text of the demonstration has.
PLACE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\ue000\w+\ue001")
NUMBER, SERIAL, SEARCH = "\ue000number\ue001", "\ue000serial\ue001", "\ue000search\ue001"
DIGEST, SIGNATURE = "\ue000textdigest\ue001", "\ue000signature\ue001"


class Fragment:
    """Text with places to fill from a list of values."""

    def __init__(self, text: str, places: Mapping[str, int]) -> None:
        parts, wanted, at = [], [], 0
        for match in PLACE.finditer(text):
            if match[0] in places:
                parts.append(text[at : match.start()])
                wanted.append(places[match[0]])
                at = match.end()
        parts.append(text[at:])
        self.whole = "" if wanted else text
        self.pattern = "%s".join(part.replace("%", "%%") for part in parts)
        self.pick = itemgetter(*wanted) if wanted else None

    def fill(self, values: list[str]) -> str:
        """The text of one copy."""
        return self.pattern % self.pick(values) if self.pick else self.whole


@dataclass(frozen=True)
class Template:
    """One problem's stream. `ids` counts the ids a copy needs; a pair in `payloads` says where id and digest stand."""

    ids: int
    problem: int
    algorithm: str
    events: tuple[Fragment, ...]
    payloads: tuple[tuple[int, int, Fragment], ...]
    rows: tuple[tuple[str, tuple[str, ...], Fragment], ...]
    words: frozenset[str]
    title: Fragment
    text: str


def escaped(value: str | None) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class Reader:
    """Takes one stream apart."""

    def __init__(self, problem: uuid.UUID) -> None:
        self.problem = str(problem)
        self.stored = {model._meta.db_table: _rows(model, problem) for model in models_of(KIND)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT body::text FROM journal_event WHERE stream = %s ORDER BY seq", [problem])
            self.bodies = [json.loads(row[0]) for row in cursor.fetchall()]
            cursor.execute(
                "SELECT id::text, convert_from(content, 'UTF8') FROM journal_payload WHERE stream = %s",
                [problem],
            )
            self.contents = {pk: json.loads(content) for pk, content in cursor.fetchall()}
        ids = {str(row["id"]) for rows in self.stored.values() for row in rows} | self.contents.keys()
        self.ids = sorted(ids)
        digests = [f"\ue000digest{at}\ue001" for at in range(len(self.contents))]
        self.digests = dict(zip(self.contents, digests, strict=True))
        names = [*self.ids, NUMBER, SERIAL, SEARCH, DIGEST, SIGNATURE, *digests]
        self.places = {name: at for at, name in enumerate(names)}

    def template(self) -> Template:
        """The stream as fragments."""
        payloads = tuple(
            (self.places[pk], self.places[self.digests[pk]], self._content(values))
            for pk, values in self.contents.items()
        )
        rows = tuple(
            (table, tuple(row), self._row(table, row)) for table, rows in self.stored.items() for row in rows
        )
        return Template(
            ids=len(self.ids),
            problem=self.places[self.problem],
            algorithm=self.bodies[0]["algorithm"],
            events=tuple(map(self._body, self.bodies)),
            payloads=payloads,
            rows=rows,
            words=frozenset(self._words()),
            title=Fragment(self._problem["title"] or "", self.places),
            text=self._problem["text"] or "",
        )

    def _body(self, body: Any) -> Fragment:
        for changes in body["changes"].values():
            if "problem_no" in changes:
                changes["problem_no"] = [None, NUMBER]
        if body["sealed"]:
            body["sealed"]["digest"] = self.digests[body["sealed"]["payload"]]
        return Fragment(canonical(body).decode(), self.places)

    def _content(self, values: Any) -> Fragment:
        own = values.get("rows", {}).get(f"ledger.problem:{self.problem}", {})
        if "title" in own:
            own["title"] = _own_title(own["title"])
        return Fragment(canonical(values).decode(), self.places)

    def _row(self, table: str, row: dict[str, str | None]) -> Fragment:
        if table == Problem._meta.db_table:
            row |= {
                "problem_no": NUMBER,
                "title": _own_title(row["title"]),
                "search": SEARCH,
                "text_digest": DIGEST,
                "signature": SIGNATURE,
            }
        return Fragment("\t".join(map(escaped, row.values())) + "\n", self.places)

    @property
    def _problem(self) -> dict[str, str | None]:
        (row,) = self.stored[Problem._meta.db_table]
        return row

    def _words(self) -> set[str]:
        """What a copy is found by as its original is; its number and the end of its title come to that."""
        row = self._problem
        title = (row["title"] or "").partition("（\ue000")[0]
        words = (title, row["text"], row["concerned_party"], row["site"])
        return index_tokens(" ".join(word or "" for word in words))


def _own_title(title: str | None) -> str:
    return f"{title}（{SERIAL}号点位）"


def _rows(model: Any, problem: uuid.UUID) -> list[dict[str, str | None]]:
    owner = "id" if model is Problem else f"{model.Stream.of}_id"
    names = [field.column for field in model._meta.concrete_fields]
    listed = ", ".join(f'"{name}"::text' for name in names)
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f'SELECT {listed} FROM "{table}" WHERE "{owner}" = %s', [problem])  # noqa: S608  (our own names)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def templates() -> Iterator[Template]:
    """As many of the ledger's streams, the shortest first, as have ten events on average: new ones and closed ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, h.seq FROM ledger_problem p JOIN journal_stream_head h ON h.stream = p.id"
            " WHERE p.channel_id IS NULL AND p.problem_no NOT LIKE 'BN-%%'"
            # A ledger that changed over to another digest has streams in two of them; copies have one.
            " AND (SELECT count(DISTINCT e.body->>'algorithm') FROM journal_event e WHERE e.stream = p.id) = 1"
            " ORDER BY h.seq, p.id"
        )
        found = cursor.fetchall()
    events = 0
    for count, (problem, seq) in enumerate(found, start=1):
        events += seq
        if events > EVENTS_EACH * count and count > 1:
            return
        yield Reader(problem).template()
