"""What this room tells those below it: who sees the files of a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.files.policy import register_sight
from bihuan.papers.models import Paper
from bihuan.papers.queries import papers_seen

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Actor


def register() -> None:
    """Called once, when the program starts."""
    register_sight(Paper.Stream.kind, _sees_paper)


def _sees_paper(actor: Actor, subject: uuid.UUID) -> bool:
    return papers_seen(actor).filter(pk=subject).exists()
