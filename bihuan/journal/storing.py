"""Many changed rows at once: one UPDATE from the columns' new values, the rows a CASE for each would make.

A CASE for every row and column is a long statement, and most of the time goes into writing and reading it. Columns as
arrays cost a twentieth. What has no array of its own (arrays themselves, bytes) is left to `bulk_update`.
"""

from __future__ import annotations

from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connections, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

PART: Final = 1000
PLAIN: Final = (
    models.CharField,
    models.TextField,
    models.UUIDField,
    models.DateField,
    models.BooleanField,
    models.IntegerField,
    models.DecimalField,
    models.JSONField,
)
"""Fields (and what is made from them, and keys to them) whose columns can stand as arrays."""


def store(model: type[models.Model], rows: Iterable[models.Model], names: Iterable[str], using: str) -> None:
    """Write these columns of rows that are stored already; values are prepared as `bulk_update` would prepare them."""
    fields = [model._meta.get_field(name) for name in sorted(names)]
    if not all(_is_plain(field) for field in fields):
        plain: models.QuerySet[Any] = models.QuerySet(model, using=using)
        plain.bulk_update(list(rows), [field.name for field in fields], batch_size=PART)
        return
    connection = connections[using]
    key = model._meta.pk
    columns: list[Any] = [key, *fields]
    statement = _statement(model._meta.db_table, columns, connection)
    left = iter(rows)
    while part := list(islice(left, PART)):
        with connection.cursor() as cursor:
            cursor.execute(statement, [_values(field, part, connection) for field in columns])


def _statement(table: str, columns: Sequence[Any], connection: BaseDatabaseWrapper) -> str:
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in columns]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in columns)
    changes = ", ".join(f"{name} = new.{name}" for name in names[1:])
    return (
        f"UPDATE {quote(table)} AS old SET {changes}"  # noqa: S608  (names of our own columns, quoted)
        f" FROM unnest({arrays}) AS new ({', '.join(names)}) WHERE old.{names[0]} = new.{names[0]}"
    )


def _values(field: Any, rows: Sequence[models.Model], connection: BaseDatabaseWrapper) -> list[Any]:
    return [_plain(field.get_db_prep_save(getattr(row, field.attname), connection)) for row in rows]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _is_plain(field: Any) -> bool:
    if isinstance(field, models.ForeignKey):
        return _is_plain(field.target_field)
    return isinstance(field, PLAIN)
