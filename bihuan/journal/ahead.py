"""A block that is written beside the work must not wait for what is being written: what it asks, and of whom.

Whatever is asked of the connection waits for all that was handed to the writer before. So the rooms that will react
ask what they need of rules, units and calendars before the writing begins, and remember the answers for this one block;
and rows of streams that began in the block are those the block made itself, for nobody else can know of them.

    @asks_ahead_of("intake.import_rows")
    def ask(subjects: Sequence[Record]) -> None: ...      # calls what is `remembered_in_block`

    rows_of(Clock, "problem_id", ids)                     # read; of streams born in the block, from memory

An action that does not write beside its work remembers nothing and reads every row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from bihuan.journal.open_action import _open

if TYPE_CHECKING:
    from bihuan.journal.records import Record, Row

    RowT = TypeVar("RowT", bound=Row)

P = ParamSpec("P")
R = TypeVar("R")
Question = Callable[["Sequence[Record]"], None]
_questions: Final[dict[str, list[Question]]] = defaultdict(list)


def asks_ahead_of(*verbs: str) -> Callable[[Question], Question]:
    """Register what a room will ask in reaction to these verbs; it is given the records that are about to be written."""

    def register(question: Question) -> Question:
        for verb in verbs:
            if question not in _questions[verb]:
                _questions[verb].append(question)
        return question

    return register


def ask_ahead(verb: str, subjects: Sequence[Record]) -> None:
    """Have everything asked that was registered for the verb."""
    for question in _questions[verb]:
        question(subjects)


def remembered_in_block(read: Callable[P, R]) -> Callable[P, R]:
    """Ask once per block that is written beside; for what no block changes: rules, units, calendars.

    Arguments are hashable, and whoever gets the answer does not change it.
    """

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        act = _open.get()
        if act is None or act.known is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in act.known:
            act.known[key] = read(*args, **kwargs)
        return cast("R", act.known[key])

    return ask


def rows_of(model: type[RowT], key: str, streams: Iterable[uuid.UUID], *related: str) -> list[RowT]:
    """The rows whose column `key` names one of these streams, in the order of their ids."""
    act, wanted = _open.get(), set(streams)
    here: set[uuid.UUID] = set()
    found: list[RowT] = []
    if act is not None and act.beside is not None:
        here = wanted & act.born
        found = [cast("RowT", row) for row in act.made.get(model, ()) if getattr(row, key) in here]
    if rest := wanted - here:
        read = model.objects.filter(**{f"{key}__in": list(rest)})
        # Without a name Django would follow every key there is.
        found += read.select_related(*related) if related else read
    return sorted(found, key=lambda row: row.id)
