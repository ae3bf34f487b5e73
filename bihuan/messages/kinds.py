"""The words of a message, made when it is read and in the reader's language; the outbox holds numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.errors import ActionError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from bihuan.messages.models import Message


class Matter(TextChoices):
    """What kinds of message are about: by this an office rules and a person chooses what is told outside, and how."""

    APPROVAL = "approval", gettext_lazy("审批")
    COMING = "coming", gettext_lazy("时限快要到期")
    OVERDUE = "overdue", gettext_lazy("时限已经逾期")
    SUPERVISION = "supervision", gettext_lazy("督办和行为认定")
    SELF_INSPECTION = "self_inspection", gettext_lazy("自查")
    OTHER = "other", gettext_lazy("其他")


_kinds: dict[str, str | _StrPromise] = {}
_matters: dict[str, Matter] = {}


def register_kind(code: str, words: str | _StrPromise, matter: Matter = Matter.OTHER) -> None:
    """Give a kind its words: a lazy translation that may use ``%(count)s`` and ``%(number)s``, and nothing else."""
    try:
        str(words) % {"count": 1, "number": "ZG-2026-0001"}
    except (KeyError, ValueError, TypeError) as error:
        raise ActionError(f"{code}: the words of a message know only %(count)s and %(number)s") from error
    _kinds[code] = words
    _matters[code] = matter


def matter_of(code: str) -> Matter:
    """What a kind of message is about."""
    return _matters.get(code, Matter.OTHER)


def is_known(code: str) -> bool:
    """Whether the kind has words."""
    return code in _kinds


def words_of(message: Message) -> str:
    """What the message says."""
    words = _kinds.get(message.kind)
    if words is None:
        return _("您有 %(count)s 条新消息。") % {"count": message.count}
    return str(words) % {"count": message.count, "number": message.number}
