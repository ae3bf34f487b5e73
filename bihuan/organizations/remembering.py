"""What a page asks for again and again, read once: roles of a post, units of a path, who has to do with a problem.

    @remembered
    def roles_of(actor: Actor) -> frozenset[str]: ...

The answers last for one request that only reads. An action never sees them: it decides on what holds now, under its
locks, so inside one every question is asked afresh; and a request that may write remembers nothing at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar, Token
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from bihuan.journal.open_action import is_open
from bihuan.journal.records import Row

P = ParamSpec("P")
R = TypeVar("R")
RowT = TypeVar("RowT", bound=Row)
Memory = dict[Hashable, Any]

_memory: ContextVar[Memory | None] = ContextVar("memory_of_request", default=None)


def remember(*, reading: bool) -> Token[Memory | None]:
    """Start remembering, for the length of one request; one that may write remembers nothing."""
    return _memory.set({} if reading else None)


def forget(token: Token[Memory | None]) -> None:
    """End of the request."""
    _memory.reset(token)


def tell(read: Callable[..., Any], answer: object, *args: Hashable) -> None:
    """Give the answer to a question before it is asked, where it is at hand already."""
    known = memory()
    if known is not None:
        known[_key(read.__wrapped__, args, {})] = answer  # type: ignore[attr-defined]  # `wraps` keeps it


def memory() -> Memory | None:
    """What this request has learnt so far; None where nothing may be remembered."""
    known = _memory.get()
    if known is not None and is_open():
        return None
    return known


def by_id(model: type[RowT], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, RowT]:
    """The rows with these ids; one query, and in a request that only reads none for those already seen."""
    wanted = set(ids)
    known = memory()
    seen: dict[uuid.UUID, RowT] = {} if known is None else known.setdefault((by_id, model), {})
    if missing := wanted - seen.keys():
        seen.update(model._base_manager.in_bulk(missing))
    return {pk: seen[pk] for pk in wanted if pk in seen}


def _key(read: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return (read, args, tuple(sorted(kwargs.items())))


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """Ask once per request. Arguments are hashable (rows by their id); whoever gets the answer must not change it."""

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        known = memory()
        if known is None:
            return read(*args, **kwargs)
        key = _key(read, args, kwargs)
        if key not in known:
            known[key] = read(*args, **kwargs)
        return cast("R", known[key])

    return ask
