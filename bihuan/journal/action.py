"""One way to write: an action (law 1).

`@action("room.verb", may=…)` makes a function the only road to a change. Calling it opens one durable transaction,
locks the streams of its subjects in id order, refreshes them, checks authority, runs the body, appends one event per
changed stream, runs the reactions of other rooms, and commits; or refuses and leaves nothing behind.

    assign(problems, order=order, actor=actor)
    assign.call(key="retry-7f3", seen={problem.pk: 7})(problems, order=order, actor=actor)
"""

from __future__ import annotations

import inspect
import random
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.journal import access, idempotency, timesource
from bihuan.journal.ahead import rows_of
from bihuan.journal.append import Event, append_events
from bihuan.journal.clockwatch import refuse_if_set_back
from bihuan.journal.errors import ActionError, NotAllowed, NotVisible, Refused, RetryAction, Stale
from bihuan.journal.open_action import Actor, OpenAction, _open, current, is_open
from bihuan.journal.reactions import MAXIMUM_DEPTH, Happened, reactions_to
from bihuan.journal.records import Record, record_models
from bihuan.journal.staleness import refuse_if_stale
from bihuan.journal.streams import lock_and_refresh, refresh

__all__ = [
    "VERBS",
    "Actor",
    "Authority",
    "NotAllowed",
    "NotVisible",
    "Refused",
    "action",
    "anyone_signed_in",
    "current",
    "run_in_blocks",
    "system_only",
]

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
BLOCK = 1000
# Deadlock and serialisation failure: another transaction won, and this one may simply run again.
TRANSIENT = frozenset({"40P01", "40001"})


class Authority(Protocol):
    """Says whether the actor may do this to these subjects; raises `NotAllowed`, `NotVisible` or `Refused`."""

    def __call__(self, actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None: ...


Ahead = Callable[[Mapping[str, Any]], object]


def anyone_signed_in(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """A named person, or the program itself."""
    if actor.person is None and not actor.system:
        raise NotAllowed(_("请先登录。"))


def system_only(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Only the program itself: jobs, reactions, first installation."""
    if not actor.system:
        raise NotAllowed(_("这一步由程序自动完成，不能手工执行。"))


@dataclass(frozen=True)
class Call:
    """What belongs to one call rather than to the verb.

    `key`: idempotency key; `seen`: stream id -> the last event the caller had seen; `batch`: id of a bulk run.
    """

    key: str = ""
    seen: Mapping[uuid.UUID, int] = field(default_factory=dict)
    batch: uuid.UUID | None = None


class Verb(Generic[P, R]):
    """A registered action."""

    def __init__(
        self,
        name: str,
        body: Callable[P, R],
        may: Authority,
        ahead: Ahead | None = None,
        *,
        shares: bool = False,
    ) -> None:
        self.name = name
        self.body = body
        self.may = may
        self.ahead = ahead
        self.shares = shares
        self.signature = inspect.signature(body)
        update_wrapper(self, body)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._run(Call(), args, kwargs)

    def call(
        self, *, key: str = "", seen: Mapping[uuid.UUID, int] | None = None, batch: uuid.UUID | None = None
    ) -> Callable[P, R]:
        """The verb with call metadata, to be called with the verb's own arguments."""
        meta = Call(key, dict(seen or {}), batch)

        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return self._run(meta, args, kwargs)

        return call

    def _run(self, call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        if is_open():
            raise ActionError(
                f"{self.name}: an action is not hidden inside another; compose below, or react."
            )
        actor = _actor_of(self.name, kwargs)
        try:
            found = self.ahead(self.signature.bind(*args, **kwargs).arguments) if self.ahead else None
            return self._tried(call, actor, args, kwargs, found)
        except (NotAllowed, NotVisible) as refusal:
            access.record(
                actor, f"refused:{self.name}", outcome=type(refusal).__name__, subjects=_subjects_of(args)
            )
            raise

    def _tried(
        self, call: Call, actor: Actor, args: tuple[Any, ...], kwargs: dict[str, Any], found: object
    ) -> R:
        """Once, and again where another transaction won."""
        for attempt in range(ATTEMPTS):
            try:
                return self._once(call, actor, args, kwargs, found)
            except RetryAction:
                last: Exception | None = None
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in TRANSIENT:
                    raise
                last = error
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311  (spreading retries, not a secret)
        raise Refused(_("同一时间改动太多，这次没有写入。"), accepted=_("请稍后再试。")) from last

    def _once(
        self, call: Call, actor: Actor, args: tuple[Any, ...], kwargs: dict[str, Any], found: object
    ) -> R:
        using = DEFAULT_DB_ALIAS
        now = timesource.now()
        refuse_if_set_back(now)
        act = OpenAction(self.name, actor, now, using, batch=call.batch, found_ahead=found)
        with transaction.atomic(using, durable=True), _Opened(act):
            if call.key:
                arguments = {"args": list(args), **kwargs}
                done = idempotency.claim(using, call.key, self.name, arguments, act.now)
                if done is not None:
                    return cast(R, idempotency.restore_result(done))
            subjects = _subjects_of(args)
            lock_and_refresh(act, subjects, shared=self.shares)
            _refresh_others(subjects, kwargs)
            try:
                refuse_if_stale(act, subjects, call.seen)
            except Stale:
                # What changed is told to nobody who may not do this, or may not even know of it.
                self.may(actor, subjects, kwargs)
                raise
            self.may(actor, subjects, kwargs)
            result = self.body(*args, **kwargs)
            _finish(act)
            for task, arguments in act.deferred:
                task.defer(**arguments)
            if call.key:
                idempotency.store_result(using, call.key, result)
            _check_deferred_constraints(using)
        return result


class _Opened:
    """The action is open, in Python and in the database, from here to the end of the block."""

    def __init__(self, act: OpenAction) -> None:
        self.act = act

    def __enter__(self) -> None:
        with connections[self.act.using].cursor() as cursor:
            cursor.execute("SELECT set_config('bihuan.action', %s, true)", [self.act.verb])
        self.token = _open.set(self.act)

    def __exit__(self, failed: object, *rest: object) -> None:
        self.act.end_beside()
        _open.reset(self.token)
        if failed is None:
            with connections[self.act.using].cursor() as cursor:
                cursor.execute("SELECT set_config('bihuan.action', '', true)")


def _actor_of(verb: str, kwargs: dict[str, Any]) -> Actor:
    actor = kwargs.get("actor")
    if not isinstance(actor, Actor):
        raise ActionError(f"{verb}: every write names its actor (actor=…).")
    return actor


def _subjects_of(args: tuple[Any, ...]) -> list[Record]:
    """The subject records of a call: its positional arguments, one or many each. Others are only refreshed."""
    subjects: list[Record] = []
    for argument in args:
        if isinstance(argument, Record):
            subjects.append(argument)
        elif isinstance(argument, list | tuple):
            subjects.extend(item for item in argument if isinstance(item, Record))
    return subjects


def _refresh_others(subjects: Sequence[Record], kwargs: dict[str, Any]) -> None:
    """Keyword records are brought up to date too, but not locked: locking a unit would queue its whole city."""
    known = {subject.pk for subject in subjects}
    for value in kwargs.values():
        if isinstance(value, Record) and value.pk not in known:
            refresh(type(value), [value])


def _finish(act: OpenAction, depth: int = 0) -> None:
    """Append the action's events, then let other rooms react, each reaction with events of its own."""
    events = append_events(act)
    if depth > MAXIMUM_DEPTH:
        raise ActionError(f"{act.verb}: reactions go round in a circle")
    # An action goes by its own name; some of its streams may go by another (`OpenAction.telling`).
    for verb in dict.fromkeys([act.verb, *(event.verb for event in events)]):
        _react(act, verb, [event for event in events if event.verb == verb], depth)


def _react(act: OpenAction, verb: str, events: list[Event], depth: int) -> None:
    happened: Happened | None = None
    for name, reaction in reactions_to(verb):
        happened = happened or Happened(verb, act.actor, _subjects(act, verb), events)
        follow = act.follow(name, {event.stream: (event.stream, event.seq) for event in events})
        token = _open.set(follow)
        try:
            reaction(happened)
            _finish(follow, depth + 1)
        finally:
            _open.reset(token)


def _subjects(act: OpenAction, verb: str) -> list[Record]:
    """The records of the streams changed under a verb; those only a Part of which was touched are read now."""
    here = {stream: draft for stream, draft in act.drafts.items() if (draft.verb or act.verb) == verb}
    missing: dict[str, list[uuid.UUID]] = {}
    for stream, draft in here.items():
        if stream not in act.touched:
            missing.setdefault(draft.kind, []).append(stream)
    for kind, streams in missing.items():
        act.touched.update({row.pk: row for row in rows_of(record_models()[kind], "id", streams)})
    return [act.touched[stream] for stream in here if stream in act.touched]


def _check_deferred_constraints(using: str) -> None:
    """Deferred triggers speak now, while the refusal can still be explained."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


VERBS: dict[str, Verb[..., Any]] = {}


def action(
    name: str, *, may: Authority, ahead: Ahead | None = None, shares: bool = False
) -> Callable[[Callable[P, R]], Verb[P, R]]:
    """Make a function the verb `name` (``room.verb``); `may` decides who may call it.

    `ahead` does before the transaction what takes long and changes no row, such as reading a file; it asks the
    authority itself, and the body finds what it made in ``current().found_ahead``.
    `shares` is for a verb that puts new records under its subjects and leaves these as they are: nobody changes them
    meanwhile, but calls of this kind need not wait for each other.
    """

    def register(body: Callable[P, R]) -> Verb[P, R]:
        if name in VERBS and VERBS[name].body.__module__ != body.__module__:
            raise ActionError(f"The verb {name} is taken by {VERBS[name].body.__module__}.")
        verb = Verb(str(name), body, may, ahead, shares=shares)
        VERBS[verb.name] = verb
        return verb

    return register


@dataclass(frozen=True)
class Block:
    """One block of a bulk run: how many subjects, and the refusal if the block was refused whole."""

    index: int
    count: int
    refusal: Refused | None


def run_in_blocks(
    verb: Verb[..., Any], subjects: Iterable[Record], *, batch: uuid.UUID, size: int = BLOCK, **kwargs: Any
) -> Iterable[Block]:
    """Carry out a verb on many subjects in blocks, each its own transaction under one batch id.

    Running it again with the same batch id and the same subjects resumes: blocks done stay done.
    """
    ordered = sorted(subjects, key=lambda record: record.pk)
    for index, start in enumerate(range(0, len(ordered), size)):
        block = ordered[start : start + size]
        try:
            verb.call(key=f"{batch}:{verb.name}:{index}", batch=batch)(block, **kwargs)
        except Refused as refusal:
            yield Block(index, len(block), refusal)
        else:
            yield Block(index, len(block), None)
