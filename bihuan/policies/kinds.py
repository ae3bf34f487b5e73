"""What a kind of policy is: its code, its words, its shape, and what a new jurisdiction starts with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from bihuan.policies import shapes


@dataclass(frozen=True)
class Start:
    """One record of the starting set: a body, for a scope (scope column -> code)."""

    body: dict[str, Any]
    scope: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of policy."""

    code: str
    label: str | _StrPromise
    help: str | _StrPromise
    shape: type[shapes.Shape]
    starts: tuple[Start, ...] = field(default_factory=tuple)
