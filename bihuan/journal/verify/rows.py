"""Reading business rows the way events write them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, cast

from django.db import models

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

Encoder = Callable[[Any], Any]
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


@cache
def models_of(kind: str) -> tuple[type[Row], ...]:
    """The models whose rows live in streams of a kind: the Record and its Parts."""
    return tuple(model for model in business_models() if stream_kind(model) == kind)


def stored_rows(
    model: type[Row], streams: Sequence[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, str, dict[str, Any]]]:
    """(stream, row key, encoded columns) of every row of `model` in these streams."""
    fields, encoders = _encoders(model)
    owner = "pk" if issubclass(model, Record) else _owner(model)
    label = model._meta.label_lower
    rows = model._base_manager.filter(**{f"{owner}__in": streams}).values_list("pk", owner, *fields)
    for pk, stream, *values in rows.iterator(chunk_size=5000):
        columns = {
            name: (encoder(value) if encoder and value is not None else value)
            for name, encoder, value in zip(fields, encoders, values, strict=True)
        }
        yield stream, f"{label}:{pk}", columns


def _owner(model: type[Row]) -> str:
    return owner_field(cast(type[Part], model)).attname


@cache
def _encoders(model: type[Row]) -> tuple[tuple[str, ...], tuple[Encoder | None, ...]]:
    fields = tracked_fields(model)
    return tuple(field.attname for field in fields), tuple(_encoder(field) for field in fields)


def _encoder(field: models.Field[Any, Any]) -> Encoder | None:
    """None where the stored value stands in events as it is: that spares a call for most columns."""
    if isinstance(field, PLAIN) and not field.is_relation:
        return None
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return lambda value: str(value) if isinstance(value, uuid.UUID) else value
    return lambda value: encode(field, value)
