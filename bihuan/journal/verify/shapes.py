"""What verifying must know of the business tables, told by their models once and handed to every process.

Reading rows through the models would cost more than everything else in a verification, so each column is read the way
an event spells it, by the database where it can. The reference is `bihuan.journal.encoding`; a test compares the two
on every column of every model.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django.db import connection, models

from bihuan.journal.encoding import encode
from bihuan.journal.records import (
    Part,
    Record,
    Row,
    business_models,
    owner_field,
    stream_kind,
    tracked_fields,
)
from bihuan.journal.verify.stored import Reading, Shape

AS_IT_IS = frozenset({"boolean", "smallint", "integer", "bigint", "text", "varchar"})
AS_TEXT = frozenset({"uuid", "date", "ltree"})
# Beyond six decimals Python may write a small number with an exponent, PostgreSQL never does.
MOST_DECIMALS = 6


class NoReading(TypeError):
    """Verify would not know how an event spells this column."""


@cache
def models_of(kind: str) -> tuple[type[Row], ...]:
    """The models whose rows live in streams of a kind: the Record and its Parts."""
    return tuple(model for model in business_models() if stream_kind(model) == kind)


@cache
def shapes() -> tuple[Shape, ...]:
    """The shape of every business table."""
    return tuple(shape_of(model) for model in business_models())


@cache
def shape_of(model: type[Row]) -> Shape:
    """How rows of this model are read, and which stream they belong to."""
    fields = tracked_fields(model)
    read = [reading_of(field) for field in fields]
    owner = "id" if issubclass(model, Record) else owner_field(cast(type[Part], model)).column
    quote = connection.ops.quote_name
    return Shape(
        label=model._meta.label_lower,
        kind=stream_kind(model),
        table=quote(model._meta.db_table),
        owner=quote(owner),
        names=tuple(field.attname for field in fields),
        columns=tuple(
            expression.format(quote(str(field.column)))
            for field, (expression, _) in zip(fields, read, strict=True)
        ),
        readings=tuple((index, how) for index, (_, how) in enumerate(read) if how is not Reading.READY),
        blanks={field.attname: blank for field in fields if (blank := blank_of(field)) is not None},
    )


def blank_of(field: models.Field[Any, Any]) -> Any:
    """What stands in rows older than this column, as an event would spell it: its default, if it is never null.

    A row made since names every column that is not null, so only of older ones can no event say what they hold.
    """
    made = field.has_default() and callable(field.default) and field.default not in (list, dict)
    if field.null or field.is_relation or made:
        return None
    return encode(field, field.get_default())


def reading_of(field: models.Field[Any, Any]) -> tuple[str, Reading]:
    """The SQL that reads a column, and what is left to do to the value afterwards."""
    declared = field.db_type(connection) or ""
    kind = declared.partition("(")[0]
    if declared.endswith("[]"):
        return "to_jsonb({})::text", Reading.JSON
    if kind in AS_IT_IS:
        return "{}", Reading.READY
    if kind in AS_TEXT or (isinstance(field, models.DecimalField) and field.decimal_places <= MOST_DECIMALS):
        return "{}::text", Reading.READY
    if kind == "timestamp with time zone":
        return "({} AT TIME ZONE 'UTC')::text", Reading.MOMENT
    if kind == "jsonb":
        return "{}::text", Reading.JSON
    raise NoReading(f"{field.name}: verify has no spelling for a column of type {declared!r}")
