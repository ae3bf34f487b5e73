"""Who counts as an administrator is decided three floors up; the answer comes in here as a function.

The organizations room registers it when it is ready. Until then nobody is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.journal.errors import NotAllowed
from bihuan.journal.open_action import Actor
from bihuan.journal.records import Record

_is_administrator: list[Callable[[Actor], bool]] = []


def register_administrator_check(check: Callable[[Actor], bool]) -> None:
    """Tell the journal how to recognise an administrator acting in that post."""
    _is_administrator[:] = [check]


def administrators_only(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """One of the three administrators, in person."""
    if not any(check(actor) for check in _is_administrator):
        raise NotAllowed(_("只有管理员可以办理清除。"), accepted=_("请由系统管理员或安全管理员办理。"))
