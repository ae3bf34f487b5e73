"""Who may see a file and who may add one: whoever sees its subject, as the room that owns the subject says.

A subject kind nobody registered gives sight to nobody: a forgotten registration hides files, it never opens them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotVisible

if TYPE_CHECKING:
    from bihuan.files.models import FileReference
    from bihuan.journal.records import Record

Sight = Callable[[Actor, uuid.UUID], bool]
_sights: dict[str, Sight] = {}
_camera_sights: dict[str, Sight] = {}


def register_sight(subject_kind: str, sees: Sight) -> None:
    """Let the room that owns a kind of subject say who sees one of them. Call it in the room's `ready`."""
    _sights[subject_kind] = sees


def may_see_subject(actor: Actor, subject_kind: str, subject: uuid.UUID) -> bool:
    """Whether the actor sees the subject, and so its files."""
    sees = _sights.get(subject_kind)
    return sees is not None and sees(actor, subject)


def register_camera_sight(subject_kind: str, sees: Sight) -> None:
    """Let an upper room say who may have the photographs of a subject with what the camera wrote into them.

    Where nobody says so, they are handed out without time, place and device.
    """
    _camera_sights[subject_kind] = sees


def may_read_camera(actor: Actor | None, reference: FileReference) -> bool:
    """Whether the actor may know when, where and with what a photograph was taken."""
    sees = _camera_sights.get(reference.subject_kind)
    return actor is not None and sees is not None and sees(actor, reference.subject)


def may_see(actor: Actor | None, reference: FileReference) -> bool:
    """Whether the actor may open the file."""
    return actor is not None and may_see_subject(actor, reference.subject_kind, reference.subject)


def may_attach(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Whoever sees the subject may add a file to it; for others it does not exist."""
    if not actor.system and not may_see_subject(actor, arguments["subject_kind"], arguments["subject"]):
        raise NotVisible(_("没有找到这条记录。"))
