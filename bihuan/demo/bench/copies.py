"""Writing copies down as COPY reads them, and loading them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import psycopg

from bihuan.demo.bench.template import Template
from bihuan.journal.canonical import GENESIS, chain_hash
from bihuan.journal.identity import new_id
from bihuan.journal.loading import array
from bihuan.journal.sealing import SALT, payload_digest
from bihuan.ledger.search import as_vector
from bihuan.ledger.wording import wording_of
from bihuan.text.sameness import digest_of, signature_of
from bihuan.text.tokens import index_tokens

PROBLEMS = "ledger_problem"
HEADS = ("journal_stream_head", ("stream", "kind", "seq", "hash"))
EVENTS = ("journal_event", ("stream", "seq", "body", "hash"))
PAYLOADS = ("journal_payload", ("id", "stream", "content", "salt", "digest"))

Table = tuple[str, tuple[str, ...]]


def number_of(serial: int) -> str:
    """The problem number of a copy."""
    return f"BN-{serial:07}"


class Block:
    """Rows of some copies, table by table."""

    def __init__(self) -> None:
        self.tables: dict[Table, list[str]] = {HEADS: [], EVENTS: [], PAYLOADS: []}

    def add(self, template: Template, serial: int) -> None:
        """One more copy, with ids, a number and a title of its own."""
        # Sorted, for the order of ids is the order of keys.
        values = sorted(str(new_id()) for _ in range(template.ids))
        number = number_of(serial)
        own = index_tokens(f"{number} （{serial}号点位）")
        values += [number, str(serial), as_vector(own | template.words).replace("\\", "\\\\"), "", ""]
        words = wording_of(template.title.fill(values), template.text)
        values[-2:] = [str(digest_of(words)), array(signature_of(words))]
        values += [""] * len(template.payloads)
        stream = values[template.problem]
        self._payloads(template, stream, values)
        self._events(template, stream, values)
        for table, names, row in template.rows:
            self.tables.setdefault((table, names), []).append(row.fill(values))

    def _payloads(self, template: Template, stream: str, values: list[str]) -> None:
        rows = self.tables[PAYLOADS]
        for pk, digest, content in template.payloads:
            plain, salt = content.fill(values).encode(), os.urandom(SALT)
            values[digest] = payload_digest(template.algorithm, salt, plain).hex()
            rows.append(
                f"{values[pk]}\t{stream}\t\\\\x{plain.hex()}\t\\\\x{salt.hex()}\t\\\\x{values[digest]}\n"
            )

    def _events(self, template: Template, stream: str, values: list[str]) -> None:
        rows, linked, seq = self.tables[EVENTS], GENESIS, 0
        for seq, body in enumerate(template.events, start=1):
            text = body.fill(values)
            linked = chain_hash(template.algorithm, linked, text.encode())
            written = text.replace("\\", "\\\\") if "\\" in text else text
            rows.append(f"{stream}\t{seq}\t{written}\t\\\\x{linked.hex()}\n")
        self.tables[HEADS].append(f"{stream}\tproblem\t{seq}\t\\\\x{linked.hex()}\n")

    def load(self, connection: psycopg.Connection[Any]) -> int:
        """COPY everything in one transaction; the guards are told which process writes. Returns the events."""
        with connection.transaction(), psycopg.Cursor(connection) as cursor:
            cursor.execute("SELECT set_config('bihuan.action', 'demo.bench', true)")
            for table, names in sorted(self.tables, key=lambda one: one[0] != PROBLEMS):
                listed = ", ".join(f'"{name}"' for name in names)
                with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                    copy.write("".join(self.tables[table, names]))
            cursor.execute("SELECT set_config('bihuan.action', '', true)")
        return len(self.tables[EVENTS])


def load_copies(
    connection: psycopg.Connection[Any], templates: Sequence[Template], serials: Sequence[int]
) -> int:
    """Write down and load the copies with these serial numbers; returns how many events they have."""
    block = Block()
    for serial in serials:
        block.add(templates[serial % len(templates)], serial)
    return block.load(connection)
