"""How a column's value stands in an event: plain JSON, the same whichever way the value was made."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec
from django.db import models

# Named once: this is asked for every column of every row that is written, and `A | B` is a new object each time.
_CONTAINERS: Final = frozenset({list, dict})
_WORDS: Final = (models.CharField, models.TextField)
_GIVEN_AS_TEXT: Final = (models.UUIDField, models.DateField, models.IntegerField)


def encode_moment(moment: datetime) -> str:
    """An aware moment as UTC with microseconds, e.g. ``2026-11-23T08:00:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode(field: models.Field[Any, Any], value: Any) -> Any:
    """The JSON form of `value` as stored in `field`; decimals take the column's own scale."""
    kind = type(value)
    if value is None or kind is bool or (kind is str and isinstance(field, _WORDS)):
        return value
    if isinstance(field, models.DecimalField):
        return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places)))
    if kind is uuid.UUID:
        return str(value)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, int)):
        return _from_text(field, value)
    return _plain(value)


def _from_text(field: models.Field[Any, Any], value: str | int) -> Any:
    """Values given as text where the column holds something else (a form's UUID, a fixture's date)."""
    if isinstance(field, _WORDS):
        return str(value)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(value, str) and isinstance(target, _GIVEN_AS_TEXT):
        return _plain(target.to_python(value))
    return value


def _no_float(number: str) -> Any:
    raise ValueError(f"{number} has more than one spelling")


_write = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(float_hook=_no_float).decode


def _copied(value: Any) -> Any:
    """A copy of what is plain JSON already; None where something in it has to be spelt first, or refused."""
    try:
        copied = _read(_write(value))
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return None
    return copied if copied == value else None


def _plain(value: Any) -> Any:  # noqa: C901, PLR0911  (one line a type)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return encode_moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value // timedelta(microseconds=1))
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if type(value) in _CONTAINERS and (copied := _copied(value)) is not None:
        return copied
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    raise TypeError(
        f"{type(value).__name__} cannot stand in an event; pass text, whole numbers, dates or lists."
    )
