"""Turning the plain mappings a room hands over into the dataclasses the tags draw."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Piece = TypeVar("Piece")


class WrongPiece(TypeError):
    """A tag was given something it cannot draw; the message names the piece and the keys it knows."""


def made(kind: type[Piece], value: object) -> Piece:
    """`value` as a `kind`: itself, or built from a mapping, its nested pieces too."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        msg = f"{kind.__name__} expected, got {type(value).__name__}"
        raise WrongPiece(msg)
    known = _nested(kind)  # type: ignore[arg-type]  # a class is hashable
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        msg = f"{kind.__name__} does not know {', '.join(unknown)}; it knows {', '.join(sorted(known))}"
        raise WrongPiece(msg)
    given = {name: _fitted(known[name], part) for name, part in value.items()}
    try:
        return kind(**given)
    except TypeError as error:
        msg = f"{kind.__name__}: {error}"
        raise WrongPiece(msg) from error


def all_made(kind: type[Piece], values: Iterable[object]) -> list[Piece]:
    return [made(kind, value) for value in values]


@cache
def _nested(kind: type) -> dict[str, tuple[type | None, bool]]:
    """For each field: the one dataclass a mapping there must become, and whether the field holds several."""
    hints = get_type_hints(kind)
    return {one.name: _piece_in(hints[one.name]) for one in fields(kind)}


def _piece_in(hint: Any) -> tuple[type | None, bool]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        pieces = [arg for arg in get_args(hint) if is_dataclass(arg)]
        # A union of several pieces (a table cell) cannot be told from a mapping, so there only pieces may stand.
        return (pieces[0] if len(pieces) == 1 else None), False  # type: ignore[return-value]
    if origin in (Sequence, tuple):
        inner = [arg for arg in get_args(hint) if arg is not Ellipsis]
        if len(inner) == 1 and is_dataclass(inner[0]):
            return inner[0], True  # type: ignore[return-value]
        return None, False
    return (hint, False) if is_dataclass(hint) else (None, False)  # type: ignore[return-value]


def _fitted(expected: tuple[type | None, bool], part: object) -> object:
    piece, several = expected
    if piece is None or part is None:
        return part
    if several:
        return [made(piece, one) for one in part]  # type: ignore[attr-defined]
    return made(piece, part)
