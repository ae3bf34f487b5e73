"""The verb of this room: receiving a file."""

from __future__ import annotations

import uuid

from bihuan.files.models import FileReference
from bihuan.files.policy import may_attach
from bihuan.files.taking_in import MAXIMUM_BYTES, Incoming, Upload, take_in
from bihuan.files.verbs import Verb
from bihuan.journal.action import Actor, action


@action(Verb.RECEIVE, may=may_attach)
def receive(
    *,
    upload: Upload | Incoming,
    subject_kind: str,
    subject: uuid.UUID,
    name: str = "",
    limit: int = MAXIMUM_BYTES,
    actor: Actor,
) -> FileReference:
    """Take in one file for a subject the actor may see. Large files: `prepare` first, then pass what it gave."""
    return take_in(upload, subject_kind=subject_kind, subject=subject, name=name, limit=limit)
