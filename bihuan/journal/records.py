"""The bases of every business model, and the guard on every Python way of writing one.

A `Record` is a stream of its own; a `Part` belongs to a Record's stream and its changes ride in that stream's events.
Inside an action, saving a row is all it takes: the difference to what was loaded goes into the journal by itself, so
a change cannot be forgotten. `queryset.update()` and `.delete()` stay refused even there, for they change rows nobody
has looked at; a database trigger stands behind all of it.

Each model says in an inner class `Stream`:

* Record: `kind`, the name of the stream kind; Part: `of`, the foreign key that names the owner;
* `derived`: column -> dotted name of the function of the row that recomputes it (not journalled);
* `made_from`: the row's own columns all its derived ones are made of; without it they are recomputed at every save;
* `sealed`: free-text columns whose content lies beside the chain, so that it can be expunged.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Self, TypeVar, cast

from django.db import models
from django.utils.module_loading import import_string

from bihuan.journal.encoding import encode
from bihuan.journal.errors import WriteOutsideAction
from bihuan.journal.identity import new_id
from bihuan.journal.loading import MANY, load
from bihuan.journal.newcomers import AHEAD, newly, note_new, set_apart, snapshot_of
from bihuan.journal.open_action import current
from bihuan.journal.storing import store

RowT_co = TypeVar("RowT_co", bound="Row", covariant=True)
_CONTAINERS = (list, dict)


class GuardedQuerySet(models.QuerySet[RowT_co]):
    """Reads like any queryset; writes only row by row, and only inside an action."""

    def update(self, **kwargs: Any) -> int:
        raise WriteOutsideAction(
            f"{self.model.__name__}: update() cannot be journalled; save rows in an action."
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WriteOutsideAction(
            f"{self.model.__name__}: delete() cannot be journalled; end rows in an action."
        )

    def _raw_delete(self, using: str | None) -> int:
        raise WriteOutsideAction(f"{self.model.__name__}: rows are not deleted behind the journal's back.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise WriteOutsideAction(
            f"{self.model.__name__}: use save_all(rows), which journals each difference."
        )

    def save_all(self, rows: Iterable[Row]) -> int:
        """Save many existing rows in one statement a thousand; each difference is journalled. Returns the count."""
        changed = {row: names for row in rows if (names := row.note_changes())}
        if changed:
            names = set().union(*changed.values())
            store(self.model, changed, names, self.db)
        for row in changed:
            row.remember()
        return len(changed)

    def bulk_create(  # type: ignore[override]  # conflict handling is refused, not typed
        self, objs: Iterable[Any], batch_size: int | None = 1000, **kwargs: Any
    ) -> list[Any]:
        """Create many rows in one action, each journalled; conflict handling is refused, it would hide writes."""
        if kwargs:
            raise WriteOutsideAction("bulk_create() with conflict handling could change rows unseen.")
        rows = list(objs)
        act = current()
        act.settle_new(rows)
        if len(rows) < MANY or any(row._loaded is not None for row in rows):
            for row in rows:
                row.note_changes()
            super().bulk_create(rows, batch_size=batch_size)
        else:
            note_new(act, rows)
            load(self.model, rows, self.db)
        for row in rows:
            row.remember()
        act.made.setdefault(self.model, []).extend(rows)
        return rows

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        current()
        return super()._insert(*args, **kwargs)  # type: ignore[misc]

    def _update(self, values: Any) -> Any:
        current()
        return super()._update(values)  # type: ignore[misc]


class GuardedManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """The default manager of every business model, and so of every related manager.

    Columns that can be made again from their own row are there for the database's indexes: nobody reads them unasked.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset()
        stream = self.model.Stream
        return rows.defer(*stream.derived) if stream.made_from else rows


class Row(models.Model):
    """What Record and Part share: an id made here, and a memory of how the row was loaded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects: ClassVar[Any] = GuardedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    class Stream:
        derived: ClassVar[Mapping[str, str]] = {}
        made_from: ClassVar[tuple[str, ...]] = ()
        sealed: ClassVar[tuple[str, ...]] = ()

    _memory: dict[str, Any] | None = None
    _given: tuple[Iterable[str], Iterable[Any]] | None = None

    @classmethod
    def newly(cls, **columns: Any) -> Self:
        """What ``cls(**columns)`` makes, quickly; for rows that are made by the thousand."""
        return newly(cls, columns)

    def derive_ahead(self, **columns: Any) -> None:
        """Give derived columns of a new row that were worked out before; a row saved by itself derives its own."""
        self.__dict__[AHEAD] = columns

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        row = super().from_db(db, field_names, values, **kwargs)
        # Most rows are only read: what they were is worked out when somebody asks.
        row._given = field_names, [set_apart(value) for value in values]
        return row

    @property
    def _loaded(self) -> dict[str, Any] | None:
        """The row as it was loaded or last written; None for one that was never stored."""
        if self._memory is None and self._given is not None:
            self._memory = _memory_of(type(self), *self._given)
        return self._memory

    @property
    def stream(self) -> uuid.UUID:
        """The id of the stream this row's changes belong to."""
        raise NotImplementedError

    @property
    def row_key(self) -> str:
        """The row's name inside events, e.g. ``ledger.problem:0192…``."""
        return f"{self._meta.label_lower}:{self.pk}"

    def note_changes(self) -> set[str]:
        """Record in the open action how this row differs from what was loaded; returns the changed column names.

        Derived columns are recomputed first, and are returned but not journalled.
        """
        act = current()
        loaded = self._loaded
        changed: dict[str, list[Any]] = {}
        held = self.__dict__
        for field in tracked_fields(type(self)):
            # A key's attribute is a descriptor that only looks here; what was not read is read by asking for it.
            value = held[field.attname] if field.attname in held else getattr(self, field.attname)
            if loaded is None:
                if value is None:
                    continue
                before = None
            elif field.attname in loaded:
                before = loaded[field.attname]
                if before is value and not isinstance(value, _CONTAINERS):
                    continue
                before = encode(field, before)
            else:
                continue
            after = encode(field, value)
            if before != after:
                changed[field.attname] = [before, after]
        names = set(changed) | self._recompute_derived(set(changed))
        if changed or loaded is None:
            act.settle_stream(self)
            self._draft(changed)
        return names

    def _recompute_derived(self, changed: set[str]) -> set[str]:
        names: set[str] = set()
        loaded, sources = self._loaded, type(self).Stream.made_from
        if loaded is not None and sources and changed.isdisjoint(sources):
            return names
        for name, function in derived_columns(type(self)).items():
            value = function(self)
            if loaded is None or changed or value != loaded.get(name):
                setattr(self, name, value)
                names.add(name)
        return names

    def _draft(self, changed: dict[str, list[Any]]) -> None:
        act = current()
        draft = act.draft(self.stream, stream_kind(type(self)))
        row = draft.changes.setdefault(self.row_key, {})
        sealed = sealed_columns(type(self))
        for name, (before, after) in changed.items():
            if name in sealed:
                draft.sealed.setdefault(self.row_key, {})[name] = after
            elif name in row:
                row[name] = [row[name][0], after]
            else:
                row[name] = [before, after]

    def restate(self, names: Iterable[str]) -> None:
        """Say again in this action's event what sealed columns hold, because an older payload is being erased."""
        current().settle_stream(self)
        draft = current().draft(self.stream, stream_kind(type(self)))
        draft.changes.setdefault(self.row_key, {})
        fields = fields_by_attname(type(self))
        draft.sealed.setdefault(self.row_key, {}).update(
            {
                name: encode(fields[name], getattr(self, name))
                for name in names
                if name in sealed_columns(type(self))
            }
        )

    def remember(self) -> None:
        """After a write: what is in memory is now what is stored."""
        held = snapshot_of(self)
        self._memory, self._given = None, (held.keys(), held.values())

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: DJ012  (below the memory it rests on)
        """Write the row and note the difference; only inside an action, always all that changed."""
        if args or kwargs.keys() - {"using", "force_insert"}:
            raise WriteOutsideAction(
                "save() takes no options here: all that changed is written and journalled."
            )
        current()
        is_new = self._loaded is None
        names = self.note_changes()
        if is_new:
            super().save(force_insert=True)
            current().made.setdefault(type(self), []).append(self)
        elif names:
            super().save(update_fields=sorted(names))
        self.remember()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise WriteOutsideAction(
            f"A {type(self).__name__} is never deleted; it ends by an action of its own."
        )


class Record(Row):
    """A business row that is a stream: it has a history of its own."""

    class Meta(Row.Meta):
        abstract = True

    class Stream(Row.Stream):
        kind: ClassVar[str] = ""

    @property
    def stream(self) -> uuid.UUID:
        return self.pk


class Part(Row):
    """A business row inside a Record's stream."""

    class Meta(Row.Meta):
        abstract = True

    class Stream(Row.Stream):
        of: ClassVar[str] = ""

    @property
    def stream(self) -> uuid.UUID:
        return cast(uuid.UUID, getattr(self, owner_field(type(self)).attname))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row inside an action; the event says it went and what it held is in the events before."""
        act = current()
        act.settle_stream(self)
        act.draft(self.stream, stream_kind(type(self))).deleted.append(self.row_key)
        if self in (made := act.made.get(type(self), [])):
            made.remove(self)
        return models.Model.delete(self)


def _memory_of(model: type[Row], names: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    """The values as loaded; containers are encoded, for they could be changed in place."""
    fields = fields_by_attname(model)
    return {
        name: encode(fields[name], value) if isinstance(value, _CONTAINERS) else value
        for name, value in zip(names, values, strict=False)
        if name in fields
    }


@cache
def fields_by_attname(model: type[Row]) -> dict[str, models.Field[Any, Any]]:
    """Concrete columns by attribute name."""
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def tracked_fields(model: type[Row]) -> tuple[models.Field[Any, Any], ...]:
    """The columns the journal keeps: all but the id, derived columns and columns the database generates."""
    derived = model.Stream.derived
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in derived and not getattr(field, "generated", False)
    )


@cache
def derived_columns(model: type[Row]) -> dict[str, Callable[[Any], Any]]:
    """Derived column -> the function of the row that recomputes it."""
    return {name: import_string(path) for name, path in model.Stream.derived.items()}


@cache
def sealed_columns(model: type[Row]) -> frozenset[str]:
    """Columns whose content lies beside the chain."""
    return frozenset(model.Stream.sealed)


@cache
def owner_field(model: type[Part]) -> models.ForeignKey[Any, Any]:
    """The foreign key that names the stream of a Part."""
    return cast("models.ForeignKey[Any, Any]", model._meta.get_field(model.Stream.of))


@cache
def stream_kind(model: type[Row]) -> str:
    """The kind of stream the model's rows belong to."""
    if issubclass(model, Part):
        owner = owner_field(model).related_model
        return stream_kind(cast("type[Row]", owner))
    return cast("type[Record]", model).Stream.kind


def business_models() -> list[type[Row]]:
    """Every concrete business model of the installation, in a fixed order."""
    from django.apps import apps

    return sorted((m for m in apps.get_models() if issubclass(m, Row)), key=lambda m: m._meta.label_lower)


@cache
def record_models() -> dict[str, type[Record]]:
    """Stream kind -> the Record model whose rows are those streams."""
    return {m.Stream.kind: m for m in business_models() if issubclass(m, Record)}
