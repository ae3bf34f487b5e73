"""The action that is open now: what it has changed so far, whose it is, what it will do after commit.

Models ask for it on every write; nothing else decides whether a business row may be written.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.db import connections
from django.utils import timezone

from bihuan.journal.errors import WriteOutsideAction

if TYPE_CHECKING:
    from bihuan.journal.beside import Beside
    from bihuan.journal.records import Record, Row

SYSTEM_NAME = "闭环系统"


@dataclass(frozen=True)
class Actor:
    """Who acts, in which post and unit: ids, and the names of the day."""

    person: uuid.UUID | None
    person_name: str
    post: uuid.UUID | None = None
    post_name: str = ""
    unit: uuid.UUID | None = None
    unit_name: str = ""
    on_behalf_of: uuid.UUID | None = None
    system: bool = False

    @classmethod
    def the_system(cls, process: str) -> Actor:
        """The program itself; `process` names the job or reaction, e.g. ``deadlines.sweep``."""
        return cls(person=None, person_name=SYSTEM_NAME, post_name=process, system=True)

    def as_json(self) -> dict[str, Any]:
        """The `who` of an event."""
        return {
            "person": str(self.person) if self.person else None,
            "person_name": self.person_name,
            "post": str(self.post) if self.post else None,
            "post_name": self.post_name,
            "unit": str(self.unit) if self.unit else None,
            "unit_name": self.unit_name,
            "on_behalf_of": str(self.on_behalf_of) if self.on_behalf_of else None,
            "system": self.system,
        }


@dataclass
class StreamDraft:
    """What one stream's next event will say; `verb` where it goes by another name than the whole action."""

    kind: str
    verb: str = ""
    changes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    sealed: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    personal: list[dict[str, str]] = field(default_factory=list)


@dataclass
class OpenAction:
    """One verb being carried out inside one transaction."""

    verb: str
    actor: Actor
    now: datetime
    using: str
    caused_by: dict[uuid.UUID, tuple[uuid.UUID, int]] = field(default_factory=dict)
    batch: uuid.UUID | None = None
    found_ahead: object = None
    why: str = ""
    policies: list[dict[str, Any]] = field(default_factory=list)
    drafts: dict[uuid.UUID, StreamDraft] = field(default_factory=dict)
    locked: dict[uuid.UUID, tuple[int, bytes]] = field(default_factory=dict)
    shared: dict[uuid.UUID, int] = field(default_factory=dict)
    deferred: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    touched: dict[uuid.UUID, Record] = field(default_factory=dict)
    born: set[uuid.UUID] = field(default_factory=set)
    made: dict[type[Row], list[Row]] = field(default_factory=dict)
    known: dict[Hashable, Any] | None = None
    beside: Beside | None = None
    recorded_at: datetime | None = None
    told_as: str = ""

    @cached_property
    def today(self) -> date:
        """The local day on which this action happens."""
        return timezone.localdate(self.now)

    def because(self, why: str) -> None:
        """Give the reason; it is kept beside the chain, for it may name people."""
        self.why = why

    def quote(self, *, policy_id: uuid.UUID, code: str, version: int) -> None:
        """Name the policy version that decided something in this action."""
        quoted = {"id": str(policy_id), "code": code, "version": version}
        if quoted not in self.policies:
            self.policies.append(quoted)

    @contextmanager
    def telling(self, verb: str) -> Iterator[None]:
        """Streams first changed in here go by a verb of their own: one act of a person may be an ordinary deed towards
        each of many records, and whoever reacts to that deed, or reads a record's history, finds it under its name.
        """
        before, self.told_as = self.told_as, str(verb)
        try:
            yield
        finally:
            self.told_as = before

    def fact(self, subject: Record, **facts: Any) -> None:
        """Keep facts a decision used in the subject's event; plain values only, never personal data."""
        self.draft(subject.pk, subject.Stream.kind).facts.update(facts)
        self.touched.setdefault(subject.pk, subject)

    def defer(self, task: Any, **arguments: Any) -> None:
        """Run a job after the commit; it is queued in the same transaction, so a rollback forgets it."""
        self.deferred.append((task, arguments))

    def ask_rules_once(self) -> None:
        """From here on what this action asks of rules, units and calendars is asked once: it changes none of them."""
        if self.known is None:
            self.known = {}

    def write_beside(self, subjects: Sequence[Record] = ()) -> None:
        """From here on have many rows written while the next are made (see `bihuan.journal.beside`).

        `subjects` are about to be written, and whoever reacts to them asks now what it will want to know. The database
        is asked for the time too, with every lock held: its clock would have to wait for what is written.
        """
        from bihuan.journal.ahead import ask_ahead
        from bihuan.journal.beside import Beside, database_clock

        self.ask_rules_once()
        ask_ahead(self.verb, subjects)
        self.recorded_at = database_clock(self.using)
        self.beside = Beside(self.using)

    def carry_out(self, statement: str, parameters: list[Any]) -> None:
        """A statement of which no answer is wanted; beside the work where rows are written so."""
        if self.beside is not None:
            self.beside.execute(statement, parameters)
        else:
            with connections[self.using].cursor() as cursor:
                cursor.execute(statement, parameters)

    def end_beside(self) -> None:
        """What is being written comes to its end, however the action ends."""
        if self.beside is not None:
            self.beside.close()
            self.beside = None

    def lock(self, records: Sequence[Record]) -> None:
        """Lock and refresh further records, in id order, before changing them."""
        from bihuan.journal.streams import lock_and_refresh

        lock_and_refresh(self, records)

    def follow(self, name: str, caused_by: dict[uuid.UUID, tuple[uuid.UUID, int]]) -> OpenAction:
        """The action of a reaction: by the program itself, in the same transaction, with all that was done in it."""
        return OpenAction(
            name,
            Actor.the_system(name),
            self.now,
            self.using,
            caused_by=caused_by,
            batch=self.batch,
            locked=self.locked,
            deferred=self.deferred,
            born=self.born,
            made=self.made,
            known=self.known,
            beside=self.beside,
            recorded_at=self.recorded_at,
        )

    def settle_stream(self, row: Row) -> None:
        """Own the row's stream before its change is noted (see `bihuan.journal.streams`)."""
        from bihuan.journal.streams import settle

        settle(self, row)
        if row.stream == row.pk:
            self.touched.setdefault(row.pk, cast("Record", row))

    def settle_new(self, rows: Sequence[Row]) -> None:
        """Own the streams of rows about to be created (see `bihuan.journal.streams`)."""
        from bihuan.journal.streams import settle_new

        settle_new(self, rows)

    def draft(self, stream: uuid.UUID, kind: str) -> StreamDraft:
        """The draft of the stream's next event, begun when first asked for."""
        return self.drafts.setdefault(stream, StreamDraft(kind, self.told_as))


_open: ContextVar[OpenAction | None] = ContextVar("open_action", default=None)


def current() -> OpenAction:
    """The open action; raises `WriteOutsideAction` where there is none."""
    act = _open.get()
    if act is None:
        raise WriteOutsideAction(
            "No action is open: business rows change only inside an action (docs/laws.md)."
        )
    return act


def is_open() -> bool:
    """Whether an action is open in this context."""
    return _open.get() is not None
