"""New rows by the thousand: made, noted and remembered as one by one, without asking every field about every value.

    rows = [Involvement.newly(problem=problem, unit=unit, role=role, since=day) for …]   # as Involvement(…) makes them
    note_new(rows)                                                                       # as row.note_changes() each

What is particular about a model (which columns are kept, sealed, derived, spelt as they are) is worked out once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import models
from django.db.models.base import ModelState

from bihuan.journal.encoding import encode

if TYPE_CHECKING:
    from bihuan.journal.open_action import OpenAction
    from bihuan.journal.records import Row

    Field = models.Field[Any, Any]

RowT = TypeVar("RowT", bound="Row")

_WORDS: Final = (models.CharField, models.TextField)
_NEVER_A_CONTAINER: Final = (
    *_WORDS,
    models.UUIDField,
    models.DateField,
    models.IntegerField,
    models.BooleanField,
    models.DecimalField,
    models.ForeignKey,
)
_NUMBERS: Final = frozenset({int, bool})
_ABSENT: Final = object()
AHEAD: Final = "_ahead"
"""Where a new row keeps derived columns that were worked out before it was made."""


@dataclass(frozen=True)
class _Column:
    """A column the journal keeps, and the types whose values stand in an event as they are."""

    field: Field
    name: str
    plain: frozenset[type]
    sealed: bool


@dataclass(frozen=True)
class _Shape:
    """What making a row of a model takes. `keys`: name of a foreign key -> its column."""

    fixed: Mapping[str, Any]
    made: Sequence[tuple[str, Callable[[], Any]]]
    keys: Mapping[str, str]
    known: frozenset[str]


@cache
def _shape(model: type[Row]) -> _Shape:
    fixed: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if callable(field.default) and field.default is not models.NOT_PROVIDED:
            made.append((field.attname, field.get_default))
        elif not getattr(field, "generated", False):
            fixed[field.attname] = field.get_default()
    keys = {field.name: field.attname for field in model._meta.concrete_fields if field.is_relation}
    return _Shape(fixed, tuple(made), keys, frozenset({*fixed, *(name for name, _ in made), *keys}))


def newly(model: type[RowT], columns: Mapping[str, Any]) -> RowT:
    """What `model(**columns)` makes: a row that is stored nowhere yet. Foreign keys are given as rows, or by column."""
    shape = _shape(model)
    if unknown := columns.keys() - shape.known:
        raise TypeError(f"{model.__name__} has no column {min(unknown)!r}")
    row = model.__new__(model)
    state = ModelState()
    held = row.__dict__
    held["_state"] = state
    held.update(shape.fixed)
    for name, value in columns.items():
        column = shape.keys.get(name)
        if column is None:
            held[name] = value
        else:
            held[column] = None if value is None else value.pk
            state.fields_cache[name] = value
    for name, make in shape.made:
        if name not in held:
            held[name] = make()
    return row


@cache
def _columns(model: type[Row]) -> tuple[_Column, ...]:
    from bihuan.journal.records import sealed_columns, tracked_fields

    sealed = sealed_columns(model)
    return tuple(
        _Column(field, field.attname, _spelt_as_they_are(field), field.attname in sealed)
        for field in tracked_fields(model)
    )


def _spelt_as_they_are(field: Field) -> frozenset[type]:
    if isinstance(field, _WORDS):
        return frozenset({str})
    return frozenset({bool}) if isinstance(field, models.DecimalField) else _NUMBERS


def note_new(act: OpenAction, rows: Sequence[Row]) -> None:
    """Draft the first event of each row's stream, or its part in it; their streams are owned (`settle_new`)."""
    from bihuan.journal.records import Part, derived_columns, owner_field, stream_kind

    model = type(rows[0])
    columns, kind, label = _columns(model), stream_kind(model), model._meta.label_lower
    owner = owner_field(model).attname if issubclass(model, Part) else "id"
    derived = tuple(derived_columns(model).items())
    spelt = _Spelt()
    for row in rows:
        held = row.__dict__
        ahead = held.pop(AHEAD, {})
        for name, function in derived:
            held[name] = ahead[name] if name in ahead else function(row)
        changes, sealed = _said(columns, row, spelt)
        stream = held[owner]
        if stream is held["id"]:
            act.touched.setdefault(stream, row)  # type: ignore[arg-type]  # whoever is its own stream is a Record
        draft = act.draft(stream, kind)
        key = f"{label}:{held['id']}"
        draft.changes[key] = changes
        if sealed:
            draft.sealed[key] = sealed


def _said(columns: Sequence[_Column], row: Row, spelt: _Spelt) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """What a row holds where it holds something: for its event, and for what lies beside it."""
    held = row.__dict__
    changes: dict[str, list[Any]] = {}
    sealed: dict[str, Any] = {}
    for column in columns:
        value = held.get(column.name, _ABSENT)
        if value is _ABSENT:
            value = getattr(row, column.name)
        if value is None:
            continue
        kind = type(value)
        if kind in column.plain:
            after = value
        elif kind is uuid.UUID or kind is date:
            after = spelt[value]
        else:
            after = encode(column.field, value)
        if column.sealed:
            sealed[column.name] = after
        else:
            changes[column.name] = [None, after]
    return changes, sealed


class _Spelt(dict[Any, str]):
    """Ids and dates as text: the same unit, source and day stand in nearly every row."""

    def __missing__(self, value: uuid.UUID | date) -> str:
        text = self[value] = value.isoformat() if isinstance(value, date) else str(value)
        return text


@cache
def _containers(model: type[Row]) -> tuple[str, ...]:
    """The columns whose values could be changed in place."""
    return tuple(
        field.attname for field in model._meta.concrete_fields if not isinstance(field, _NEVER_A_CONTAINER)
    )


def snapshot_of(row: Row) -> dict[str, Any]:
    """What a row that was just written holds; containers set apart, for they could be changed in place."""
    snapshot = row.__dict__.copy()
    for name in _containers(type(row)):
        if isinstance(value := snapshot.get(name), (list, dict)):
            snapshot[name] = set_apart(value)
    return snapshot


def set_apart(value: Any) -> Any:
    """What cannot be changed in place as it is; a container as a copy of its own, made the quick way where it is JSON."""
    if not isinstance(value, (list, dict)):
        return value
    try:
        return json.loads(json.dumps(value))
    except TypeError:
        return deepcopy(value)
