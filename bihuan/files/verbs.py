"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room."""

    RECEIVE = "files.receive"
    DESTROY_EXPUNGED = "files.destroy_expunged"


LABELS = {
    Verb.RECEIVE: _("收下文件"),
    Verb.DESTROY_EXPUNGED: _("清除文件内容"),
}
