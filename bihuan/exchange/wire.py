"""From a verb's typed signature to what a program may send, and back: pages and API cannot differ.

Records go over the wire as ids, dates and decimals as text, files as a name with base64 content. A parameter whose type
has no wire form keeps its verb off the API; `unreachable` lists those with the reason.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import inspect
import types
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ForwardRef, Union, cast, get_args, get_origin, get_type_hints

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, create_model

from bihuan.files.taking_in import Incoming, Upload, prepare
from bihuan.journal.action import VERBS, Actor, NotVisible, Refused, Verb
from bihuan.journal.records import Record, record_models
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible

PLAIN = (str, int, bool, date, datetime, Decimal, uuid.UUID)
SEQUENCES = (Sequence, list, tuple, Iterable)


class NoWireForm(TypeError):
    """A parameter cannot be sent by a program."""


class SentFile(BaseModel):
    """A file inside a call."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=255)
    content_base64: str


class AnyRecord(BaseModel):
    """A record of any kind, where the verb takes any."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    id: uuid.UUID


def wire_type(annotation: Any) -> Any:
    """The type a program sends for a parameter of this type."""
    if annotation in PLAIN or annotation is Any:
        return annotation
    if annotation is Record:
        return AnyRecord
    if inspect.isclass(annotation) and issubclass(annotation, Record):
        return uuid.UUID
    if annotation in {Upload, Incoming}:
        return SentFile
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return ForwardRef(annotation.__name__) if annotation in _making else wire_dataclass(annotation)
    return _wire_generic(annotation)


def _wire_generic(annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        return _wire_union(arguments)
    if origin is tuple and Ellipsis not in arguments:
        return tuple[tuple(wire_type(argument) for argument in arguments)]  # type: ignore[misc]
    if origin in SEQUENCES:
        return list[wire_type(arguments[0])]  # type: ignore[misc]
    if origin in {Mapping, dict}:
        return dict[str, wire_type(arguments[1])]  # type: ignore[misc]
    raise NoWireForm(str(annotation))


def _wire_union(arguments: tuple[Any, ...]) -> Any:
    wired = list(dict.fromkeys(wire_type(a) for a in arguments if a is not type(None)))
    one = wired[0]
    for other in wired[1:]:
        one = one | other
    return one | None if type(None) in arguments else one


_making: list[type] = []


@cache
def wire_dataclass(kind: type) -> type[BaseModel]:
    """A dataclass argument as a schema of its own; one that holds others of its kind (a tree) refers to itself."""
    hints = hints_of(kind)
    _making.append(kind)
    try:
        fields = {
            field.name: (wire_type(hints[field.name]), _default(field)) for field in dataclasses.fields(kind)
        }
    finally:
        _making.pop()
    made: type[BaseModel] = create_model(kind.__name__, __config__=ConfigDict(extra="forbid"), **fields)  # type: ignore[call-overload]
    made.model_rebuild(_types_namespace={kind.__name__: made})
    return made


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return Field(default=field.default)
    if field.default_factory is not dataclasses.MISSING:
        return Field(default_factory=field.default_factory)
    return Field()


def hints_of(thing: Any) -> dict[str, Any]:
    """The types as written; one that is only known to type checkers has no wire form."""
    try:
        return get_type_hints(thing)
    except NameError as error:
        raise NoWireForm(f"{thing.__module__}.{thing.__qualname__}: {error}") from error


@cache
def schema_of(name: str) -> type[BaseModel]:
    """What a program sends to call the verb: its parameters by name; the actor is whoever calls."""
    verb = VERBS[name]
    hints = hints_of(verb.body)
    fields: dict[str, Any] = {}
    for parameter in parameters(verb):
        if parameter.name not in hints:
            raise NoWireForm(f"{name}: {parameter.name} has no type")
        default = (
            Field()
            if parameter.default is inspect.Parameter.empty
            else Field(default=_plain(parameter.default))
        )
        fields[parameter.name] = (wire_type(hints[parameter.name]), default)
    model = name.title().replace(".", "").replace("_", "")
    return create_model(model, __config__=ConfigDict(extra="forbid", protected_namespaces=()), **fields)


def _plain(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default


def parameters(verb: Verb[..., Any]) -> list[inspect.Parameter]:
    """The verb's parameters without the actor."""
    return [one for one in verb.signature.parameters.values() if one.name != "actor"]


def reachable() -> dict[str, type[BaseModel]]:
    """Every verb a program can call, with its schema."""
    found = {}
    for name in sorted(VERBS):
        try:
            found[name] = schema_of(name)
        except NoWireForm:
            continue
    return found


def unreachable() -> dict[str, str]:
    """Verbs without a wire form, and the type that has none."""
    found = {}
    for name in sorted(VERBS):
        try:
            schema_of(name)
        except NoWireForm as error:
            found[name] = str(error)
    return found


def arguments_of(name: str, sent: BaseModel, actor: Actor) -> tuple[list[Any], dict[str, Any]]:
    """The positional and keyword arguments of the call, records read from their ids as this actor may see them."""
    verb = VERBS[name]
    hints = get_type_hints(verb.body)
    positional: list[Any] = []
    keyword: dict[str, Any] = {}
    for parameter in parameters(verb):
        value = Unwiring(actor).value(hints[parameter.name], getattr(sent, parameter.name), parameter.name)
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            keyword[parameter.name] = value
        else:
            positional.append(value)
    return positional, keyword


@dataclasses.dataclass(frozen=True)
class Unwiring:
    """Turning what was sent into what the verb wants. A problem the actor may not know of is not found."""

    actor: Actor

    def value(self, annotation: Any, value: Any, name: str) -> Any:
        """One sent value; `name` is where it stands in the call, for the refusal."""
        if value is None or annotation in PLAIN or annotation is Any:
            return value
        if isinstance(value, AnyRecord):
            model = record_models().get(value.kind)
            return self._record((model,) if model else (), value.id, name)
        if isinstance(value, SentFile):
            return _upload(annotation, value, name)
        if inspect.isclass(annotation) and issubclass(annotation, Record):
            return self._record((annotation,), value, name)
        if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
            hints = get_type_hints(annotation)
            return annotation(
                **{
                    key: self.value(hints[key], getattr(value, key), f"{name}.{key}")
                    for key in wire_fields(annotation)
                }
            )
        return self._generic(annotation, value, name)

    def _generic(self, annotation: Any, value: Any, name: str) -> Any:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in {Union, types.UnionType}:
            return self._union(arguments, value, name)
        if origin is tuple and Ellipsis not in arguments:
            return tuple(self.value(a, one, name) for a, one in zip(arguments, value, strict=True))
        if origin in SEQUENCES:
            return [self.value(arguments[0], one, name) for one in value]
        return {key: self.value(arguments[1], one, f"{name}.{key}") for key, one in value.items()}

    def _union(self, arguments: tuple[Any, ...], value: Any, name: str) -> Any:
        kinds = [a for a in arguments if a is not type(None)]
        records = tuple(a for a in kinds if inspect.isclass(a) and issubclass(a, Record))
        if records and isinstance(value, uuid.UUID):
            return self._record(records, value, name)
        many = [a for a in kinds if get_origin(a) in SEQUENCES]
        return self.value(many[0] if isinstance(value, list) and many else kinds[0], value, name)

    def _record(self, models: tuple[type[Record], ...], pk: uuid.UUID, name: str) -> Record:
        for model in models:
            rows = model._base_manager.filter(pk=pk)
            found: Record | None = (
                visible(self.actor, cast("QuerySet[Problem]", rows)) if model is Problem else rows
            ).first()
            if found is not None:
                return found
        raise NotVisible(_("没有找到“%(name)s”。") % {"name": name}, field=name)


def wire_fields(kind: type) -> list[str]:
    """The names of a dataclass argument's fields."""
    return [field.name for field in dataclasses.fields(kind)]


def _upload(annotation: Any, sent: SentFile, name: str) -> Upload | Incoming:
    try:
        content = base64.b64decode(sent.content_base64, validate=True)
    except binascii.Error as error:
        raise Refused(_("文件内容不是有效的 base64。"), field=name) from error
    upload = ContentFile(content, name=sent.name)
    return upload if accepts_open_files(annotation) else prepare(upload, name=sent.name)


def accepts_open_files(annotation: Any) -> bool:
    """Whether the verb takes a file as it comes, rather than one already checked and stored."""
    return annotation is Upload or Upload in get_args(annotation)
