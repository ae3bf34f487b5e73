"""Many new rows at once, by COPY: the same rows an INSERT would make, through the same triggers and constraints.

A statement of a thousand rows is slow to write, not to carry out: most of its time goes into quoting values. COPY takes
the values as they are.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import NoneType
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from bihuan.journal.open_action import _open

MANY: Final = 50
"""From so many rows on COPY pays for its own round trips."""


def load(model: type[models.Model], rows: Sequence[models.Model], using: str) -> None:
    """Write new instances, prepared as `bulk_create` would; afterwards they count as stored.

    A key to a row that makes its own id was whole from the beginning; any other is looked at again.
    """
    fields = [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False) and field.column
    ]
    if not all(field.target_field.has_default() for field in fields if isinstance(field, models.ForeignKey)):
        for row in rows:
            row._prepare_related_fields_for_save("bulk_create")  # type: ignore[attr-defined]  # noqa: SLF001  (as bulk_create does)
    copy_in(
        using,
        model._meta.db_table,
        [str(field.column) for field in fields],
        _prepared(fields, rows, connections[using]),
    )
    for row in rows:
        row._state.adding, row._state.db = False, using


# A value of exactly this type is what the column's field would make of it, and the field need not be asked.
_AS_IT_IS: Final[dict[type[models.Field[Any, Any]], type]] = {
    models.CharField: str,
    models.TextField: str,
    models.UUIDField: UUID,
    models.DateField: date,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.BigIntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
}
# Of these only the absent value: what they hold is turned into something else.
_NOTHING_AS_IT_IS: Final = frozenset({models.DecimalField, models.DateTimeField})
_WHOLE: Final = frozenset({int})
_ABSENT: Final = object()


def _prepared(
    fields: Sequence[models.Field[Any, Any]], rows: Iterable[models.Model], connection: BaseDatabaseWrapper
) -> Iterator[list[Any]]:
    """The values of each row as its fields would save them."""
    asked = [(field, field.attname, _left_alone(field), _is_numbers(field)) for field in fields]
    for row in rows:
        held = row.__dict__
        yield [
            value
            if type(value := held.get(attname, _ABSENT)) in alone
            or (numbers and type(value) is list and _WHOLE.issuperset(map(type, value)))
            else field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field, attname, alone, numbers in asked
        ]


def _is_numbers(field: models.Field[Any, Any]) -> bool:
    """Whether it is a list of whole numbers, which need not be asked of one by one."""
    return type(field) is ArrayField and type(field.base_field) is models.IntegerField


def _left_alone(field: models.Field[Any, Any]) -> tuple[type, ...]:
    """The types this field saves unchanged: of Django's own plain fields, and of keys that point at such a one."""
    if isinstance(field, models.ForeignKey):
        own = type(field) in (models.ForeignKey, models.OneToOneField)
        return _left_alone(field.target_field) if own else ()
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return ()
    if type(field) in _NOTHING_AS_IT_IS:
        return (NoneType,)
    plain = _AS_IT_IS.get(type(field))
    return () if plain is None else (plain, NoneType)


def copy_in(using: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY plain values into a table; beside the action that is open, if it writes so."""
    connection = connections[using]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    statement = f"COPY {quote(table)} ({listed}) FROM STDIN"
    act = _open.get()
    if act is not None and act.beside is not None:
        act.beside.copy(statement, rows)
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
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
