"""A shape taken apart into its single columns, for forms and for reading: each has a path, words and a sort. Pure."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

JOINT = "__"


class Sort(StrEnum):
    """What may stand in a column."""

    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    DAY = "day"
    DAYS = "days"
    STEPS = "steps"
    MATRIX = "matrix"


@dataclass(frozen=True)
class Leaf:
    """One column: where it stands in the body, its words, what it takes."""

    path: tuple[str, ...]
    titles: tuple[Any, ...]
    sort: Sort
    help: Any = ""
    choices: Mapping[str, Any] | None = None
    optional: bool = False

    @property
    def name(self) -> str:
        """Its name in a form."""
        return JOINT.join(self.path)

    @property
    def label(self) -> str:
        """Its words, with those of what it stands in."""
        return " · ".join(str(title) for title in self.titles)

    def value_in(self, body: Mapping[str, Any]) -> Any:
        """What a body holds there, None where it is left out."""
        found: Any = body
        for part in self.path:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


def leaves_of(
    shape: type[BaseModel], path: tuple[str, ...] = (), titles: tuple[Any, ...] = ()
) -> Iterator[Leaf]:
    """Every single column of a shape, in order."""
    for name, column in shape.model_fields.items():
        annotation, optional = _plain(column.annotation)
        here, words = (*path, name), (*titles, column.title or name)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            # A lone column that only holds others adds no words of its own.
            yield from leaves_of(annotation, here, words if len(shape.model_fields) > 1 else titles)
            continue
        extra = column.json_schema_extra
        choices = extra.get("choices") if isinstance(extra, dict) else None
        yield Leaf(
            path=here,
            titles=words,
            sort=_sort(name, annotation),
            help=column.description or "",
            choices=choices if isinstance(choices, Mapping) else None,
            optional=optional,
        )


def _plain(annotation: Any) -> tuple[Any, bool]:
    """The annotation without `Annotated` and without `None`, and whether it allowed None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [one for one in get_args(annotation) if one is not type(None)]
        return _plain(rest[0])[0], len(rest) < len(get_args(annotation))
    return annotation, False


def _sort(name: str, annotation: Any) -> Sort:
    origin = get_origin(annotation)
    if origin is dict:
        return Sort.MATRIX
    if origin is list:
        inner, _optional = _plain(get_args(annotation)[0])
        return Sort.STEPS if isinstance(inner, type) and issubclass(inner, BaseModel) else Sort.DAYS
    if origin is Literal:
        return Sort.CHOICE
    plain = {bool: Sort.YES_NO, int: Sort.NUMBER, str: Sort.TEXT}
    return Sort.DAY if name.endswith("_date") else plain[annotation]
