"""What the demonstration says while it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Say(Protocol):
    """Says one thing in the language of whoever watches; `values` fill its named places."""

    def __call__(self, words: str | _StrPromise, **values: Any) -> None: ...
