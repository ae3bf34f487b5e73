"""System checks: the laws a model can break by the way it is declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.db import connection, models
from django.utils.module_loading import import_string

from bihuan.journal.clockwatch import ClockMark, look, words_of
from bihuan.journal.records import (
    GuardedManager,
    Part,
    Record,
    Row,
    business_models,
    fields_by_attname,
    tracked_fields,
)
from bihuan.journal.verify.shapes import NoReading, reading_of


@checks.register(checks.Tags.models)
def check_business_models(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every business model keeps the law: PROTECT, no hidden clocks, no rows outside a stream."""
    found: list[checks.CheckMessage] = []
    kinds: dict[str, type[Row]] = {}
    for model in business_models():
        found.extend(checks.Error(message, obj=model, id="bihuan.E001") for message in _faults(model))
        if issubclass(model, Record):
            if model.Stream.kind in kinds:
                found.append(
                    checks.Error(f"stream kind {model.Stream.kind!r} is taken", obj=model, id="bihuan.E002")
                )
            kinds[model.Stream.kind] = model
    return found


@checks.register(checks.Tags.database)
def check_clock(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Nobody starts the program on a clock that cannot be believed; in a database without tables there is no past."""
    if not databases or ClockMark._meta.db_table not in connection.introspection.table_names():
        return []
    doubt = look()
    return [] if doubt is None else [checks.Error(words_of(doubt), id="bihuan.E003")]


def _faults(model: type[Row]) -> Iterator[str]:
    if issubclass(model, Record) and not model.Stream.kind:
        yield "a Record names its stream kind"
    if issubclass(model, Part) and not getattr(model.Stream, "of", ""):
        yield "a Part names the foreign key of its owner"
    if not isinstance(model._base_manager, GuardedManager):
        yield "Meta must extend Record.Meta or Part.Meta, or related managers write unguarded"
    if model._meta.many_to_many:
        yield "many-to-many columns write rows nobody journals; make the link a Part"
    for field in model._meta.concrete_fields:
        yield from _faults_of_column(field)
    yield from _faults_of_stream(model)
    for field in tracked_fields(model):
        try:
            reading_of(field)
        except NoReading as error:
            yield str(error)


def _faults_of_column(field: models.Field[Any, Any]) -> Iterator[str]:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        yield f"{field.name}: auto_now asks a clock that is not the journal's"
    if field.has_db_default():
        yield f"{field.name}: a database default would be a value no event knows"
    if isinstance(field, models.FileField):
        yield f"{field.name}: files are references of the files room"
    link: Any = field if isinstance(field, models.ForeignKey) else None
    if link and issubclass(link.related_model, Row) and link.remote_field.on_delete is not models.PROTECT:
        yield f"{field.name}: foreign keys to business rows are PROTECT"


def _faults_of_stream(model: type[Row]) -> Iterator[str]:
    names = fields_by_attname(model)
    for name, path in model.Stream.derived.items():
        if name not in names:
            yield f"derived column {name} does not exist"
        try:
            import_string(path)
        except ImportError as error:
            yield f"derived column {name}: {error}"
    for name in set(model.Stream.made_from) - set(names):
        yield f"column {name}, which derived ones are made from, does not exist"
    for name in model.Stream.sealed:
        if not isinstance(names.get(name), models.CharField | models.TextField | models.JSONField):
            yield f"sealed column {name} must hold text"
