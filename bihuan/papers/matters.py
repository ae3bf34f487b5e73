"""What rooms above have papers made of: not these or those problems, but a record of their own, a call or the like.

Such a room names the kind of paper here and how its record is told. It drafts by `drafting.draft_about` inside its own action;
what it tells is asked again whenever the paper is drafted again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import uuid

    from bihuan.documents.official_layout import Annex
    from bihuan.journal.action import Actor


@dataclass(frozen=True)
class Told:
    """What stands in the places of the template, and what is annexed. Personal data are masked by whoever tells."""

    values: Mapping[str, str]
    annexes: Sequence[Annex] = ()


class Matter(NamedTuple):
    """How records of one kind are told to a reader, and the page each has for the office: its words and its address."""

    tell: Callable[[uuid.UUID, Actor], Told]
    page: Callable[[uuid.UUID], tuple[str, str]]


_matters: dict[str, Matter] = {}


def register_matter_of_paper(kind: str, matter: Matter) -> None:
    """Called from a room's AppConfig.ready."""
    _matters[kind] = matter


def matter_of(kind: str) -> Matter:
    """How the record a paper of this kind is about is told."""
    return _matters[kind]
