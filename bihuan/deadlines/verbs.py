"""What this room writes into the journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class Verb(StrEnum):
    """The verbs of this room. The last four are reactions."""

    SWEEP = "deadlines.sweep"
    RAISE_LIGHT = "deadlines.raise_light"
    RECOUNT = "deadlines.recount"
    ASK_REAPPLICATION = "deadlines.ask_reapplication"
    STOP_REAPPLICATION = "deadlines.stop_reapplication"
    KEEP_CLOCKS = "deadlines.keep_clocks"
    REAPPLY_POLICY = "deadlines.reapply_policy"
    PLAN_RECOUNT = "deadlines.plan_recount"
    SETTLE_REAPPLICATION = "deadlines.settle_reapplication"


LABELS: Final = {
    Verb.SWEEP: _("亮灯更新"),
    Verb.RAISE_LIGHT: _("手工升级亮灯"),
    Verb.RECOUNT: _("按公布的节假日重新计算期限"),
    Verb.ASK_REAPPLICATION: _("提请规则适用于在办事项"),
    Verb.STOP_REAPPLICATION: _("停止规则适用于在办事项"),
    Verb.SETTLE_REAPPLICATION: _("规则适用于在办事项的审批结果"),
    Verb.KEEP_CLOCKS: _("计时"),
    Verb.REAPPLY_POLICY: _("按新规则计时"),
    Verb.PLAN_RECOUNT: _("安排重新计算期限"),
}
