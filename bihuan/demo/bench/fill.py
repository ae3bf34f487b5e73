"""Filling a ledger: streams that real actions wrote are copied under new ids, re-chained, and loaded by COPY.

What is copied of a problem is its own stream: its row, its parts (involvements, clocks, links) and the content beside
the chain. Its plan, order and evidence are not, so a copy's page is lighter than a real one's; the table says so.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from bihuan.journal.canonical import GENESIS, canonical, chain_hash
from bihuan.journal.identity import new_id
from bihuan.journal.sealing import SALT, payload_digest
from bihuan.journal.verify.shapes import models_of
from bihuan.ledger.models import Problem
from bihuan.ledger.search import as_vector
from bihuan.text.tokens import index_tokens

KIND = "problem"
COPIES_AT_A_TIME = 1000
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

TextRow = dict[str, str | None]


@dataclass
class Template:
    """One problem's stream as text: rows by table, event bodies in order, content by payload id."""

    problem: str
    rows: dict[str, list[TextRow]]
    events: list[str]
    payloads: dict[str, str]
    own_ids: frozenset[str]

    @classmethod
    def of(cls, problem: Problem) -> Template:
        """Read a stream that real actions wrote."""
        tables = {model._meta.db_table: _rows(model, problem.pk) for model in models_of(KIND)}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT body::text FROM journal_event WHERE stream = %s ORDER BY seq", [problem.pk]
            )
            events = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT id::text, convert_from(content, 'UTF8') FROM journal_payload WHERE stream = %s",
                [problem.pk],
            )
            payloads = dict(cursor.fetchall())
        ids = {row["id"] for rows in tables.values() for row in rows} | payloads.keys()
        return cls(str(problem.pk), tables, events, payloads, frozenset(pk for pk in ids if pk))


def _rows(model: Any, problem: uuid.UUID) -> list[TextRow]:
    owner = "id" if model is Problem else f"{model.Stream.of}_id"
    names = [field.column for field in model._meta.concrete_fields]
    listed = ", ".join(f'"{name}"::text' for name in names)
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f'SELECT {listed} FROM "{table}" WHERE "{owner}" = %s', [problem])  # noqa: S608  (our own names)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fill(templates: list[Template], count: int, say: Callable[[str], object]) -> int:
    """Load `count` copies; returns how many events they have. Each block is one transaction of its own."""
    events = 0
    for start in range(0, count, COPIES_AT_A_TIME):
        block = Block()
        for number in range(start, min(start + COPIES_AT_A_TIME, count)):
            block.add(templates[number % len(templates)], number + 1)
        events += block.load()
        say(f"{min(start + COPIES_AT_A_TIME, count):,} / {count:,}")
    return events


class Block:
    """Rows of many copies, table by table, ready for COPY."""

    def __init__(self) -> None:
        self.tables: dict[str, list[TextRow]] = {}
        self.count = 0

    def add(self, template: Template, number: int) -> None:
        """One more copy, with a number and a title of its own."""
        fresh = {old: str(new_id()) for old in template.own_ids}
        key = f"ledger.problem:{fresh[template.problem]}"
        title = ""
        digests: dict[str, str] = {}
        for old, content in template.payloads.items():
            values = json.loads(_renamed(content, fresh))
            own = values.get("rows", {}).get(key, {})
            if "title" in own:
                own["title"] = title = f"{own['title']}（{number}号点位）"
            digests[fresh[old]] = self._payload(fresh[old], fresh[template.problem], values)
        self._events(template, fresh, digests, number)
        for table, rows in template.rows.items():
            for row in rows:
                copy = {name: value and _renamed(value, fresh) for name, value in row.items()}
                if table == Problem._meta.db_table:
                    copy |= {"problem_no": _number(number), "title": title or copy["title"]}
                    copy["search"] = _vector(copy)
                self.tables.setdefault(table, []).append(copy)

    def _payload(self, pk: str, stream: str, values: Any) -> str:
        content, salt = canonical(values), os.urandom(SALT)
        digest = payload_digest("sha256", salt, content).hex()
        self.tables.setdefault("journal_payload", []).append(
            {
                "id": pk,
                "stream": stream,
                "content": f"\\x{content.hex()}",
                "salt": f"\\x{salt.hex()}",
                "digest": f"\\x{digest}",
            }
        )
        return digest

    def _events(
        self, template: Template, fresh: dict[str, str], digests: dict[str, str], number: int
    ) -> None:
        previous, stream = GENESIS, fresh[template.problem]
        for text in template.events:
            body = json.loads(_renamed(text, fresh))
            for changes in body["changes"].values():
                if "problem_no" in changes:
                    changes["problem_no"] = [None, _number(number)]
            if body["sealed"]:
                body["sealed"]["digest"] = digests[body["sealed"]["payload"]]
            written = canonical(body)
            previous = chain_hash(body["algorithm"], previous, written)
            self.tables.setdefault("journal_event", []).append(
                {
                    "stream": stream,
                    "seq": str(body["seq"]),
                    "body": written.decode(),
                    "hash": f"\\x{previous.hex()}",
                }
            )
            self.count += 1
        head: TextRow = {
            "stream": stream,
            "kind": KIND,
            "seq": str(len(template.events)),
            "hash": f"\\x{previous.hex()}",
        }
        self.tables.setdefault("journal_stream_head", []).append(head)

    def load(self) -> int:
        """COPY everything; the guards are told which process writes."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', true)")
            for table in sorted(self.tables, key=lambda name: name != Problem._meta.db_table):
                rows = self.tables[table]
                names = list(rows[0])
                listed = ", ".join(f'"{name}"' for name in names)
                with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row([row[name] for name in names])
        return self.count


def _renamed(text: str, fresh: dict[str, str]) -> str:
    return ID.sub(lambda match: fresh.get(match.group(0), match.group(0)), text)


def _number(number: int) -> str:
    return f"BN-{number:07}"


def _vector(row: TextRow) -> str:
    words = (row["problem_no"], row["title"], row["text"], row["concerned_party"], row["site"])
    return as_vector(index_tokens(" ".join(word or "" for word in words)))


def templates(limit: int) -> Iterator[Template]:
    """Streams of about ten events each, the longest first."""
    for problem in (
        Problem.objects.filter(channel=None)
        .exclude(problem_no__startswith="BN-")
        .order_by("-id")[: limit * 3]
    ):
        made = Template.of(problem)
        if len(made.events) >= 5:  # noqa: PLR2004  (shorter ones say little)
            yield made
