"""Reading stored rows the way events spell them. No Django: a verifying process starts in no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property, lru_cache
from typing import Any

import msgspec
import psycopg

from bihuan.journal.canonical import plain_spelling

SECOND = len("2026-11-23 08:00:00")
# Dates are compared as text, and a session may be set to write them otherwise.
SPELL_DATES = "SET LOCAL datestyle = 'ISO, YMD'"


class Reading(Enum):
    """What a stored value still needs before it stands as in an event."""

    READY = auto()
    MOMENT = auto()
    JSON = auto()


@dataclass(frozen=True)
class Shape:
    """A business table. `names` and `columns` go together; `readings` says which of them need more than reading.

    `blanks` is what a column that is never null held in the rows that stood when it was added: no event names it there.
    """

    label: str
    kind: str
    table: str
    owner: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    readings: tuple[tuple[int, Reading], ...]
    blanks: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def statement(self) -> str:
        listed = ", ".join(["id::text", f"{self.owner}::text", *self.columns])
        return f"SELECT {listed} FROM {self.table} WHERE {self.owner} = ANY(%s::uuid[])"  # noqa: S608  (our own names)

    @cached_property
    def json_names(self) -> tuple[str, ...]:
        return tuple(self.names[index] for index, how in self.readings if how is Reading.JSON)

    def rows(
        self, connection: psycopg.Connection[Any], streams: list[str]
    ) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        """(row key, stream, values) of every row of these streams; JSON stands in its plain spelling."""
        with psycopg.Cursor(connection) as cursor:
            cursor.execute(self.statement, [streams], prepare=False, binary=True)
            for pk, stream, *values in cursor:
                for index, how in self.readings:
                    if values[index] is not None:
                        values[index] = READ[how](values[index])
                yield f"{self.label}:{pk}", stream, tuple(values)


def as_moment(written: str) -> str:
    """``2026-11-23 08:00:00.5`` as events spell it; what is no moment of our era comes out as nothing an event says."""
    if len(written) == SECOND:
        return f"{written[:10]}T{written[11:]}.000000Z"
    return f"{written[:10]}T{written[11:].ljust(15, '0')}Z"


@lru_cache(maxsize=4096)
def respelled(written: str) -> str | None:
    """Stored JSON in its plain spelling; JSON's own null is what Python and the events call None."""
    try:
        spelled = plain_spelling(msgspec.json.decode(written))
    except msgspec.MsgspecError:  # a number no event could hold
        return written
    return None if spelled == "null" else spelled


READ: dict[Reading, Callable[[str], str | None]] = {Reading.MOMENT: as_moment, Reading.JSON: respelled}
