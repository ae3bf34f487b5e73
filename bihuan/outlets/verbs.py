"""The verbs of this room, and the kinds of its streams a log auditor may list."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """What can be done to outlets, and to one's own choice."""

    SET_UP = "outlets.set_up"
    REVISE = "outlets.revise"
    SWITCH = "outlets.switch"
    RETRY = "outlets.retry"
    CHOOSE = "outlets.choose"


LABELS: Final = {
    Verb.SET_UP: _("添加渠道"),
    Verb.REVISE: _("修改渠道"),
    Verb.SWITCH: _("启用或停用渠道"),
    Verb.RETRY: _("重新发送"),
    Verb.CHOOSE: _("选择接收哪些消息"),
}
KINDS: Final = {"outlet": _("渠道"), "message_choice": _("消息接收选择")}
