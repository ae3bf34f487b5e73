"""Many new rows at once, by COPY: the same rows an INSERT would make, through the same triggers and constraints.

A statement of a thousand rows is slow to write, not to carry out: most of its time goes into quoting values. COPY takes
the values as they are.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connections, models

MANY: Final = 50
"""From so many rows on COPY pays for its own round trips."""


def load(model: type[models.Model], rows: Sequence[models.Model], using: str) -> None:
    """Write new instances, prepared as `bulk_create` would; afterwards they count as stored."""
    connection = connections[using]
    fields = [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False) and field.column
    ]
    for row in rows:
        row._prepare_related_fields_for_save("bulk_create")  # type: ignore[attr-defined]  # noqa: SLF001  (as bulk_create does)
    copy_in(
        using,
        model._meta.db_table,
        [str(field.column) for field in fields],
        (
            [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
            for row in rows
        ),
    )
    for row in rows:
        row._state.adding, row._state.db = False, using


def copy_in(using: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY plain values into a table."""
    connection = connections[using]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quote(table)} ({listed}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def array(values: Iterable[object]) -> str:
    """An array literal of values whose text needs no quoting: ids, numbers, hexadecimal, identifiers."""
    return "{" + ",".join(map(str, values)) + "}"


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """For a block of many rows: tens of thousands of objects are made and all of them needed until its end.

    The collector of cycles would look through them again and again and find nothing: a third of the block's time.
    What stood before is set aside, so that the sweep afterwards looks at the block's remains alone.
    """
    running = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if running:
            gc.enable()
